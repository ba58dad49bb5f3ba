"""When a frame begins, in the units that subtitle files count in. Pure.

A time is never later than the frame that it stands for, and later than the frame before: whatever a player rounds, it
shows a caption from its first frame on, and no longer on the frame after its last.
"""

from __future__ import annotations

from fractions import Fraction
from math import floor

_HALF = Fraction(1, 2)


def milliseconds_at(frame: int, fps: Fraction) -> int:
    """The millisecond that stands for a frame: the last whole one that is not after its beginning."""
    return floor(frame * 1000 / fps)


def centiseconds_at(frame: int, fps: Fraction) -> int:
    """The hundredth of a second that stands for a frame: the one nearest to half a frame before it.

    ASS has no finer times, and libass cuts a frame's own time down to a millisecond; in the middle between two frames
    neither matters, up to 100 frames per second.
    """
    return max(0, floor((frame - _HALF) * 100 / fps + _HALF))
