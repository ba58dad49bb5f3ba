"""Which part of the master's picture a delivery of another shape shows, frame by frame. Pure.

Windows are in the master's pixels and on even ones, as its colours are stored for two by two of them. One size holds
for a whole delivery; where the window stands changes with the shot, and exactly at the cut. Where two shots are seen at
once, as in a dissolve, each has its own window, and what is blended are the two windows' pictures.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from storyboard.deliveries import Anchor
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Span, Timeline

Size = tuple[int, int]
"""Width and height in pixels."""


@dataclass(frozen=True, slots=True)
class CropWindow:
    """Where the window stands from frame `begin` of the master to before frame `end`: its left upper corner."""

    begin: int
    end: int
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class CropSeam:
    """A transition between two shots with different windows, from frame `begin` of the master to before frame `end`."""

    number: int  # of the piece that it leads into
    begin: int
    end: int
    going: tuple[int, int]  # the left upper corner of the window on the shot that goes
    coming: tuple[int, int]

    @property
    def frames(self) -> int:
        """How long it is."""
        return self.end - self.begin

    @property
    def recipe(self) -> list[int]:
        """All of it, as a delivery's recipe has it."""
        return [self.number, self.begin, self.end, *self.going, *self.coming]


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


def crop_seams(
    timeline: Timeline, anchors: Sequence[Anchor], size: Size, master: MasterFormat, *, begin: int, end: int
) -> Iterator[CropSeam]:
    """The transitions that are seen from `begin` to before `end` in which a window would jump; anchors are by piece.

    A dip shows one shot after the other, so its window changes where nothing is seen.
    """
    for seam in timeline.seams:
        first, last = seam.cut - seam.before, seam.cut + seam.after
        between = 0 < seam.number < len(anchors)
        if seam.kind.dips or not between or last <= begin or first >= end:
            continue
        going, coming = (corner(anchors[number], size, master) for number in (seam.number - 1, seam.number))
        if going != coming:
            yield CropSeam(seam.number, first, last, going, coming)


def fitted(master: MasterFormat, target: Size) -> Size:
    """The size at which the whole of the master's picture fits into `target`."""
    scale = min(Fraction(target[0], master.width), Fraction(target[1], master.height))
    return _even(master.width * scale, target[0]), _even(master.height * scale, target[1])


def _start(share: Fraction, window: int, whole: int) -> int:
    wanted = 2 * round((share * whole - Fraction(window, 2)) / 2)
    return max(0, min(wanted, whole - window))


def _even(pixels: Fraction, most: int) -> int:
    return max(2, min(2 * round(pixels / 2), most - most % 2))
