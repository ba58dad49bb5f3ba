"""What the cut does to each shot, with every default filled in, and what cannot be cut so."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction

from storyboard.continuity.music_spans import spans_of
from storyboard.edit import CUT, Edit, Transition, TransitionKind
from storyboard.errors import Position
from storyboard.expand.inheritance import Inherited, Place
from storyboard.loading import Project
from storyboard.model import EpisodeFile
from storyboard.model.cuts import Frames, TransitionItem
from storyboard.shot import Music, Shot

TRANSITION_S = Fraction(1, 2)
"""How long a transition takes that says no length."""

Blame = Callable[[Position, str], None]
"""Notes a mistake of a shot."""


def edit_of(place: Place, duration_s: Decimal | None, fps: Fraction, blame: Blame) -> Edit:
    """What the cut does to this shot, of which so many seconds are asked for; what is impossible is blamed."""
    shot = place.shot
    edit = Edit(
        in_s=_seconds(shot.in_ or Decimal(0), fps),
        out_s=None if shot.out is None else _seconds(shot.out, fps),
        speed=Fraction(shot.speed or 1),
        hold_first_s=_seconds(shot.hold.first or Decimal(0), fps),
        hold_last_s=_seconds(shot.hold.last or Decimal(0), fps),
        mute=place.value("mute", False),
        gain_db=place.value("gain_db", Decimal(0)),
        sound_from_s=_seconds(shot.sound_from or Decimal(0), fps),
        transition=_into(place, fps),
        at=place.at("in" if shot.out is None else "out"),
    )
    problem = _impossible(edit, duration_s, fps)
    if problem is None:
        return edit
    blame(edit.at or place.at(), problem)
    return Edit(transition=edit.transition)


def end_transition(project: Project, written: EpisodeFile, fps: Fraction) -> Transition:
    """How the last picture of the episode goes."""
    at = project.at(project.episode_file(written.episode), "end_transition")
    return _transition(written.end_transition, fps, at)


def refused_edits(
    places: Sequence[Place], shots: Sequence[Shot], music: Music | None, scenes: Mapping[str, Music], end: Transition
) -> Iterator[tuple[Place, Position, str]]:
    """What cannot be cut so because of what stands around it: the shot, where that is written, and what to tell."""
    songs = {shot.key for span in spans_of(shots, music, scenes) if span.music.sync for shot in span.shots}
    for place in places:
        if place.key in songs:
            yield from _trimmed(place)
    ways = [*(shot.edit.transition for shot in shots), end]
    for place, shot, into, out_of in zip(places, shots, ways, ways[1:], strict=False):
        if problem := _too_long(shot, into, out_of):
            yield place, max(into, out_of, key=lambda way: way.length_s).at or place.at(), problem


def _trimmed(place: Place) -> Iterator[tuple[Place, Position, str]]:
    """What would move a shot that is made to a song away from its seconds of it."""
    for name in ("in", "out", "speed", "hold"):
        if {name, f"{name}_"} & place.shot.model_fields_set:
            told = (
                f"{place.key} is made to a song, and `{name}` would move its picture away from the seconds that it was "
                "made to; write another `duration`, or remove `sync: true`"
            )
            yield place, place.at(name), told


def _too_long(shot: Shot, into: Transition, out_of: Transition) -> str | None:
    """What to tell of a shot that is shorter than the transitions into it and out of it."""
    length_s, both_s = shot.cut_s, into.length_s + out_of.length_s
    if length_s is None or both_s <= length_s:
        return None
    two = bool(into.length_s and out_of.length_s)
    lasting = f"the transitions into it and out of it last {_said(both_s)} s together"
    one = f"its {max(into, out_of, key=lambda way: way.length_s).kind} lasts {_said(both_s)} s"
    most = f"at most {_said(length_s / 2)} s each" if two else f"at most {_said(length_s)} s"
    return (
        f"{shot.key} is {_said(length_s)} s long in the cut, and {lasting if two else one}; write a shorter `length`, "
        f"{most}, or a longer shot"
    )


def _impossible(edit: Edit, duration_s: Decimal | None, fps: Fraction) -> str | None:
    end_s = _end_s(edit, duration_s)
    if edit.in_s < 0:
        return "`in` counts from the clip's beginning, and must not be negative"
    if end_s is None or not edit.trims:
        return None
    if edit.in_s >= end_s:
        return f"it begins at {_said(edit.in_s)} s of its clip and ends at {_said(end_s)} s; let `in` come before `out`"
    if (end_s - edit.in_s) / edit.speed * fps < 1:
        return f"it shows less than one frame at {float(fps):g} per second; let `in` and `out` stand further apart"
    return None


def _end_s(edit: Edit, duration_s: Decimal | None) -> Fraction | None:
    if edit.out_s is not None and edit.out_s > 0:
        return edit.out_s
    return None if duration_s is None else Fraction(duration_s) + (edit.out_s or 0)


def _into(place: Place, fps: Fraction) -> Transition:
    found: Inherited = place.inherit_transition()
    return _transition(found.value, fps, place.project.at(found.file, *found.path))


def _transition(item: TransitionItem | None, fps: Fraction, at: Position) -> Transition:
    if item is None or item.kind is TransitionKind.CUT:
        return CUT
    length_s = TRANSITION_S if item.length is None else _seconds(item.length, fps)
    return Transition(item.kind, length_s, at) if length_s else CUT


def _seconds(time: Decimal | Frames, fps: Fraction) -> Fraction:
    return time.count / fps if isinstance(time, Frames) else Fraction(time)


def _said(seconds: Fraction) -> str:
    return f"{float(seconds):.6g}"
