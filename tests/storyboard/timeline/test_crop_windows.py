"""What a picture of another shape shows: always within the master's, and around each shot's focus."""

from __future__ import annotations

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storyboard.deliveries import ANCHORS, Anchor
from storyboard.shot import MasterFormat
from storyboard.timeline.crop_windows import corner, crop_windows, fitted, window_size
from storyboard.timeline.master_timeline import Span, Timeline

SIDES = st.integers(32, 1100).map(lambda half: 2 * half)
SHARES = st.fractions(0, 1, max_denominator=1000)
MASTERS = st.builds(MasterFormat, SIDES, SIDES, st.just(Fraction(24)))
POINTS = st.builds(Anchor, SHARES, SHARES)
WIDE = MasterFormat(1920, 1080, Fraction(24))


@given(MASTERS, SIDES, SIDES, POINTS)
def test_a_window_lies_in_the_picture_and_around_its_anchor(
    master: MasterFormat, width: int, height: int, anchor: Anchor
) -> None:
    """On whole pairs of pixels, as large as it can be, and within a pair of the shape that was asked for."""
    across, down = window_size(master, (width, height))
    x, y = corner(anchor, (across, down), master)

    assert 0 <= x <= x + across <= master.width
    assert 0 <= y <= y + down <= master.height
    assert x % 2 == y % 2 == across % 2 == down % 2 == 0
    assert x <= anchor.x * master.width <= x + across
    assert y <= anchor.y * master.height <= y + down
    assert across == master.width or down == master.height
    assert abs(across - min(master.width, Fraction(master.height * width, height))) <= 1 or across == 2
    assert abs(down - min(master.height, Fraction(master.width * height, width))) <= 1 or down == 2


@given(MASTERS, SIDES, SIDES)
def test_what_is_padded_is_whole_and_fits(master: MasterFormat, width: int, height: int) -> None:
    """It touches two of the sides, and keeps its shape within a pair of pixels."""
    across, down = fitted(master, (width, height))

    assert across <= width
    assert down <= height
    assert across == width or down == height
    scale = min(Fraction(width, master.width), Fraction(height, master.height))
    assert abs(across - master.width * scale) <= 2
    assert abs(down - master.height * scale) <= 2


@given(st.lists(st.tuples(st.integers(1, 40), POINTS), min_size=1, max_size=12), st.data())
def test_windows_follow_each_other_without_a_gap_and_change_at_the_cut(
    shots: list[tuple[int, Anchor]], data: st.DataObject
) -> None:
    """Every frame of the range has the window of the shot that it belongs to; neighbours that are alike are one."""
    timeline = Timeline.laid(((str(at), frames) for at, (frames, _) in enumerate(shots)), WIDE.fps)
    begin = data.draw(st.integers(0, timeline.frames - 1))
    end = data.draw(st.integers(begin + 1, timeline.frames))
    size = window_size(WIDE, (1080, 1920))
    placed = [(span, anchor) for span, (_, anchor) in zip(timeline.spans, shots, strict=True)]

    found = crop_windows(placed, size, WIDE, begin, end)

    assert (found[0].begin, found[-1].end) == (begin, end)
    assert all(one.end == other.begin for one, other in pairwise(found))
    assert all((one.x, one.y) != (other.x, other.y) for one, other in pairwise(found))
    for frame in range(begin, end):
        (anchor,) = (anchor for span, anchor in placed if span.start <= frame < span.end)
        (window,) = (each for each in found if each.begin <= frame < each.end)
        assert (window.x, window.y) == corner(anchor, size, WIDE)


def test_named_points_are_the_edges_and_the_middle() -> None:
    """Of a horizontal master that becomes vertical, left, middle and right are told apart; top and bottom are not."""
    size = window_size(WIDE, (1080, 1920))
    assert size == (608, 1080)
    assert {name: corner(anchor, size, WIDE) for name, anchor in ANCHORS.items()} == {
        "left": (0, 0),
        "center": (656, 0),
        "right": (1312, 0),
        "top": (656, 0),
        "bottom": (656, 0),
    }


def test_a_gap_between_shots_is_no_window() -> None:
    """What no shot stands on is not shown either."""
    assert crop_windows([(Span(4, 2), Anchor())], (608, 1080), WIDE, 0, 4) == ()
