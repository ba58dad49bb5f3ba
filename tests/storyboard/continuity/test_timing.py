"""Seconds become frames, and no error is ever passed on."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.continuity.timing import (
    acceptable_tails,
    frame_slots,
    nearest_frame,
    rate_from,
    spans,
    tail_index,
    used_frames,
    with_rate,
)
from tests.storyboard.stories import clip, shot, story

RATES = st.sampled_from([Fraction(24), Fraction(25), Fraction(30), Fraction(60), Fraction(24000, 1001)])
LENGTHS = st.decimals(min_value="0.05", max_value="20", places=3)
SOME_AUTO = st.lists(st.one_of(st.none(), LENGTHS), min_size=1, max_size=30)


@given(SOME_AUTO, RATES)
def test_shots_stand_one_after_another(durations: list[Decimal | None], fps: Fraction) -> None:
    """Each shot begins where the one before ends, and the first one at 0."""
    placed = spans(durations, fps, [7] * len(durations))
    assert [span.start for span in placed] == [0, *(span.end for span in placed[:-1])]


@given(st.lists(LENGTHS, min_size=1, max_size=60), RATES)
def test_errors_never_add_up(durations: list[Decimal], fps: Fraction) -> None:
    """Every cut is within half a frame of where the written lengths put it, however many shots come before."""
    for index, span in enumerate(spans(durations, fps)):
        exact = sum((Fraction(each) for each in durations[: index + 1]), Fraction(0)) * fps
        assert abs(span.end - exact) <= Fraction(1, 2)


@given(SOME_AUTO, RATES, st.data())
def test_an_auto_shot_changes_the_length_of_no_other(
    durations: list[Decimal | None], fps: Fraction, data: st.DataObject
) -> None:
    """What an auto shot delivers moves the shots after it, and leaves the frames of every written length alone."""
    counts = st.lists(st.integers(0, 500), min_size=len(durations), max_size=len(durations))
    one, other = (spans(durations, fps, data.draw(counts)) for _ in range(2))
    written = [index for index, each in enumerate(durations) if each is not None]
    assert [one[index].frames for index in written] == [other[index].frames for index in written]


@given(st.lists(LENGTHS, min_size=1, max_size=30), RATES)
def test_a_length_takes_its_frames_or_one_more(durations: list[Decimal], fps: Fraction) -> None:
    """A shot never takes less than the whole frames in its length, nor more than those and one."""
    for each, span in zip(durations, spans(durations, fps), strict=True):
        assert 0 <= span.frames - (Fraction(each) * fps).__floor__() <= 1


def test_auto_counts_what_was_delivered() -> None:
    """An auto shot takes the whole frames of its clip, and none while there is no clip."""
    placed = spans([Decimal(1), None, Decimal(1)], Fraction(24), [None, 100, None])
    assert [(span.start, span.frames) for span in placed] == [(0, 24), (24, 100), (124, 24)]
    assert [span.frames for span in spans([None, Decimal(1)], Fraction(24))] == [0, 24]


def test_a_third_of_a_second_thrice_is_a_second() -> None:
    """Rounding happens on the running total: 0.33 s three times ends where 0.99 s does."""
    third = Decimal("0.33")
    assert spans([third, third, third], Fraction(24))[-1].end == nearest_frame(Decimal("0.99"), Fraction(24))


def test_a_clip_that_is_not_trimmed_ends_on_its_last_frame() -> None:
    """Whatever the rates, a shot that uses all of a clip hands on the clip's last decoded frame."""
    for rate in (Fraction(24), Fraction(25), Fraction(30), Fraction(60), Fraction(24000, 1001)):
        made = clip(frames=121, fps=rate)
        assert tail_index(made, frame_slots(made, Fraction(24)), Fraction(24)) == 120
        assert tail_index(made, 10_000, Fraction(24)) == 120


def test_a_trimmed_clip_ends_on_the_frame_that_the_cut_shows() -> None:
    """At the master's own rate the n-th frame is shown in slot n; at twice the rate, every second one is."""
    assert tail_index(clip(frames=96), 36, Fraction(24)) == 35
    assert tail_index(clip(frames=240, fps=Fraction(48)), 36, Fraction(24)) == 70
    assert tail_index(clip(frames=100, fps=Fraction(25)), 36, Fraction(24)) == 36


def test_slots_follow_halves_away_from_zero() -> None:
    """At 48 into 24 frames, odd frames fall on halves and go to the next slot, which the even frame then takes."""
    made = clip(frames=48, fps=Fraction(48))
    assert [tail_index(made, frames, Fraction(24)) for frames in (1, 2, 3)] == [0, 2, 4]


def test_uneven_frame_times_are_followed() -> None:
    """Where a clip's rate varies, its frames' own times decide, counted from the first."""
    times = (40_000, 81_000, 540_000, 581_000, 1_040_000)
    made = clip(frames=5, fps=Fraction(5), frame_times_us=times, duration_s=Decimal("1.04"))
    assert tail_index(made, 12, Fraction(24)) == 1
    assert tail_index(made, 13, Fraction(24)) == 2
    assert tail_index(made, 24, Fraction(24)) == 3


@given(st.lists(LENGTHS, min_size=1, max_size=12), RATES, RATES)
def test_wherever_a_shot_stands_its_tail_is_acceptable(durations: list[Decimal], fps: Fraction, rate: Fraction) -> None:
    """The tail that a shot hands on is among the acceptable ones whatever runs before it, and there are two at most."""
    made = clip(frames=600, fps=rate)
    for duration, span in zip(durations, spans(durations, fps), strict=True):
        acceptable = acceptable_tails(shot(duration_s=duration), made, fps)
        assert len(acceptable) <= 2
        if span.frames:
            assert tail_index(made, span.frames, fps) in acceptable


def test_a_length_on_the_grid_has_one_tail() -> None:
    """Three seconds at 24 frames a second leave no doubt, and neither does auto."""
    assert acceptable_tails(shot(duration_s=Decimal(3)), clip(), Fraction(24)) == {71}
    assert acceptable_tails(shot(duration_s=None), clip(), Fraction(24)) == {95}
    assert acceptable_tails(shot(duration_s=Decimal("1.02")), clip(), Fraction(24)) == {23, 24}


def test_used_frames_depend_on_what_runs_before() -> None:
    """The second of two shots of 1.02 s takes one frame more than the first; an auto shot takes its clip's."""
    episode = story(*(shot(f"lamp/{n}", duration_s=Decimal("1.02")) for n in (1, 2)), shot("lamp/3", duration_s=None))
    assert [used_frames(episode, f"lamp/{n}", clip()) for n in (1, 2, 3)] == [24, 25, 96]
    assert used_frames(episode, "lamp/3", None) == 0


@pytest.mark.parametrize(("seconds", "frame"), [("0.0208", 0), ("0.02084", 1), ("1", 24)])
def test_nearest_frame_rounds_halves_up(seconds: str, frame: int) -> None:
    """A time belongs to the nearest frame edge."""
    assert nearest_frame(Decimal(seconds), Fraction(24)) == frame


@pytest.mark.parametrize("rate", [Fraction(24), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(359281, 11978)])
def test_a_rate_is_read_as_it_was_written(rate: Fraction) -> None:
    """Whole or broken."""
    assert rate_from(str(rate)) == rate
    assert with_rate({"fps": str(rate), "frames": 1}) == {"fps": rate, "frames": 1}


@pytest.mark.parametrize("text", ["1e999999999", "0", "-24", "24/0", "nan", "1" * 10, "24.5", "", "24\n"])
def test_what_is_no_rate_is_not_reckoned_with(text: str) -> None:
    """A few characters must not fill the memory, whoever wrote them."""
    with pytest.raises(ValueError, match="no rate"):
        rate_from(text)
    assert with_rate(text) == text
