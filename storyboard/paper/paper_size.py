"""Paper by its name or its measures, and which way it is turned."""

from __future__ import annotations

import re
from dataclasses import dataclass

LONGEST_MM = 5000.0
"""Longest side of a page that PDF viewers show: the format ends a little beyond it."""


@dataclass(frozen=True, slots=True)
class Paper:
    """A sheet, in millimetres."""

    width_mm: float
    height_mm: float

    @property
    def landscape(self) -> Paper:
        """The same sheet, lying."""
        return Paper(max(self.width_mm, self.height_mm), min(self.width_mm, self.height_mm))

    @property
    def portrait(self) -> Paper:
        """The same sheet, standing."""
        return Paper(min(self.width_mm, self.height_mm), max(self.width_mm, self.height_mm))


SIZES = {
    "A3": Paper(297, 420),
    "A4": Paper(210, 297),
    "A5": Paper(148, 210),
    "Letter": Paper(215.9, 279.4),
    "Legal": Paper(215.9, 355.6),
    "Tabloid": Paper(279.4, 431.8),
}
"""Sheets by name, standing: ISO 216 and ANSI/ASME Y14.1."""

_MEASURES = re.compile(r"(\d{1,5}(?:\.\d{1,3})?)\s*[x×]\s*(\d{1,5}(?:\.\d{1,3})?)\s*(?:mm)?", re.IGNORECASE)


def is_named(text: str) -> bool:
    """Whether this is the name of a sheet, in any case."""
    return _named(text) is not None


def paper_of(text: str) -> Paper | None:
    """The sheet of this name, or of measures such as `200x250mm`; None where it is neither, or beyond `LONGEST_MM`."""
    if (named := _named(text)) is not None:
        return named
    measures = _MEASURES.fullmatch(text.strip())
    if measures is None:
        return None
    width_mm, height_mm = map(float, measures.groups())
    return (
        Paper(width_mm, height_mm) if min(width_mm, height_mm) > 0 and max(width_mm, height_mm) <= LONGEST_MM else None
    )


def _named(text: str) -> Paper | None:
    return next((paper for name, paper in SIZES.items() if name.casefold() == text.strip().casefold()), None)
