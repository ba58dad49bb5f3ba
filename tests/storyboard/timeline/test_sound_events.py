"""What falls into a block of an event, and that blocks are one sound however they are cut."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from storyboard.timeline.sound_events import Curve, Dip, Fade, Material, SoundEvent, Track

EVENT = SoundEvent(track=Track.MUSIC, material=Material("m"), begin=1000, samples=5000, offset=70)


def dips() -> st.SearchStrategy[Dip]:
    """A dip somewhere around the event."""
    ramp = st.integers(0, 900)
    return st.builds(
        lambda begin, length, attack, release: Dip(begin, begin + length, Decimal(12), attack, release),
        st.integers(0, 7000),
        st.integers(1, 3000),
        ramp,
        ramp,
    )


@given(st.lists(st.integers(1, 7000), min_size=1, max_size=8))
def test_every_sample_falls_into_one_block(edges: list[int]) -> None:
    """In its order, from the place in the file where it belongs."""
    cuts = sorted({0, *edges, 7000})
    found = [(begin, EVENT.within(begin, end)) for begin, end in pairwise(cuts)]
    parts = [(begin + each.at, each.samples, each.offset) for begin, each in found if each is not None]
    at, offset = 1000, 70
    for begin, samples, first in parts:
        assert (begin, first) == (at, offset)
        at, offset = at + samples, offset + samples
    assert at == 6000


@given(st.integers(0, 6), dips())
def test_a_block_is_the_same_wherever_it_stands(blocks: int, dip: Dip) -> None:
    """An event that is moved by whole blocks is made of the same parts."""
    event = replace(EVENT, rise=Fade(300), fall=Fade(900, Curve.LINEAR), dips=(dip,))
    moved = 1000 * blocks
    later = replace(
        event, begin=event.begin + moved, dips=(replace(dip, begin=dip.begin + moved, end=dip.end + moved),)
    )
    for at in range(0, 7000, 1000):
        assert event.within(at, at + 1000) == later.within(at + moved, at + moved + 1000)


def test_what_is_done_outside_of_a_block_is_no_part_of_it() -> None:
    """A longer end, another fade, a dip elsewhere: the parts before them are the same."""
    plain = replace(EVENT, fall=Fade(100))
    others = [
        replace(plain, samples=6000),
        replace(plain, fall=Fade(700)),
        replace(plain, dips=(Dip(4000, 4500, Decimal(6), 500, 100),)),
    ]
    for other in others:
        assert other.within(2000, 3000) == plain.within(2000, 3000)
        assert other.within(5000, 6000) != plain.within(5000, 6000) or other.dips
    long_dip = replace(plain, dips=(Dip(0, 9000, Decimal(6), 50, 50),))
    longer = replace(plain, dips=(Dip(500, 9500, Decimal(6), 70, 90),))
    assert long_dip.within(2000, 3000) == longer.within(2000, 3000)


def test_a_loop_comes_back_to_the_same_part() -> None:
    """Its offset is one within a period."""
    looped = replace(EVENT, material=Material("m", loop=(0, 900)), samples=4000, offset=0)
    assert looped.within(1900, 2000) == looped.within(2800, 2900) == looped.within(3700, 3800)
    toned = replace(looped, material=Material("m", loop=(0, 1000), blend=100))
    assert toned.within(1900, 2000) == toned.within(2800, 2900)
