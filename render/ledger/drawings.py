"""Drawings on a frame: strokes of points, kept with a note as JSON. Pure."""

from __future__ import annotations

import json
from typing import Any

Point = tuple[float, float]
"""How far right and how far down: 0 is the frame's left or upper edge, 1 its right or lower one."""

Drawing = tuple[tuple[Point, ...], ...]
"""Strokes in the order in which they were drawn; each has one point or more."""

MOST_STROKES = 200
MOST_POINTS = 4_000
"""Of all strokes together."""

_DECIMALS = 4
"""A ten-thousandth of a frame: finer than its pixels."""


def read_drawing(value: Any) -> Drawing:
    """The drawing that this JSON value is: a list of strokes, each a list of `[x, y]`.

    Raises ValueError, with words that fit behind "the drawing", for what is none or is too large.
    """
    if not isinstance(value, list | tuple) or not all(isinstance(each, list | tuple) and each for each in value):
        raise ValueError("is no list of strokes")
    if len(value) > MOST_STROKES or sum(len(each) for each in value) > MOST_POINTS:
        raise ValueError(f"has more than {MOST_STROKES:,} strokes or {MOST_POINTS:,} points")
    return tuple(tuple(_point(each) for each in stroke) for stroke in value)


def write_drawing(drawing: Drawing) -> str | None:
    """The drawing as the ledger keeps it; None for an empty one."""
    return json.dumps(drawing, separators=(",", ":")) if drawing else None


def _point(value: Any) -> Point:
    if not isinstance(value, list | tuple) or len(value) != 2 or not all(_is_share(each) for each in value):
        raise ValueError("has a point that does not lie on the frame")
    return round(float(value[0]), _DECIMALS), round(float(value[1]), _DECIMALS)


def _is_share(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= 1
