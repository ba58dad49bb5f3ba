"""Captions and a small film for tests of how they come to a viewer."""

from __future__ import annotations

import asyncio
from fractions import Fraction
from pathlib import Path

import av
from PIL import Image

from render.cut import house_encoder
from render.media.ffmpeg import run
from render.media.graph import invented
from storyboard.captions.caption import Caption, CaptionTrack
from storyboard.shot import MasterFormat

LETTERS = 140
"""Brighter than this is what belongs to a letter, in a grey film."""

MASTER = MasterFormat(160, 90, Fraction(24))


def caption(start: int, end: int, *lines: str, language: str = "en", top: bool = False) -> Caption:
    """A caption on these frames."""
    return Caption(
        language=language, start=start, end=end, lines=lines, speakers=("Mara",), at=(None,), shot="a/0", top=top
    )


def track(language: str, *captions: tuple[int, int, str], fps: Fraction = MASTER.fps) -> CaptionTrack:
    """A track of captions: from frame to frame, what."""
    made = tuple(caption(start, end, *text.split("\n"), language=language) for start, end, text in captions)
    return CaptionTrack(language=language, fps=fps, captions=made)


def film(target: Path, *, seconds: int = 2, master: MasterFormat = MASTER, sound: bool = True) -> Path:
    """A grey film of the house, with a tone."""
    grey = invented(f"color=c=0x404040:s={master.width}x{master.height}:r={master.fps}:d={seconds}")
    tone = invented(f"sine=frequency=440:duration={seconds}") if sound else None
    asyncio.run(run(house_encoder.output(grey, tone, target, master), what="make a film"))
    return target


def frames(path: Path) -> list[Image.Image]:
    """Every frame of a film."""
    with av.open(str(path)) as container:
        return [frame.to_image() for frame in container.decode(video=0)]


def bright(frame: Image.Image) -> int:
    """How many pixels are as bright as letters are."""
    return sum(frame.convert("L").histogram()[LETTERS:])
