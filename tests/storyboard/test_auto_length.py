"""What is bought where the vendor chooses a clip's length."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.auto_length import PADDING_FRAMES, AutoLength

SOLD = AutoLength(shortest_s=Decimal(4), longest_s=Decimal(15), step_s=Decimal(1))
FPS = Fraction(24)
FRAMES = st.integers(1, 24 * 20)
RESERVED = st.decimals(min_value=0, max_value=1000, places=6)


@pytest.mark.parametrize(
    ("frames", "bought_s"),
    [(120, 5), (121, 5), (122, 5), (123, 6), (119, 5), (96, 4), (98, 4), (99, 5), (20, 4), (360, 15), (400, 15)],
)
def test_what_came_is_counted_in_steps_without_the_encoders_padding(frames: int, bought_s: int) -> None:
    """5.04 s was sold as 5 s; three frames more than 5 s as 6 s; never under the shortest, nor over the longest."""
    assert SOLD.bought_s(Decimal(frames) / 24, FPS) == bought_s


def test_a_vendor_that_sells_any_length_is_paid_for_what_came() -> None:
    """To the micro-second, upwards."""
    free = replace(SOLD, step_s=None)
    assert free.bought_s(Decimal("5.04"), FPS) == Decimal("5.04")
    assert free.bought_s(Decimal("3"), FPS) == 4
    halves = replace(SOLD, step_s=Decimal("0.5"))
    assert halves.bought_s(Decimal("5.25"), FPS) == Decimal("5.5")


def test_reference_videos_are_billed_beside_what_came() -> None:
    """max(in, out) + out: of 30 seconds that were reserved, 8 s of film and a clip of 5 s are 13."""
    billed = replace(SOLD, input_video_s=Decimal(8))
    rate = Decimal("0.1209")
    assert billed.spent_usd(rate * 30, Decimal(5)) == rate * 13
    assert billed.spent_usd(rate * 30, Decimal(10)) == rate * 20


@given(frames=FRAMES, reserved=RESERVED, film_s=st.one_of(st.none(), st.integers(2, 15)))
def test_it_never_costs_more_than_was_reserved_nor_less_than_its_seconds(
    frames: int, reserved: Decimal, film_s: int | None
) -> None:
    """Whatever comes; and the longest costs all of it."""
    sold = replace(SOLD, input_video_s=None if film_s is None else Decimal(film_s))
    bought_s = sold.bought_s(Decimal(frames) / 24, FPS)
    spent = sold.spent_usd(reserved, bought_s)
    assert spent <= reserved
    all_s, these_s = (seconds + (max(film_s, seconds) if film_s else 0) for seconds in (15, int(bought_s)))
    assert spent * all_s >= reserved * these_s
    assert sold.spent_usd(reserved, Decimal(15)) == reserved


@given(ordered=st.integers(4, 15), padding=st.integers(-20, PADDING_FRAMES))
def test_what_was_ordered_is_what_was_bought_whatever_an_encoder_adds(ordered: int, padding: int) -> None:
    """Up to two frames more, or some fewer, are the same length."""
    assert SOLD.bought_s(Decimal(24 * ordered + padding) / 24, FPS) == ordered


@given(st.lists(FRAMES, min_size=2, max_size=2).map(sorted), RESERVED)
def test_a_longer_clip_never_costs_less(frames: list[int], reserved: Decimal) -> None:
    """Of two clips the longer one costs as much or more."""
    shorter, longer = (SOLD.spent_usd(reserved, SOLD.bought_s(Decimal(each) / 24, FPS)) for each in frames)
    assert shorter <= longer
