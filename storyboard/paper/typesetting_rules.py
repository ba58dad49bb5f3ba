"""How letters stand on the paper: their sizes, the lines they make, and what becomes of a text that has no room.

What a line measures depends on fonts, which this floor does not know: a `Typesetter` says it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from storyboard.text.letters import clusters

POINT_MM = 25.4 / 72
ELLIPSIS = "…"
LEADING = 1.32
"""From baseline to baseline, in sizes of the letters."""

LEAST_PT = 5.5
"""The smallest letters that are read on paper without a glass."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a text looks. `size_pt` is the height of its letters in points."""

    size_pt: float
    strong: bool = False  # heavier
    faint: bool = False  # lighter ink
    display: bool = False  # in the font of the series' titles

    @property
    def line_mm(self) -> float:
        """How high one line is."""
        return self.size_pt * POINT_MM * LEADING

    @property
    def baseline_mm(self) -> float:
        """How far its baseline stands below the top of a line."""
        return self.size_pt * POINT_MM * 1.02

    def scaled(self, scale: float) -> Style:
        """The same look, larger or smaller, but never smaller than `LEAST_PT`."""
        return replace(self, size_pt=max(min(self.size_pt, LEAST_PT), self.size_pt * scale))


@dataclass(frozen=True, slots=True)
class SetText:
    """One line where it stands: `x_mm` is where it begins, or ends where it is set to the right."""

    text: str
    style: Style
    x_mm: float
    baseline_mm: float
    to_the_right: bool = False
    right_to_left: bool = False  # whether its paragraph is read so


class Typesetter(Protocol):
    """Measures and breaks texts in the fonts that they are printed with."""

    def width_mm(self, text: str, style: Style) -> float:
        """How wide one line is."""
        ...

    def lines(self, text: str, style: Style, room_mm: float) -> Sequence[str]:
        """The text in lines that each fit the room; what has no place to break is broken between letters."""
        ...


def ended(lines: Sequence[str], most: int, style: Style, room_mm: float, setter: Typesetter) -> list[str]:
    """At most so many of these lines; where some are left out the last one says so with an ellipsis.

    The one place in which a text on paper is cut off.
    """
    if len(lines) <= most:
        return list(lines)
    if most < 1:
        return []
    letters = clusters(lines[most - 1].rstrip(" ,;:.…"))
    while letters and setter.width_mm("".join(letters).rstrip() + ELLIPSIS, style) > room_mm:
        letters.pop()
    return [*lines[: most - 1], "".join(letters).rstrip() + ELLIPSIS]


def one_line_of(text: str, style: Style, room_mm: float, setter: Typesetter) -> str:
    """As much of a text as fits on one line."""
    return next(iter(ended(setter.lines(text, style, room_mm), 1, style, room_mm, setter)), "")
