"""Makes one delivery: its picture, then the file with its sound and its words, then a look at what came out.

The picture is encoded by itself and laid into the file as it is. So it can be taken from a delivery that was made
before, and the file is the same to the byte either way.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory

from render.deliveries.delivery_checks import LOUDNESS_WITHIN_LU, checked, checked_loudness
from render.deliveries.delivery_facts import DeliveryFacts
from render.deliveries.delivery_inputs import DeliveryInputs
from render.deliveries.encoder_settings import BOXED
from render.deliveries.file_graph import Labelled, Parts, file_graph, language_code
from render.deliveries.heard_loudness import Heard, loudness_of
from render.deliveries.picture_passes import encode_picture
from render.markers.ffmetadata import write_metadata
from render.media.ffmpeg import Progress, run
from render.media.measures import seconds, sha256_of
from storyboard.delivery_formats import FileKind, VideoCodec
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan

_PICTURE_DONE, _FILE_DONE = 0.9, 0.95
_BELOW_PEAK_DB = 0.1  # how far under its ceiling a sound is brought that a codec made peak above it


@dataclass(frozen=True, slots=True)
class MadeDelivery:
    """A delivery that was made and is right, and where it lies for now."""

    file: Path
    facts: DeliveryFacts


async def make_delivery(
    plan: DeliveryPlan,
    inputs: DeliveryInputs,
    folder: Path,
    *,
    picture: Path | None = None,
    progress: Progress = lambda _: None,
) -> MadeDelivery:
    """Make it in `folder`, under its own name. `picture` is a file that has its encoded picture already, if there is.

    Raises UnfitDelivery where it is not what was asked for, MediaError where it cannot be made; then nothing of it is
    left.
    """
    target = folder / plan.file_name
    with TemporaryDirectory(prefix=f".{plan.name}.", dir=folder) as scratch:
        try:
            if is_picture_file(plan):
                await encode_picture(plan, inputs, target, Path(scratch), progress=_share(progress, 0, _FILE_DONE))
                heard = None
            else:
                made = _Film(plan, inputs, target, Path(scratch), progress)
                heard = await made.write(picture)
            words = await asyncio.to_thread(checked, plan, target, inputs.labels)
            if heard is not None and inputs.target is not None:
                words += checked_loudness(plan, heard, inputs.target)
            facts = await asyncio.to_thread(_facts, plan, target, words, heard)
        except BaseException:
            target.unlink(missing_ok=True)
            raise
    progress(1.0)
    return MadeDelivery(target, facts)


def is_picture_file(plan: DeliveryPlan) -> bool:
    """Whether it is a GIF or a WebP: a file of pictures, with nothing beside them."""
    return plan.picture is not None and plan.picture.codec in {VideoCodec.GIF, VideoCodec.WEBP}


@dataclass(frozen=True, slots=True)
class _Film:
    """A delivery that plays, while it is made."""

    plan: DeliveryPlan
    inputs: DeliveryInputs
    target: Path
    scratch: Path
    progress: Progress

    async def write(self, picture: Path | None) -> Heard | None:
        """Write the file, and measure how loud it is where that was asked. `picture`: one that was encoded before."""
        plan, inputs = self.plan, self.inputs
        sound = None if plan.delivery.sound is None or inputs.mix is None else await inputs.mix.make()
        soft = [(language, await inputs.soft[language].make()) for language in plan.delivery.soft]
        encoded = picture or await self._picture()
        parts = Parts(picture=encoded, sound=sound, soft=tuple(soft), labels=self._labels())
        await self._laid_together(parts)
        if sound is None or inputs.target is None:
            return None
        heard = await self._heard()
        if gain_db := correction(heard, inputs.target):
            await self._laid_together(replace(parts, gain_db=gain_db))
            heard = await self._heard()
        return heard

    async def _picture(self) -> Path | None:
        picture = self.plan.picture
        if picture is None or picture.codec is VideoCodec.COPY:
            return None if picture is None else await self.inputs.picture.make()
        encoded = self.scratch / f"picture.{self.plan.delivery.kind}"
        progress = _share(self.progress, 0, _PICTURE_DONE)
        await encode_picture(self.plan, self.inputs, encoded, self.scratch, progress=progress)
        return encoded

    def _labels(self) -> Labelled | None:
        told, kind = self.inputs.labels, self.plan.delivery.kind
        if told is None:
            return None
        target = self.scratch / "labels.ffmetadata"
        fps, ogg = self.plan.master.fps, kind is FileKind.OPUS
        write_metadata(told.metadata, told.chapters, fps, target, kind=kind in BOXED, ogg=ogg)
        spoken = told.metadata.language
        return Labelled(file=target, language=None if spoken is None else language_code(kind, spoken))

    async def _laid_together(self, parts: Parts) -> None:
        graph, lasts = file_graph(self.plan, parts, self.target), float(self.plan.duration_s)
        progress = _share(self.progress, _PICTURE_DONE, _FILE_DONE)
        await run(graph, what=f"write the delivery {self.plan.name}", total_s=lasts, progress=progress)

    async def _heard(self) -> Heard:
        progress = _share(self.progress, _FILE_DONE, 1.0)
        return await loudness_of(self.target, self.scratch, seconds=float(self.plan.duration_s), progress=progress)


def correction(heard: Heard, target: LoudnessTarget) -> Decimal:
    """By how many decibels a sound has to be softer, as its codec made it peak above the ceiling; 0 where it did not.

    Only as far as it stays as loud as it is to be: a mix that is far off is not mended here.
    """
    over = heard.peak_dbtp - float(target.true_peak_db)
    if over <= 0 or heard.is_silent:
        return Decimal(0)
    softer = round(Decimal(over + _BELOW_PEAK_DB), 2)
    after = heard.lufs - float(softer) - float(target.lufs)
    return -softer if target.dialogue or abs(after) <= LOUDNESS_WITHIN_LU else Decimal(0)


def _facts(plan: DeliveryPlan, file: Path, words: Sequence[str], heard: Heard | None) -> DeliveryFacts:
    picture, sound = plan.picture, plan.delivery.sound
    return DeliveryFacts(
        name=plan.name,
        file_name=plan.file_name,
        sha256=sha256_of(file),
        bytes=file.stat().st_size,
        duration_s=seconds(plan.duration_s if picture is None else plan.frames / picture.fps),
        video=None if picture is None else picture.codec.value,
        audio=None if sound is None else sound.codec.value,
        width=None if picture is None else picture.width,
        height=None if picture is None else picture.height,
        fps=None if picture is None else picture.fps,
        frames=None if picture is None else plan.frames,
        lufs=None if heard is None or heard.is_silent else round(heard.lufs, 2),
        peak_dbtp=None if heard is None or heard.is_silent else round(heard.peak_dbtp, 2),
        subtitles=plan.delivery.soft,
        checks=tuple(words),
    )


def _share(progress: Progress, begin: float, end: float) -> Progress:
    return lambda done: progress(begin + (end - begin) * done)
