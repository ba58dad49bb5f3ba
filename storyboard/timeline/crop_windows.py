"""Which part of the master's picture a delivery of another shape shows, frame by frame. Pure.

Windows are in the master's pixels and on even ones, as its colours are stored for two by two of them. One size holds
for a whole delivery; where the window stands changes with the shot, and exactly at the cut.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from storyboard.deliveries import Anchor
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Span

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class CropWindow:
    """Where the window stands from frame `begin` of the master to before frame `end`: its left upper corner."""

    begin: int
    end: int
    x: int
    y: int


def window_size(master: MasterFormat, target: Size) -> Size:
    """The largest part of the master's picture that has the shape of `target`."""
    width = min(Fraction(master.width), Fraction(master.height * target[0], target[1]))
    height = min(Fraction(master.height), Fraction(master.width * target[1], target[0]))
    return _even(width, master.width), _even(height, master.height)


def corner(anchor: Anchor, size: Size, master: MasterFormat) -> tuple[int, int]:
    """The left upper corner of a window of this size around an anchor, moved into the picture where it stands out."""
    return _start(anchor.x, size[0], master.width), _start(anchor.y, size[1], master.height)


def crop_windows(
    shots: Iterable[tuple[Span, Anchor]], size: Size, master: MasterFormat, begin: int, end: int
) -> tuple[CropWindow, ...]:
    """Where the window stands on each frame from `begin` to before `end`; neighbours that stand alike are one."""
    found: list[CropWindow] = []
    for span, anchor in shots:
        first, last = max(span.start, begin), min(span.end, end)
        if first >= last:
            continue
        x, y = corner(anchor, size, master)
        if found and (found[-1].end, found[-1].x, found[-1].y) == (first, x, y):
            found[-1] = CropWindow(found[-1].begin, last, x, y)
        else:
            found.append(CropWindow(first, last, x, y))
    return tuple(found)


def fitted(master: MasterFormat, target: Size) -> Size:
    """The size at which the whole of the master's picture fits into `target`."""
    scale = min(Fraction(target[0], master.width), Fraction(target[1], master.height))
    return _even(master.width * scale, target[0]), _even(master.height * scale, target[1])


def _start(share: Fraction, window: int, whole: int) -> int:
    wanted = 2 * round((share * whole - Fraction(window, 2)) / 2)
    return max(0, min(wanted, whole - window))


def _even(pixels: Fraction, most: int) -> int:
    return max(2, min(2 * round(pixels / 2), most - most % 2))
