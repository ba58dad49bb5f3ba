"""Encodes the picture of a delivery: in one pass, in two, or by way of a palette."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

from render.deliveries.delivery_inputs import DeliveryInputs
from render.deliveries.encoder_settings import Passing, passes
from render.deliveries.picture_graph import Shown, gif_graph, palette_graph, picture_graph, webp_graph
from render.media.ffmpeg import Progress, run
from render.media.graph import Output
from storyboard.delivery_formats import VideoCodec
from storyboard.timeline.delivery_plan import DeliveryPlan

_LOG = "passes"


@dataclass(frozen=True, slots=True)
class _Runs:
    """The runs of ffmpeg that one picture takes, one after the other, in a folder of their own."""

    plan: DeliveryPlan
    scratch: Path
    progress: Progress
    count: int

    async def run(self, number: int, graph: Output, feed: bytes | None = None) -> None:
        """Run number `number` of them, from 1."""
        await run(
            graph,
            what=f"encode the picture of the delivery {self.plan.name}",
            total_s=float(self.plan.duration_s),
            progress=lambda share: self.progress((number - 1 + share) / self.count),
            feed=None if feed is None else [feed],
            cwd=self.scratch,
            timeout_s=_PATIENCE_S,
        )


async def encode_picture(
    plan: DeliveryPlan, inputs: DeliveryInputs, target: Path, scratch: Path, *, progress: Progress
) -> None:
    """Write the picture alone to `target`. `scratch` is an empty folder of its own. Raises MediaError."""
    assert plan.picture is not None
    shown = Shown(
        master=await inputs.picture.make(),
        seams=None if inputs.seams is None else await inputs.seams.make(),
        words=await _laid_ready(inputs, scratch),
    )
    if plan.picture.codec is VideoCodec.GIF:
        runs, palette = _Runs(plan, scratch, progress, 2), scratch / "palette.bgra"
        await runs.run(1, palette_graph(plan, shown, palette))
        colours = await asyncio.to_thread(palette.read_bytes)
        await runs.run(2, gif_graph(plan, shown, target), colours)
    elif plan.picture.codec is VideoCodec.WEBP:
        await _Runs(plan, scratch, progress, 1).run(1, webp_graph(plan, shown, target))
    else:
        runs = _Runs(plan, scratch, progress, passes(plan))
        for number in range(1, runs.count + 1):
            to = target if number == runs.count else scratch / f"first.{plan.delivery.kind}"
            graph = picture_graph(plan, shown, to, passing=Passing(number, _LOG))
            await runs.run(number, graph)


async def _laid_ready(inputs: DeliveryInputs, scratch: Path) -> str:
    """Lay the words that are drawn, and their fonts, into the folder where ffmpeg runs, under plain names."""
    if inputs.burnt is None:
        return ""
    file = await inputs.burnt.make()
    name = f"words{file.suffix.lower()}"
    (scratch / name).symlink_to(file.absolute())
    fonts = scratch / "fonts"
    if inputs.fonts is None:
        fonts.mkdir()
    else:
        fonts.symlink_to(inputs.fonts.absolute(), target_is_directory=True)
    return name


_PATIENCE_S = 24 * 3600.0
"""An hour of 4K in AV1 takes a small machine most of a day."""
