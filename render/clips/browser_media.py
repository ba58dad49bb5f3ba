"""What browsers are shown of clips: small posters, copies that every browser plays, and how loud a sound is.

Each is made of a file alone, and is named by a recipe: the same name always means the same thing.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from render.media.colour_conversion import brought
from render.media.ffmpeg import run
from render.media.graph import sink, source
from render.media.pictures import fitted
from render.media.signature import signature
from render.media.tail_frame import extract_frame, frames_shown

if TYPE_CHECKING:
    from render.mix.source_samples import Samples

POSTER_BOX = (480, 480)
"""Pixels: as large as a card shows it on a fine screen."""

PEAKS_PER_SECOND = 20

_PROXY_SIDE = 1280  # pixels of its longer side
_PROXY = {
    "format": "mp4",
    "c:v": "libx264",
    "preset": "veryfast",
    "crf": 23,
    "pix_fmt": "yuv420p",
    "c:a": "aac",
    "b:a": "160k",
    "ac": 2,
    "map_metadata": -1,
    "movflags": "+faststart",
    "fps_mode": "passthrough",
}


def poster_recipe(sha256: str, frame: int) -> str:
    """The name of one frame of a clip as a small JPEG."""
    return f"poster:1:{sha256}:{frame}"


def proxy_recipe(sha256: str) -> str:
    """The name of a clip's copy for browsers."""
    return f"proxy:1:{sha256}"


def peaks_recipe(sha256: str) -> str:
    """The name of a file's loudness from moment to moment."""
    return f"peaks:1:{sha256}"


def write_still(clip: Path, frame: int, target: Path) -> None:
    """One frame of a clip as a PNG, as the cut keeps it. Raises MediaError where there is none. Blocking."""
    extract_frame(clip, frame, target)


def write_poster(clip: Path, frame: int, target: Path) -> None:
    """One frame of a clip as a small JPEG. Raises MediaError where there is none. Blocking."""
    picture = frames_shown(clip, [frame], target.parent)[frame]
    fitted(picture, POSTER_BOX).convert("RGB").save(target, format="JPEG", quality=80, optimize=True)


async def write_proxy(clip: Path, target: Path, *, sound: bool) -> None:
    """The clip as H.264 and AAC, frame for frame, no larger than a screen needs. Raises MediaError."""
    encoded = await asyncio.to_thread(signature, clip)
    side = f"trunc(min(1,{_PROXY_SIDE}/max(iw,ih))*"
    picture = brought(clip, encoded).filter("scale", f"{side}iw*sar/2)*2", f"{side}ih/2)*2").filter("setsar", 1)
    heard = [source(clip).audio] if sound else []
    await run(sink([picture, *heard], target, **_PROXY), what=f"make a copy of {clip.name} for browsers")


def write_peaks(file: Path, target: Path) -> None:
    """The largest sample of each twentieth of a second, as JSON: `{"per_second": 20, "peaks": [0 to 100, …]}`.

    Nothing is in it where the file has no sound. Raises MediaError where it cannot be decoded. Blocking.
    """
    from render.mix.source_samples import clip_samples

    target.write_text(json.dumps({"per_second": PEAKS_PER_SECOND, "peaks": list(_peaks(clip_samples(file)))}))


def _peaks(blocks: Iterator[Samples]) -> Iterator[int]:
    import numpy as np

    from render.media.sound_samples import SOUND_RATE

    step = SOUND_RATE // PEAKS_PER_SECOND
    left = np.zeros((0, 2), np.float32)
    for block in blocks:
        left = np.concatenate([left, block])
        whole = len(left) // step * step
        if whole:
            loudest = np.abs(left[:whole]).reshape(-1, step * left.shape[1]).max(axis=1)
            yield from (min(100, round(float(each) * 100)) for each in loudest)
            left = left[whole:]
    if len(left):
        yield min(100, round(float(np.abs(left).max()) * 100))
