"""Small clips and posters of takes, for a page that is sent: every frame of the clip, in a hundredth of its bytes.

They are kept as blobs by what they are made of, so that a second export finds them all.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import av
from PIL import Image

from render.concurrency.together import together
from render.errors import MediaError
from render.media.colour_conversion import as_bt709, brought, scaled
from render.media.ffmpeg import run
from render.media.frame_rate import timescale
from render.media.graph import Output, Stream, sink, source
from render.media.signature import StreamSignature, signature
from render.media.tail_frame import frames_shown
from render.store.blob_store import Store
from storyboard.takes import ClipFacts

SHORTER_SIDE = 360
"""Pixels of a small clip: enough to judge a face, and little enough for an episode in one file."""

_CLIP, _POSTER = "review-clip:1", "review-poster:1"
_QUALITY = 80  # of a poster, as JPEG
_TICKS = 90_000  # a second, of a clip without a constant rate


class Memory(Protocol):
    """Which blob a recipe gave; the ledger's, as a rule."""

    def derived(self, key: str) -> str | None:
        """The blob of this recipe, None if it was never made."""
        ...

    def remember_derived(self, key: str, sha256: str) -> None:
        """Keep the blob that this recipe gave."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewMedia:
    """The blobs that a page shows of one clip, by sha256, and their size in pixels."""

    clip: str
    poster: str
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class ReviewMediaMaker:
    """Makes them, or finds them. `scratch` is a folder on the disk of the store."""

    store: Store
    memory: Memory
    scratch: Path

    async def of(self, clips: Sequence[ClipFacts]) -> dict[str, ReviewMedia]:
        """Of each clip, by its sha256. Raises MediaError, StoreError."""
        self.scratch.mkdir(parents=True, exist_ok=True)
        different = {clip.sha256: clip for clip in clips}
        made = await together(self._of_one(clip) for clip in different.values())
        return dict(zip(different, made, strict=True))

    async def _of_one(self, clip: ClipFacts) -> ReviewMedia:
        width, height = small_size(clip.width, clip.height)
        kept = [f"{name}:{clip.sha256}:{width}x{height}" for name in (_CLIP, _POSTER)]
        found = [await asyncio.to_thread(self._kept, key) for key in kept]
        if None in found:
            found = [*await self._made(clip)]
            for key, sha256 in zip(kept, found, strict=True):
                await asyncio.to_thread(self.memory.remember_derived, key, str(sha256))
        return ReviewMedia(str(found[0]), str(found[1]), width, height)

    def _kept(self, key: str) -> str | None:
        sha256 = self.memory.derived(key)
        return sha256 if sha256 is not None and self.store.has(sha256) else None

    async def _made(self, clip: ClipFacts) -> tuple[str, str]:
        original = await asyncio.to_thread(self.store.local_path, clip.sha256, ".mp4")
        encoded = await asyncio.to_thread(signature, original)
        with tempfile.TemporaryDirectory(prefix="review-", dir=self.scratch) as name:
            small, poster = Path(name) / "clip.mp4", Path(name) / "poster.jpg"
            await run(_graph(original, clip, encoded, small), what=f"shrink {original.name} for review")
            await asyncio.to_thread(_check_and_draw, small, clip.frames, poster)
            return await asyncio.to_thread(self.store.put_made, small), await asyncio.to_thread(
                self.store.put_made, poster
            )


def small_size(width: int, height: int) -> tuple[int, int]:
    """The size of a small clip: its shorter side is SHORTER_SIDE, or as it was; even, as video wants it."""
    share = min(1.0, SHORTER_SIDE / min(width, height))
    return max(2, 2 * round(width * share / 2)), max(2, 2 * round(height * share / 2))


def _graph(original: Path, clip: ClipFacts, encoded: StreamSignature, target: Path) -> Output:
    """Frame for frame: none is left out, none is doubled, so that a note on frame 31 is on frame 31."""
    timed = _timed(brought(original, encoded, original.name), clip)
    small = as_bt709(scaled(timed, encoded, *small_size(clip.width, clip.height)))
    streams = [small] if clip.audio_s is None else [small, source(original).audio]
    group = max(1, round(clip.fps / 2))  # half a second: what a browser decodes at most to show one frame
    ticks = timescale(clip.fps) if clip.frame_times_us is None else _TICKS
    timing = {"g": group, "video_track_timescale": ticks, "enc_time_base": f"1/{ticks}"}
    return sink(streams, target, **timing, **_OPTIONS)


def _timed(video: Stream, clip: ClipFacts) -> Stream:
    """From 0, at the clip's own rate; at its own times where it has no constant one."""
    if clip.frame_times_us is not None:
        return video.filter("setpts", "PTS-STARTPTS")
    unit = 1 / clip.fps
    return video.filter("settb", f"{unit.numerator}/{unit.denominator}").filter("setpts", "N")


def _check_and_draw(small: Path, frames: int, poster: Path) -> None:
    """Hold the small clip to its frames, and write the one in the middle as a JPEG. Raises MediaError."""
    with av.open(str(small)) as container:
        found = sum(1 for packet in container.demux(video=0) if packet.size)
    if found != frames:
        raise MediaError(f"a small clip for review has {found} frames instead of {frames}", "Please report this")
    picture: Image.Image = frames_shown(small, [frames // 2], small.parent)[frames // 2]
    picture.save(poster, format="JPEG", quality=_QUALITY, optimize=True)


_OPTIONS: dict[str, object] = {
    "format": "mp4",
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": 28,
    "bf": 0,  # the first frame stands at 0, also for browsers that read no edit lists
    "fps_mode": "passthrough",
    "c:a": "aac",
    "b:a": "64k",
    "ac": 2,
    "map_metadata": -1,
    "fflags": "+bitexact",
    "flags:v": "+bitexact",
    "movflags": "+faststart",
}
