"""Draws the transitions of a cut for a delivery that crops: each shot by its own window, and then one over the other.

In the master they are blended already, and a window that moved within one would make both shots jump.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from render.captions.burn_in import burn_key, drawn_upon, lay_out
from render.concurrency.together import together
from render.cut.blend import Views, blend
from render.cut.cut_plan import Piece, Segment, segments_of
from render.cut.segment_files import ConformedPieces, transition_of
from render.episode.cut_captions import BurntCaptions
from render.media.ffmpeg import run
from render.media.graph import Stream, concat_list, sink
from storyboard.captions.caption import Caption, captions_within
from storyboard.edit import TransitionKind
from storyboard.shot import MasterFormat
from storyboard.timeline.crop_windows import CropSeam, Size
from storyboard.timeline.delivery_plan import DeliveryPlan
from storyboard.timeline.master_timeline import Timeline

RECIPE = "cropped-1"
"""A part of the key of a transition that was cropped before it was blended. Changes with anything below."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CroppedSeams:
    """Draws them for the deliveries of one cut; each is kept, and found again by what decides how it looks.

    `burnt` are the subtitles in the master's picture, which belong to each shot's own part of a transition as well.
    """

    pieces: Sequence[Piece]
    timeline: Timeline
    master: MasterFormat
    burnt: BurntCaptions | None
    kept: ConformedPieces
    scratch: Path

    async def film(self, plan: DeliveryPlan) -> Path:
        """All seams of a plan, one after another, in the size of its window, as one film. Raises MediaError."""
        assert plan.window is not None
        size, segments = plan.window, segments_of(self.pieces, self.timeline)
        drawn = [each for each in segments if each.kind is not TransitionKind.CUT]
        numbered = dict(zip((seam.number for seam in self.timeline.seams), drawn, strict=True))
        files = await together(self._drawn(each, numbered[each.number], size) for each in plan.seams)
        return await _one_after_another(files, self.scratch)

    async def _drawn(self, seam: CropSeam, segment: Segment, size: Size) -> Path:
        key, transition = await transition_of(segment, self.pieces, self.master)
        words = () if self.burnt is None else captions_within(self.burnt.captions, seam.begin, seam.end)
        name = self._name(key, seam, size, words)
        if found := await asyncio.to_thread(self.kept.find, name):
            return found
        into = f"the {segment.kind} into {self.pieces[seam.number].key}"
        seen = MasterFormat(*size, self.master.fps)
        going, coming = (_window(each, size, lettered=bool(words)) for each in (seam.going, seam.coming))
        views = Views(seen=seen, going=going, coming=coming)
        with TemporaryDirectory(prefix="seam-", dir=self.scratch) as folder:
            if self.burnt is not None and words:
                await asyncio.to_thread(lay_out, Path(folder), words, self.burnt.letters, self.master)
            target = Path(folder, "seam.mp4")
            await blend(transition, self.master, target, what=into, views=views, cwd=Path(folder))
            return await asyncio.to_thread(self.kept.keep, name, target)

    def _name(self, key: str, seam: CropSeam, size: Size, words: Sequence[Caption]) -> str:
        """Everything that decides how it looks. Where it stands in the master is no part of that."""
        said: list[object] = [RECIPE, key, seam.going, seam.coming, size]
        if self.burnt is not None and words:
            said.append(burn_key("", words, self.burnt.letters, self.master))
        return f"{RECIPE}:{hashlib.sha256(json.dumps(said).encode()).hexdigest()}"


def _window(corner: tuple[int, int], size: Size, *, lettered: bool) -> Callable[[Stream], Stream]:
    def seen(picture: Stream) -> Stream:
        whole = drawn_upon(picture) if lettered else picture
        return whole.filter("crop", w=size[0], h=size[1], x=corner[0], y=corner[1])

    return seen


async def _one_after_another(files: Sequence[Path], scratch: Path) -> Path:
    """They are of one encoder, so their packets are copied."""
    target = scratch / f"seams-{token_hex(4)}.mp4"
    with TemporaryDirectory(prefix="seams-", dir=scratch) as folder:
        listing = await asyncio.to_thread(_listed, files, Path(folder))
        graph = sink([concat_list(listing, ["mov"]).video], target, **{"c:v": "copy", "format": "mp4"})
        await run(graph, what="join the cropped transitions", cwd=Path(folder))
    return target


def _listed(files: Sequence[Path], folder: Path) -> Path:
    for number, file in enumerate(files):
        (folder / f"{number}.mp4").symlink_to(file.absolute())
    listing = folder / "seams.ffconcat"
    lines = ["ffconcat version 1.0", *(f"file file:{number}.mp4" for number in range(len(files)))]
    listing.write_text("\n".join([*lines, ""]), encoding="utf-8")
    return listing
