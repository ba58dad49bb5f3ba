"""A seed for every order whose producer wrote none."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.binding import bind
from storyboard.identity import fingerprint, wish
from storyboard.own_seed import HIGHEST, own_seed
from storyboard.request import Request
from storyboard.shot import Shot
from tests.storyboard.stories import MASTER, shot, vendor

WISHES = st.text("0123456789abcdef", min_size=64, max_size=64)


def ask(wanted: Shot, variation: int = 0, **sold: Any) -> Request:
    """What a vendor is asked for this shot."""
    return bind(
        wanted,
        vendor(**sold),
        series="lighthouse",
        references={},
        wish=wish(wanted, {}),
        variation=variation,
        master=MASTER,
    )


@given(WISHES, st.integers(0, 1000), st.sampled_from([HIGHEST, 0, 9, 65_535]))
def test_it_follows_from_wish_and_variation_within_the_vendors_range(name: str, variation: int, highest: int) -> None:
    """The same each time, a whole number from 0 on, and not above what its vendor takes."""
    seed = own_seed(name, variation, highest)
    assert seed == own_seed(name, variation, highest)
    assert 0 <= seed <= highest


def test_it_is_the_same_in_every_version() -> None:
    """A lost order is found by it, so it may never change."""
    assert own_seed("a" * 64, 0) == 582_329_503
    assert own_seed("a" * 64, 1) == 2_088_748_866


@given(WISHES, st.integers(0, 1000), st.integers(1, 1000))
def test_a_retake_has_another_one(name: str, variation: int, more: int) -> None:
    """Else it would be the same clip."""
    assert own_seed(name, variation) != own_seed(name, variation + more)


def test_every_order_to_a_vendor_that_takes_one_has_a_seed() -> None:
    """The producer's where one is written, 0 too; else one of our own, another for each variation; elsewhere none."""
    assert [ask(shot(seed=seed)).seed for seed in (0, 7)] == [0, 7]
    assert not ask(shot(seed=7)).own_seed
    ours, again = ask(shot()), ask(shot(), variation=1)
    assert ours.own_seed
    assert ours.seed == own_seed(ours.wish, 0) != again.seed
    assert (ours.written_seed, ask(shot(seed=7)).written_seed) == (None, 7)
    none = ask(shot(), seed=False)
    assert (none.seed, none.own_seed) == (None, False)
    assert ask(shot(), highest_seed=9).seed in range(10)


def test_it_is_no_part_of_what_decides_about_buying() -> None:
    """An order has the fingerprint that earlier versions gave it, which made up no seed; a producer's seed counts."""
    ours = ask(shot())
    before = replace(ours, seed=None, own_seed=False)
    assert fingerprint(ours) == fingerprint(before)
    assert fingerprint(replace(ours, own_seed=False)) != fingerprint(before)
    assert fingerprint(ask(shot(), variation=1)) != fingerprint(ours)
