"""Where recorded lines stand, what makes way for them, and how neighbouring clips are brought to one level."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.shot import Line, Shot
from storyboard.sounds import USUAL_MIX, ClipSound, Effect, MixSettings, ShotSounds, SpokenFile
from storyboard.timeline.clip_levels import clip_levels
from storyboard.timeline.ducking import clip_under_lines, ducked, merged
from storyboard.timeline.line_sounds import Spoken, line_sounds, placed_lines
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sound_events import Dip, Material, SoundEvent, Track
from tests.storyboard.stories import shot
from tests.storyboard.timeline.sounding import FPS, RATE, facts

HASHES = {name: name for name in ("one", "two", "door")}
MUSIC = SoundEvent(track=Track.MUSIC, material=Material("bed"), begin=0, samples=60 * RATE)


def speaking(*at: str | None, key: str = "a/1", narration: bool = False, **sounds: object) -> Shot:
    """A shot with a line of a second for each of these moments, of the file `one`."""
    files = tuple(
        SpokenFile(source="one", line=n, at_s=None if each is None else Decimal(each)) for n, each in enumerate(at)
    )
    told = {"narration" if narration else "dialogue": files, **sounds}
    lines = tuple(Line("mara", "Mara", "No.") for _ in at)
    return shot(key, dialogue=lines, sounds=ShotSounds(**told))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("at", "seconds", "begins"),
    [
        ([None], 5, [0.6]),
        ([None, None], 4, [0.6, 2.2]),
        ([None, None], 2.6, [0.2, 1.4]),
        ([None, None], 1, [0, 1]),
        (["2"], 5, [2]),
        (["1", None], 5, [1, 2.3]),
        ([None, "3"], 5, [0.3, 3]),
    ],
)
def test_lines_follow_each_other_or_stand_where_they_are_written(
    at: list[str | None], seconds: float, begins: list[float]
) -> None:
    """Alone they share their shot's free time, at most six tenths of a second each."""
    timeline = Timeline.laid([("a/0", 24), ("a/1", round(seconds * 24))], FPS)
    placed = placed_lines(timeline, [speaking(*at)], HASHES, {"one": facts(1)})
    # a length off the grid of frames moves what is shared out by less than a frame
    assert [each.begin / RATE - 1 for each in placed] == pytest.approx(begins, abs=1 / 24)
    assert all(each.end - each.begin == RATE for each in placed)
    assert [each.line for each in placed] == list(range(len(at)))


def test_what_runs_too_far_is_told() -> None:
    """A line that runs under the next shot, one that the episode's end cuts off; narration may run on."""
    timeline = Timeline.laid([("a/1", 24), ("a/2", 24)], FPS)
    known = {"one": facts(1), "door": facts(1)}
    told = line_sounds(timeline, [speaking("0.5"), speaking("0.5", key="a/2")], HASHES, known).notes
    assert told == (
        "a/1: the line of one runs 0.50 s beyond its shot, under the next one",
        "a/2: the line of one runs 0.50 s beyond the episode's end, where it is cut off",
    )
    assert line_sounds(timeline, [speaking("0.5", narration=True)], HASHES, known).notes == ()


def test_effects_are_as_long_as_they_are_written() -> None:
    """Their own length, a shorter one with an edge, or on and on."""
    effects = (
        Effect(source="door", at_s=Decimal("0.5")),
        Effect(source="door", length_s=Decimal("0.25")),
        Effect(source="door", at_s=Decimal(1), loop=True),
    )
    timeline = Timeline.laid([("a/1", 120)], FPS)
    events = line_sounds(timeline, [speaking(effects=effects)], HASHES, {"one": facts(1), "door": facts(1)}).events
    plain, shorter, looped = (each for each in events if each.track is Track.EFFECTS)
    assert (plain.begin, plain.samples, plain.fall) == (RATE // 2, RATE, None)
    assert (shorter.samples, shorter.fall is None) == (RATE // 4, False)
    assert (looped.samples, looped.material.loop) == (4 * RATE, (0, RATE))


def test_music_goes_down_as_far_as_a_line_needs() -> None:
    """Twelve decibels, and more where the line is soft or the music loud; exactly what is written where it is."""
    known = {"bed": facts(60, lufs=-20)}
    clear, soft = (Spoken(10 * RATE, 12 * RATE, level) for level in (-2000, -3000))
    for spoken, mix, depth in (
        (clear, USUAL_MIX, Decimal("12.5")),
        (soft, USUAL_MIX, Decimal("22.5")),
        (replace_level(clear, -500), USUAL_MIX, Decimal(12)),
        (soft, MixSettings(ducking_db=Decimal(-9)), Decimal(9)),
    ):
        (dip,) = ducked(MUSIC, [spoken], mix, known).dips
        assert dip == Dip(10 * RATE, 12 * RATE, depth, round(0.15 * RATE), round(0.6 * RATE))
    assert ducked(MUSIC, [clear], MixSettings(ducking_db=Decimal(0)), known).dips == ()
    assert ducked(MUSIC, [Spoken(70 * RATE, 71 * RATE, -2000)], USUAL_MIX, known).dips == ()


def replace_level(spoken: Spoken, level: int) -> Spoken:
    """The same, so loud."""
    return spoken._replace(level=level)


def test_music_stays_down_between_words_that_are_close_together() -> None:
    """A pause of a second is none; one of three seconds is."""
    known = {"bed": facts(60, lufs=-40)}
    words = [Spoken(at * RATE, (at + 1) * RATE, -2000) for at in (2, 4, 8)]
    dips = ducked(MUSIC, words, USUAL_MIX, known).dips
    assert [(dip.begin // RATE, dip.end // RATE) for dip in dips] == [(2, 5), (8, 9)]
    assert merged([Spoken(5, 9, None), Spoken(0, 6, None)]) == ((0, 9),)


def test_clips_make_way_for_recorded_lines_as_is_written() -> None:
    """Ducked by default."""
    clip = replace(MUSIC, track=Track.CLIP)
    word = Spoken(RATE, 2 * RATE, -2000)
    depths = {
        each: [dip.depth_db for dip in clip_under_lines(clip, [word], MixSettings(clip_under_lines=each)).dips]
        for each in ClipSound
    }
    assert depths == {ClipSound.DUCK: [Decimal(12)], ClipSound.MUTE: [Decimal(96)], ClipSound.KEEP: []}


@given(st.lists(st.integers(-3400, -1200), min_size=1, max_size=20))
def test_neighbours_come_within_one_lu_by_the_least_that_does(levels: list[int]) -> None:
    """None is moved further than half of what the two furthest apart among all are."""
    clips = [
        SoundEvent(track=Track.CLIP, material=Material(str(n)), begin=n * RATE, samples=RATE, key=str(n))
        for n in range(len(levels))
    ]
    known = {str(n): facts(1, lufs=level / 100) for n, level in enumerate(levels)}
    moved, notes = clip_levels(clips, known)
    after = [level / 100 + float(moved[str(n)]) for n, level in enumerate(levels)]
    if not notes:
        assert all(abs(one - other) <= 1 for one, other in pairwise(after))
    assert max(abs(each) for each in moved.values()) <= (max(levels) - min(levels)) / 200 + 0.1


def test_what_is_level_stays_and_ambience_is_left_alone() -> None:
    """A clip in which nothing happens has no level of its own."""
    clips = [
        SoundEvent(track=Track.CLIP, material=Material(name), begin=0, samples=RATE, key=name)
        for name in ("a", "b", "c")
    ]
    known = {"a": facts(1, lufs=-20), "b": facts(1, lufs=-60), "c": facts(1, lufs=-20.5)}
    moved, notes = clip_levels(clips, known)
    assert moved == {"a": 0, "c": 0}
    assert notes == ()
