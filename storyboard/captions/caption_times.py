"""When a frame begins, in the units that subtitle files count in. Pure.

A time is never later than the frame that it stands for, and later than the frame before: whatever a player rounds, it
shows a caption from its first frame on, and no longer on the frame after its last. Browsers count the end of a caption
as a part of it, so that is always before that frame.
"""

from __future__ import annotations

from fractions import Fraction
from math import ceil, floor

_HALF = Fraction(1, 2)


def begins_ms(frame: int, fps: Fraction) -> int:
    """The millisecond on which a caption begins with this frame: the last that is not after the frame's beginning."""
    return floor(frame * 1000 / fps)


def ends_ms(frame: int, fps: Fraction) -> int:
    """The millisecond on which a caption ends before this frame: the last that is before the frame's beginning."""
    return ceil(frame * 1000 / fps) - 1


def centiseconds_at(frame: int, fps: Fraction) -> int:
    """The hundredth of a second that stands for a frame: the one nearest to half a frame before it.

    ASS has no finer times, and libass cuts a frame's own time down to a millisecond; in the middle between two frames
    neither matters, up to 100 frames per second.
    """
    return max(0, floor((frame - _HALF) * 100 / fps + _HALF))
