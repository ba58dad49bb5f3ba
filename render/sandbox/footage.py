"""Makes the clips that the sandbox delivers: real video at the size that was sold, and its last frame.

What was ordered to begin or end on a picture does so, filled to the clip's size: no page says how a vendor does it. The
sound is a little longer than the picture, as vendors deliver it. Drawing is kept by look and size; the job's id in
its bytes makes each clip its own.
"""

from __future__ import annotations

import asyncio
import hashlib
import struct
from collections import defaultdict
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image, ImageOps

from render.cut import house_encoder
from render.media import ffmpeg
from render.media.graph import invented, raw_frames
from render.media.pictures import decoded, laid_on
from render.media.tail_frame import extract_frame
from render.sandbox.vendor_order import Job
from storyboard.shot import MasterFormat

FPS = 24
SOUND_OVERHANG_S = 0.2
"""Seconds that the sound goes on after the picture."""

LOOKS = 6
"""Hues in which clips are drawn, so that not all jobs get the same picture."""


class Footage:
    """Draws clips when they are asked for, each look, length and size once, and keeps them in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.pictures = folder / "pictures"  # on which clips begin and end, by the sha256 of their bytes
        self._drawing: dict[Path, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def clip(self, job: Job) -> bytes:
        """The clip of one job."""
        drawn = await self._drawn(job)
        return await asyncio.to_thread(drawn.read_bytes) + _free_box(job.id.encode())

    async def last_frame(self, job: Job) -> bytes:
        """The last frame of that clip, as PNG."""
        drawn = await self._drawn(job)
        picture = drawn.with_suffix(".png")
        async with self._drawing[picture]:
            if not picture.exists():
                await asyncio.to_thread(extract_frame, drawn, None, picture)
        return await asyncio.to_thread(picture.read_bytes)

    async def _drawn(self, job: Job) -> Path:
        look = hashlib.sha256(job.id.encode()).digest()[0] % LOOKS
        sound = "-sound" if job.audio else ""
        frames = self._frames(job)
        between = "".join(f"-{frame.name[:16]}" for frame in frames)
        target = self._folder / f"{job.width}x{job.height}-{job.seconds}s{sound}-{look}{between}.mp4"
        async with self._drawing[target]:
            if not target.exists():
                await asyncio.to_thread(self._folder.mkdir, parents=True, exist_ok=True)
                await _draw(target, job, look, frames)
        return target

    def _frames(self, job: Job) -> list[Path]:
        """The pictures that its order names as the clip's first and last."""
        named = {each.get("frame"): self.pictures / each["sha256"] for each in job.references}
        return [named[each] for each in ("first", "last") if each in named]


async def _draw(target: Path, job: Job, look: int, frames: Sequence[Path]) -> None:
    size = f"{job.width}x{job.height}"
    picture = invented(f"testsrc2=size={size}:rate={FPS}:duration={job.seconds},hue=h={360 * look // LOOKS}")
    if frames:
        picture = raw_frames(job.width, job.height, Fraction(FPS))
    lasts = job.seconds + SOUND_OVERHANG_S
    tone = invented(f"sine=frequency={220 + 55 * look}:duration={lasts}:sample_rate=48000,volume=0.2")
    graph = house_encoder.output(
        picture, tone if job.audio else None, target, MasterFormat(job.width, job.height, Fraction(FPS))
    )
    feed = _between(frames, (job.width, job.height), job.seconds * FPS) if frames else None
    await ffmpeg.run(graph, what=f"draw the sandbox's clip of {size}", feed=feed)


def _between(frames: Sequence[Path], size: tuple[int, int], count: int) -> Iterator[bytes]:
    """So many raw pictures from the first of these to the last; of one alone, to its mirror image."""
    filled = [ImageOps.fit(laid_on(decoded(each), (255, 255, 255)), size) for each in frames]
    first, last = filled[0], filled[1] if len(filled) > 1 else ImageOps.mirror(filled[0])
    return (Image.blend(first, last, number / (count - 1)).tobytes() for number in range(count))


def _free_box(content: bytes) -> bytes:
    """A box of the MP4 format that every reader passes over."""
    return struct.pack(">I4s", 8 + len(content), b"free") + content
