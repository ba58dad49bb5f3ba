"""Each clip's sound under its picture, and how it gives way to the next."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.edit import TransitionKind
from storyboard.timeline.clip_sounds import clip_sounds
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_events import EDGE, Curve, Fade, SoundEvent
from tests.storyboard.timeline.sounding import FPS, RATE, Seam, facts, footage, laid, piece

HALF = EDGE // 2
PER_FRAME = RATE // 24


SHOTS = st.tuples(st.integers(1, 60), st.integers(0, 30), st.integers(0, 30), st.integers(-40, 40))
"""Frames that are shown, that the clip has before and after them, and twentieths of a second of a J- or L-cut."""


def places(events: tuple[SoundEvent, ...]) -> list[tuple[int, int, int]]:
    """Where each begins and ends in the master, and on which sample of its clip it begins."""
    return [(each.begin, each.end, each.offset) for each in events]


def test_a_hard_cut_takes_what_both_clips_have_beyond_it() -> None:
    """Five milliseconds before it and five after; the first sound begins and the last one ends by itself."""
    pieces = [piece("a/1", footage(24, available=48)), piece("a/2", footage(24, first=12, available=48))]
    heard = clip_sounds(laid(pieces), pieces, {"a/1": facts(2), "a/2": facts(2)})
    cut = 24 * PER_FRAME
    assert places(heard.events) == [(0, cut + HALF, 0), (cut - HALF, 2 * cut, 12 * PER_FRAME - HALF)]
    assert all(each.rise == each.fall == Fade(EDGE, Curve.SMOOTH) for each in heard.events)
    assert heard.notes == ()


@pytest.mark.parametrize(
    ("first_s", "second_in", "ends", "begins"),
    [(2, 0, EDGE, 0), (1, 12, 0, EDGE), (1, 0, 0, 0)],
)
def test_where_a_clip_has_nothing_beyond_the_cut_the_other_gives_more(
    first_s: int, second_in: int, ends: int, begins: int
) -> None:
    """And where neither has, each fades by itself."""
    pieces = [piece("a/1", footage(24)), piece("a/2", footage(24, first=second_in, available=48))]
    one, other = clip_sounds(laid(pieces), pieces, {"a/1": facts(first_s), "a/2": facts(2)}).events
    cut = 24 * PER_FRAME
    assert (one.end - cut, cut - other.begin) == (ends, begins)
    assert one.fall == other.rise == Fade(EDGE, Curve.SMOOTH)


def test_two_parts_of_one_clip_that_follow_each_other_are_one_sound() -> None:
    """Each sample of the crossfade is the same sample of the clip on both sides."""
    pieces = [piece("a/1", footage(24, available=48)), piece("a/2", footage(24, first=24, available=48))]
    one, other = clip_sounds(laid(pieces), pieces, {"a/1": facts(2), "a/2": facts(2)}).events
    assert other.begin - other.offset == one.begin - one.offset


@pytest.mark.parametrize("moved", [Fraction(-1, 2), Fraction(1, 2)])
def test_a_j_or_l_cut_moves_the_sound_and_leaves_the_picture(moved: Fraction) -> None:
    """The sounds change half a second before their pictures, or after them."""
    pieces = [
        piece("a/1", footage(24, available=48)),
        piece("a/2", footage(24, first=20, available=48), sound_from_s=moved),
    ]
    heard = clip_sounds(laid(pieces), pieces, {"a/1": facts(2), "a/2": facts(2)})
    at = 24 * PER_FRAME + round(moved * RATE)
    one, other = heard.events
    assert (one.end, other.begin) == (at + HALF, at - HALF)
    assert other.offset == 20 * PER_FRAME + round(moved * RATE) - HALF
    assert heard.notes == ()


@pytest.mark.parametrize(
    ("moved", "at", "told"),
    [
        (
            Fraction(-1),
            RATE - RATE // 4,
            "asks for 1.00 s of its sound before its picture, and its clip has 0.25 s there",
        ),
        (Fraction(1), RATE + RATE // 2, "asks for 1.00 s of a/1 under it, and that has 0.50 s there"),
    ],
)
def test_a_j_or_l_cut_goes_as_far_as_there_is_material(moved: Fraction, at: int, told: str) -> None:
    """And it is told how far that is."""
    pieces = [piece("a/1", footage(24)), piece("a/2", footage(48, first=6), sound_from_s=moved)]
    heard = clip_sounds(laid(pieces), pieces, {"a/1": facts(1.5), "a/2": facts(2.25)})
    assert abs(heard.events[1].begin - at) <= EDGE
    assert told in heard.notes[0]


def test_across_a_dissolve_the_sounds_cross_over_its_whole_length() -> None:
    """As loud together as each is alone; across a dip each fades on its own side of the cut."""
    pieces = [piece("a/1", footage(24, available=48)), piece("a/2", footage(24, first=12, available=48))]
    known = {"a/1": facts(2), "a/2": facts(2)}
    dissolve, dip = (Seam(kind, 24, 6, 6) for kind in (TransitionKind.DISSOLVE, TransitionKind.DIP_TO_BLACK))
    one, other = clip_sounds(laid(pieces), pieces, known, seams=[dissolve]).events
    assert (one.end, other.begin) == (30 * PER_FRAME, 18 * PER_FRAME)
    assert one.fall == other.rise == Fade(12 * PER_FRAME, Curve.POWER)
    one, other = clip_sounds(laid(pieces), pieces, known, seams=[dip]).events
    assert one.end == other.begin == 24 * PER_FRAME
    assert one.fall == other.rise == Fade(6 * PER_FRAME, Curve.SMOOTH)


def test_the_ends_of_the_master_fade_as_its_pictures_do() -> None:
    """From black at its beginning, to black at its end."""
    pieces = [piece("a/1", footage(48))]
    seams = [Seam(TransitionKind.DIP_TO_BLACK, 0, 0, 12), Seam(TransitionKind.DIP_TO_BLACK, 48, 24, 0)]
    (only,) = clip_sounds(laid(pieces), pieces, {"a/1": facts(3)}, seams=seams).events
    assert (only.begin, only.end) == (0, 48 * PER_FRAME)
    assert (only.rise, only.fall) == (Fade(12 * PER_FRAME), Fade(24 * PER_FRAME))


def test_nothing_is_heard_of_a_clip_while_its_frame_is_held() -> None:
    """Its sound begins when it moves, and ends when it stops."""
    pieces = [piece("a/1", footage(24, first=6, available=96, hold_first=12, hold_last=6))]
    (only,) = clip_sounds(laid(pieces), pieces, {"a/1": facts(4)}).events
    assert places((only,)) == [(12 * PER_FRAME, 36 * PER_FRAME, 6 * PER_FRAME)]


def test_sound_that_ends_before_its_picture_fades_where_it_ends() -> None:
    """And what is silent is no event: a slate, a clip without sound, one that is muted, one that music takes over."""
    pieces = [
        piece("a/1", footage(24)),
        piece("a/2"),
        piece("a/3", footage(24), mute=True),
        piece("a/4", footage(24)),
        piece("a/5", footage(24)),
    ]
    known = {"a/1": facts(0.5), "a/3": facts(1), "a/4": facts(1), "a/5": facts(0)}
    (only,) = clip_sounds(laid(pieces), pieces, known, silent=frozenset({"a/4"})).events
    assert (only.begin, only.end, only.fall) == (0, RATE // 2, Fade(EDGE))


def test_speed_moves_through_the_sound_as_through_the_picture() -> None:
    """Positions are those of the sound as it is heard at that speed."""
    pieces = [piece("a/1", footage(24, first=6, available=24, speed=Fraction(2)), gain_db=Decimal(-3))]
    (only,) = clip_sounds(laid(pieces), pieces, {"a/1": facts(3)}).events
    assert (only.offset, only.samples) == (6 * PER_FRAME, 24 * PER_FRAME)
    assert (only.material.speed, only.gain_db) == (2, Decimal(-3))


@given(
    st.lists(
        st.tuples(st.integers(1, 60), st.integers(0, 30), st.integers(0, 30), st.integers(-40, 40)),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from([Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001")]),
)
def test_no_clip_is_heard_beyond_its_material(shots: list[tuple[int, int, int, int]], fps: Fraction) -> None:
    """However short the shots, and however far their sounds are moved; and each is in step with its picture."""
    pieces = [
        piece(f"a/{n}", footage(slots, first=first, available=first + slots + after), sound_from_s=Fraction(moved, 20))
        for n, (slots, first, after, moved) in enumerate(shots)
    ]
    known = {each.key: facts(float(each.footage.available / fps)) for each in pieces if each.footage}
    timeline = laid(pieces, fps=fps)
    for event in clip_sounds(timeline, pieces, known).events:
        span, first = timeline.span(event.key), shots[int(event.key[2:])][1]
        assert event.offset >= 0
        assert event.offset + event.samples <= known[event.key].samples
        assert event.begin - event.offset == samples_at(span.start, fps) - samples_at(first, fps)


def test_rates_are_those_of_the_master() -> None:
    """A cut stands on the sample on which its frame begins."""
    pieces = [piece(f"a/{n}", footage(7, available=9)) for n in range(3)]
    fps = Fraction(24000, 1001)
    events = clip_sounds(laid(pieces, fps=fps), pieces, {f"a/{n}": facts(1) for n in range(3)}).events
    assert [each.begin for each in events] == [0, samples_at(7, fps), samples_at(14, fps)]
    assert FPS == 24
