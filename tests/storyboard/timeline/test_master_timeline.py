"""Where shots stand in the master."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.timeline.master_timeline import Span, Timeline


@given(st.lists(st.integers(0, 500), max_size=30))
def test_each_shot_begins_where_the_one_before_it_ends(lengths: list[int]) -> None:
    """The first at 0, and the master ends with the last."""
    timeline = Timeline.laid(((str(number), frames) for number, frames in enumerate(lengths)), Fraction(24))
    assert [span.frames for span in timeline.spans] == lengths
    assert [span.start for span in timeline.spans] == [0, *(span.end for span in timeline.spans)][:-1]
    assert timeline.frames == sum(lengths)


def test_a_shot_is_found_by_its_key() -> None:
    """And one that is not in the cut is not."""
    timeline = Timeline.laid([("lamp/010", 36), ("lamp/020", 12)], Fraction(24))
    assert timeline.span("lamp/020") == Span(36, 12)
    with pytest.raises(KeyError):
        timeline.span("lamp/030")


def test_times_are_exact() -> None:
    """At a rate that no decimal holds, too."""
    timeline = Timeline.laid([("lamp/010", 24)], Fraction(24000, 1001))
    assert timeline.seconds(timeline.frames) == Fraction(1001, 1000)
