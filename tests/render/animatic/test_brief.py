"""A request becomes frames: exact lengths, cuts at the beats, lines that leave the tail frame clear."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest

from render.animatic.brief import brief
from storyboard.continuity.timing import AUTO_S, frame_count
from tests.render.animatic.orders import order


@pytest.mark.parametrize(
    ("seconds", "fps", "frames"),
    [
        ("1.5", Fraction(24), 36),
        ("7.25", Fraction(24), 174),
        ("7.25", Fraction(25), 181),
        ("5", Fraction(24000, 1001), 120),
        ("0.01", Fraction(24), 1),
    ],
)
def test_lengths_fall_on_the_frame_grid(seconds: str, fps: Fraction, frames: int) -> None:
    """A length is rounded to its nearest frame, and even the shortest shot has one."""
    assert frame_count(Decimal(seconds), fps) == frames


def test_a_shot_of_open_length_is_drawn_at_a_usual_one() -> None:
    """`auto` reserves the longest length, but nobody wants to watch ten minutes of it."""
    assert brief(order(duration=None)).duration_s == pytest.approx(float(AUTO_S))


def test_each_beat_is_a_cut_on_its_frame() -> None:
    """Three beats are three framings, each starting on the beat's frame and none overlapping."""
    setups = brief(order(duration="7.25", beats="[0, 2.75, 5]")).setups
    assert [(setup.start, setup.end) for setup in setups] == [(0, 66), (66, 120), (120, 174)]
    assert len({setup.size for setup in setups}) == 3


def test_a_beat_outside_the_shot_cuts_nothing() -> None:
    """A beat at or past the end is no reason to draw a frame more."""
    assert brief(order(beats="[0, 1, 4]")).beats == ()


def test_lines_share_the_shot_and_leave_its_end_clear() -> None:
    """Each line has its turn, and none stands in the frame that the next shot begins on."""
    cues = brief(order(duration="4", line="Edda: It's my father.\nVoss: I have my orders, child.")).cues
    assert [cue.text[:4] for cue in cues] == ["Edda", "Voss"]
    assert cues[0].start == 0
    assert cues[0].end == cues[1].start
    assert cues[1].end < 96


def test_chance_follows_from_the_wish() -> None:
    """The same wish is framed the same way every time; another one may not be."""
    assert brief(order()) == brief(order())
    others = {brief(order(wish=f"{number:064x}")).setups[0].side for number in range(6)}
    assert len(others) > 1
