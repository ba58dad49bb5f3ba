"""Sizes of pictures: what a resolution and a ratio make, and how a clip of another shape fills the master."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from storyboard.shot import MasterFormat

SHORT_SIDES = {"480p": 480, "720p": 720, "1080p": 1080, "4k": 2160}
"""The shorter side of each resolution, in pixels."""

MOST_CROPPED = Fraction(4, 100)
"""A share of the master's width. A picture whose ratio is off by no more is cropped; any other is padded, so that
nothing is lost."""

AUTO = "auto"
"""The ratio of a picture whose shape is the vendor's to choose."""


class Framing(StrEnum):
    """How a clip fills the master's frame."""

    WHOLE = "whole"
    CROP = "crop"
    PAD = "pad"


def frame_size(resolution: str, aspect_ratio: str) -> tuple[int, int]:
    """Width and height of a resolution at a ratio: the shorter side is the resolution's, the longer the nearest even.

    16:9 gives 854x480, 1280x720, 1920x1080 and 3840x2160.
    """
    width, height = (int(part) for part in aspect_ratio.split(":"))
    short = SHORT_SIDES[resolution]
    long = _even(short * Fraction(max(width, height), min(width, height)))
    return (long, short) if width >= height else (short, long)


def shaped_like(master: MasterFormat, resolution: str) -> tuple[int, int]:
    """Width and height in pixels of the master's shape at a resolution: expected of vendors that choose the shape."""
    return frame_size(resolution, f"{master.width}:{master.height}")


def framing(width: int, height: int, master: MasterFormat) -> Framing:
    """How a picture of this size, in pixels, fills the master. Two pixels of rounding on a side make no other ratio."""
    filled = Fraction(width * master.height, height)  # its width once it is as high as the master
    off = abs(filled - master.width)
    if off <= 2:
        return Framing.WHOLE
    return Framing.CROP if off / master.width <= MOST_CROPPED else Framing.PAD


def _even(pixels: Fraction) -> int:
    return 2 * round(pixels / 2)
