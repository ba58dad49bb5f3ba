"""Lines of dialogue and narration and sound effects in a master, from their files. Pure.

A line stands where it is written to, from the moment at which its shot begins in the master. Lines for which nothing is
written follow each other: alone in their shot they share its free time, before, between and after them; else each
comes a little after the one before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from storyboard.shot import Shot
from storyboard.sounds import Effect, SpokenFile
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import SOUND_RATE, samples_at, samples_of, told_s
from storyboard.timeline.sound_events import EDGE, Curve, Fade, Material, SoundEvent, Track
from storyboard.timeline.sound_facts import Known, integrated
from storyboard.timeline.sound_plan import Stretch

_PAUSE = SOUND_RATE * 3 // 10  # after a line, where the next one follows it
_LONGEST_PAUSE = SOUND_RATE * 6 // 10
_LINE_EDGE = SOUND_RATE // 500  # 2 ms, in which a recording that begins or ends within its wave comes and goes


class Spoken(NamedTuple):
    """A stretch of the master in which somebody speaks, and how loud that is, in hundredths of a LUFS."""

    begin: int
    end: int
    level: int | None


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A recorded line at its place in the master, in samples. `line` is its number among those of its shot."""

    key: str
    line: int
    begin: int
    end: int
    narration: bool
    file: SpokenFile


@dataclass(frozen=True, slots=True)
class LineSounds:
    """Lines and effects as events, where the lines are spoken, and what a producer should know of them."""

    events: tuple[SoundEvent, ...]
    spoken: tuple[Spoken, ...]
    notes: tuple[str, ...]


def line_sounds(timeline: Timeline, shots: Iterable[Shot], hashes: Mapping[str, str], facts: Known) -> LineSounds:
    """All that the shots of a master have of their own beside their clips. `hashes` gives the sha256 of each source."""
    here = [shot for shot in shots if shot.key in timeline.keys]
    lines = placed_lines(timeline, here, hashes, facts)
    effects = [event for shot in here for event in _effects(shot, timeline, hashes, facts)]
    return LineSounds(
        events=(*(_event(each, hashes) for each in lines), *effects),
        spoken=tuple(_spoken(each, hashes, facts) for each in lines),
        notes=tuple(_notes(timeline, lines, effects)),
    )


def placed_lines(
    timeline: Timeline, shots: Iterable[Shot], hashes: Mapping[str, str], facts: Known
) -> tuple[PlacedLine, ...]:
    """Where each recorded line of these shots stands, in order of their shots."""
    placed: list[PlacedLine] = []
    for shot in shots:
        if shot.key in timeline.keys:
            for files, narration in ((shot.sounds.dialogue, False), (shot.sounds.narration, True)):
                lengths = [facts[hashes[each.source]].samples for each in files]
                span = timeline.span(shot.key)
                start, end = samples_at(span.start, timeline.fps), samples_at(span.end, timeline.fps)
                for each, at, length in zip(files, _places(files, lengths, end - start), lengths, strict=True):
                    placed.append(PlacedLine(shot.key, each.line, start + at, start + at + length, narration, each))
    return tuple(placed)


def _places(files: Sequence[SpokenFile], lengths: Sequence[int], shot: int) -> Iterator[int]:
    """Where in the shot each begins."""
    free = max(0, shot - sum(lengths))
    alone = all(each.at_s is None for each in files)
    pause = min(_LONGEST_PAUSE, free // (len(files) + 1)) if alone else _PAUSE
    at = pause
    for each, length in zip(files, lengths, strict=True):
        begin = at if each.at_s is None else samples_of(each.at_s)
        yield begin
        at = begin + length + pause


def _event(placed: PlacedLine, hashes: Mapping[str, str]) -> SoundEvent:
    length = placed.end - placed.begin
    edge = Fade(min(_LINE_EDGE, max(1, length // 2)))
    return SoundEvent(
        track=Track.DIALOGUE,
        material=Material(hashes[placed.file.source]),
        begin=placed.begin,
        samples=length,
        gain_db=placed.file.gain_db,
        rise=edge,
        fall=edge,
        key=placed.key,
    )


def _spoken(placed: PlacedLine, hashes: Mapping[str, str], facts: Known) -> Spoken:
    level = integrated(facts[hashes[placed.file.source]].momentary)
    gain = round(placed.file.gain_db * 100)
    return Spoken(placed.begin, placed.end, None if level is None else level + gain)


def _effects(shot: Shot, timeline: Timeline, hashes: Mapping[str, str], facts: Known) -> Iterator[SoundEvent]:
    span = timeline.span(shot.key)
    start, end = samples_at(span.start, timeline.fps), samples_at(span.end, timeline.fps)
    for effect in shot.sounds.effects:
        sha256 = hashes[effect.source]
        yield _effect(effect, shot.key, (start, end), sha256, facts[sha256].samples)


def _effect(effect: Effect, key: str, shot: Stretch, sha256: str, own: int) -> SoundEvent:
    begin, end = shot[0] + samples_of(effect.at_s), shot[1]
    asked = samples_of(effect.length_s) if effect.length_s is not None else end - begin if effect.loop else own
    samples = max(0, asked if effect.loop else min(asked, own))
    cut = effect.loop or samples < own
    fall = samples_of(effect.fade_out_s) or (EDGE if cut else 0)
    rise = samples_of(effect.fade_in_s)
    return SoundEvent(
        track=Track.EFFECTS,
        material=Material(sha256, loop=(0, own) if effect.loop and samples > own else None),
        begin=begin,
        samples=samples,
        gain_db=effect.gain_db,
        rise=Fade(min(rise, samples), Curve.SMOOTH) if rise and samples else None,
        fall=Fade(min(fall, samples), Curve.SMOOTH) if fall and samples else None,
        key=key,
    )


def _notes(timeline: Timeline, lines: Sequence[PlacedLine], effects: Sequence[SoundEvent]) -> Iterator[str]:
    end = samples_at(timeline.frames, timeline.fps)
    for each in lines:
        shot_end = samples_at(timeline.span(each.key).end, timeline.fps)
        what = "narration" if each.narration else "line"
        named = f"{each.key}: the {what} of {each.file.source}"
        if each.end > end:
            yield f"{named} runs {told_s(each.end - end)} beyond the episode's end, where it is cut off"
        elif not each.narration and each.end > shot_end + _PAUSE:
            yield f"{named} runs {told_s(each.end - shot_end)} beyond its shot, under the next one"
    for effect in effects:
        if effect.begin >= end:
            yield f"{effect.key}: an effect begins after the episode's end, and is not heard"
