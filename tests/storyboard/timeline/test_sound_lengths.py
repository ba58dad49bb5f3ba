"""The sound of a master is as long as its picture, to the sample, and clips follow each other in it without a hole."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from storyboard.edit import CUT, UNCUT, Edit, Transition, TransitionKind
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.seams import seams_of, sides
from storyboard.timeline.sound_facts import SoundFacts
from storyboard.timeline.sound_plan import SoundPlan
from storyboard.timeline.source_range import Footage
from tests.storyboard.timeline.sound_stories import episode_of

RATES = [Fraction(rate) for rate in ("24", "24000/1001", "25", "30000/1001", "60")]
LASTS = 2000
"""Frames of each clip, of which the first 1000 lie before what is shown."""

WAYS = st.builds(Transition, st.sampled_from(TransitionKind), st.fractions(0, 2, max_denominator=24))
EDITS = st.builds(Edit, transition=WAYS, sound_from_s=st.fractions(-2, 2, max_denominator=24))


def laid(frames: list[int], fps: Fraction) -> Timeline:
    """Shots a/0, a/1, … of so many frames."""
    return Timeline.laid(((f"a/{number}", each) for number, each in enumerate(frames)), fps)


def plan_of(timeline: Timeline, edits: list[Edit] | None = None) -> SoundPlan:
    """What is heard of it: nothing, or with `edits` a clip of each piece, of which there is plenty on either side."""
    episode = episode_of(dict.fromkeys(timeline.keys, "1"), fps=timeline.fps)
    if edits is None:
        return episode_sounds(episode, timeline, [PieceSound(key=key) for key in timeline.keys], {}, {})
    shown = [Footage(first=1000, slots=span.frames, available=LASTS) for span in timeline.spans]
    seams = seams_of(timeline, sides(timeline, [*(edit.transition for edit in edits), CUT], shown))
    pieces = [
        PieceSound(key=key, footage=footage, sha256="clip", edit=edit)
        for key, footage, edit in zip(timeline.keys, shown, edits, strict=True)
    ]
    facts = {"clip": SoundFacts(samples=samples_at(LASTS, timeline.fps))}
    return episode_sounds(episode, replace(timeline, seams=seams), pieces, {}, facts, seams=seams)


@given(st.lists(st.integers(1, 400), min_size=1, max_size=40), st.sampled_from(RATES))
def test_silence_is_as_long_as_the_picture_to_the_sample(frames: list[int], fps: Fraction) -> None:
    """However many pieces there are, the sound's length is the rounded length of the whole picture."""
    plan = plan_of(laid(frames, fps))
    assert plan.samples == samples_at(sum(frames), fps)
    assert abs(plan.samples - sum(frames) * 48_000 / fps) <= Fraction(1, 2)


@given(st.lists(st.tuples(st.integers(2, 60), EDITS), min_size=2, max_size=12), st.sampled_from(RATES))
def test_sounds_that_overlap_are_as_long_as_the_picture(pieces: list[tuple[int, Edit]], fps: Fraction) -> None:
    """However far one sound reaches over another, no sample of the master is without one, and none is added."""
    timeline = laid([frames for frames, _ in pieces], fps)
    plan = plan_of(timeline, [edit for _, edit in pieces])
    assert plan.samples == samples_at(timeline.frames, fps)
    at = 0
    for event in sorted(plan.events, key=lambda each: each.begin):
        assert 0 <= event.begin <= at, "no hole"
        at = max(at, event.end)
    assert at == plan.samples


@given(st.lists(st.integers(1, 60), min_size=2, max_size=12), st.sampled_from(RATES))
def test_each_clip_is_heard_where_it_is_seen(frames: list[int], fps: Fraction) -> None:
    """The sample that goes with its first frame stands where that frame stands, however many pieces come before."""
    timeline = laid(frames, fps)
    plan = plan_of(timeline, [UNCUT] * len(frames))
    assert len(plan.events) == len(frames)
    for event in plan.events:
        begin = samples_at(timeline.span(event.key).start, fps)
        assert event.offset - (event.begin - begin) == samples_at(1000, fps)
