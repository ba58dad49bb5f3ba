"""Drawings on frames: what is none is refused, and what is kept comes back as it was."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.ledger.drawings import MOST_POINTS, MOST_STROKES, read_drawing, write_drawing

SHARES = st.floats(0, 1).map(lambda share: round(share, 4))
STROKES = st.lists(st.lists(st.tuples(SHARES, SHARES), min_size=1, max_size=5), max_size=5)


@given(STROKES)
def test_it_comes_back_as_it_was_kept(strokes: list[list[tuple[float, float]]]) -> None:
    """Whatever was drawn, to a ten-thousandth of the frame."""
    drawing = read_drawing(strokes)
    assert drawing == tuple(tuple(stroke) for stroke in strokes)
    kept = write_drawing(drawing)
    assert kept is not None or not drawing
    assert read_drawing(json.loads(kept or "[]")) == drawing


@pytest.mark.parametrize(
    "value",
    [
        *[None, 1, "strokes", {"0": []}, [1], [[]], ["ab"], [[1]], [[[1]]], [[[0, 0, 0]]]],
        *[[[[0, "0"]]], [[[0, True]]], [[[0, -0.1]]], [[[1.1, 0]]], [[[0, float("nan")]]], [[[float("inf"), 0]]]],
        *[[[[0, 0]]] * (MOST_STROKES + 1), [[[0, 0]] * (MOST_POINTS + 1)]],
    ],
)
def test_what_is_no_drawing_is_refused(value: Any) -> None:
    """Strangers send these: through a review that comes home, or by hand."""
    with pytest.raises(ValueError, match=r"list of strokes|point that does not lie|more than"):
        read_drawing(value)
