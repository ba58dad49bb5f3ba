"""The clips' own sound in a master: each under its own picture, and how one gives way to the next. Pure.

At a hard cut one sound goes over into the other within 10 ms, in the middle of which the cut stands. It takes what the
clips have beyond the cut; where one has nothing there, the other gives more, and where neither has, each fades by
itself. Two parts of one clip that follow each other are therefore heard without any seam. Across a dissolve or a wipe
they cross over its whole length. With `sound_from` the sound changes before its picture (J-cut) or after it (L-cut), as
far as there is material. Where a frame is held nothing is heard of its clip.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Protocol

from storyboard.edit import UNCUT, Edit, TransitionKind
from storyboard.timeline.master_timeline import Span, Timeline
from storyboard.timeline.sample_grid import samples_at, samples_of, told_s
from storyboard.timeline.sound_events import EDGE, Curve, Fade, Material, SoundEvent, Track
from storyboard.timeline.sound_facts import Known
from storyboard.timeline.source_range import Footage

_MISSED = 480  # samples; so little material that is lacking under a J- or L-cut is not told


class Overlap(Protocol):
    """A transition as it lies over a cut: frames of the master before and after it."""

    @property
    def kind(self) -> TransitionKind:
        """How one picture follows the other."""
        ...

    @property
    def cut(self) -> int:
        """The frame of the master on which the second shot begins."""
        ...

    @property
    def before(self) -> int:
        """How many frames it takes before the cut."""
        ...

    @property
    def after(self) -> int:
        """How many it takes after the cut."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class PieceSound:
    """One piece of a master and the clip that it is heard of. `sha256` is None where there is none: a slate."""

    key: str
    footage: Footage | None = None
    sha256: str | None = None
    edit: Edit = UNCUT


@dataclass(frozen=True, slots=True)
class ClipSounds:
    """The clips' sound as events, and what a producer should know of it."""

    events: tuple[SoundEvent, ...]
    notes: tuple[str, ...]


@dataclass(slots=True)
class _Heard:
    """A piece's sound while its edges are found. Samples of the master."""

    piece: PieceSound
    start: int  # where its picture begins to move
    end: int  # and stops
    low: int  # where its material begins, within the master
    high: int  # and ends
    offset: int  # in the material, at `start`
    audible: bool
    first: int = 0
    last: int = 0
    rise: Fade | None = None
    fall: Fade | None = None


def clip_sounds(
    timeline: Timeline,
    pieces: Sequence[PieceSound],
    facts: Known,
    *,
    seams: Iterable[Overlap] = (),
    silent: frozenset[str] = frozenset(),
    levels: Mapping[str, Decimal] | None = None,
) -> ClipSounds:
    """The sound of the pieces, which stand beside the timeline's spans.

    Of those in `silent` nothing is heard, as music takes their place. `levels` are decibels by which shots are brought
    to their neighbours' loudness, beside their own gain.
    """
    over = {seam.cut: seam for seam in seams}
    heard = [_of(piece, span, timeline.fps, facts, silent) for piece, span in zip(pieces, timeline.spans, strict=True)]
    end = samples_at(timeline.frames, timeline.fps)
    for each in heard:
        each.low, each.high = max(0, each.low), min(each.high, end)
    notes: list[str] = []
    earliest = 0  # a boundary stays behind the one before it
    for number, span in enumerate(timeline.spans):
        one, other = heard[number - 1] if number else None, heard[number]
        cut = samples_at(span.start, timeline.fps)
        at = cut if one is None else _boundary(one, other, cut, earliest, notes)
        earliest = at + EDGE
        _meet(one, other, at, _Change.over(over.get(span.start), timeline.fps))
    if heard:
        _meet(heard[-1], None, end, _Change.over(over.get(timeline.frames), timeline.fps))
    return ClipSounds(tuple(_events(heard, levels or {})), tuple(notes))


def _of(piece: PieceSound, span: Span, fps: Fraction, facts: Known, silent: frozenset[str]) -> _Heard:
    footage = piece.footage
    known = facts.get(piece.sha256) if piece.sha256 is not None else None
    start, end = samples_at(span.start, fps), samples_at(span.end, fps)
    if footage is None or known is None or piece.edit.mute or piece.key in silent:
        return _Heard(piece, start, end, start, end, 0, audible=False)
    begins = samples_at(span.start + footage.hold_first, fps)
    stops = samples_at(span.end - footage.hold_last, fps)
    offset = samples_at(footage.first, fps)
    low = begins if footage.hold_first else begins - offset
    high = begins - offset + floor(known.samples / footage.speed)
    return _Heard(piece, begins, stops, low, min(high, stops) if footage.hold_last else high, offset, known.samples > 0)


def _boundary(one: _Heard, other: _Heard, cut: int, earliest: int, notes: list[str]) -> int:
    """Where the sound changes: at the cut, or beside it as far as there is material."""
    moved = samples_of(other.piece.edit.sound_from_s)
    if not moved:
        return cut
    wanted = cut + moved
    if moved < 0:
        at = min(cut, max(wanted, other.low, earliest)) if other.audible else cut
    else:
        at = max(cut, min(wanted, one.high, other.end - EDGE)) if one.audible else cut
    if abs(wanted - at) > _MISSED:
        notes.append(_lacks(one, other, cut, moved, at))
    return at


def _lacks(one: _Heard, other: _Heard, cut: int, moved: int, at: int) -> str:
    asked = f"{other.piece.key}: `sound_from` asks for {told_s(abs(moved))}"
    if moved < 0:
        why = "of its sound before its picture, and its clip has" if other.audible else "of its sound, and it has none:"
    else:
        why = f"of {one.piece.key} under it, and that has" if one.audible else f"of {one.piece.key}, which is silent:"
    return f"{asked} {why} {told_s(abs(at - cut))} there"


@dataclass(frozen=True, slots=True)
class _Change:
    """How one sound gives way to the next around a boundary: over how many samples before and after it, and how."""

    before: int
    after: int
    kind: TransitionKind

    @classmethod
    def over(cls, seam: Overlap | None, fps: Fraction) -> _Change:
        """That of a transition, else that of a hard cut."""
        if seam is None or seam.kind is TransitionKind.CUT:
            return cls(EDGE // 2, EDGE // 2, TransitionKind.CUT)
        at = samples_at(seam.cut, fps)
        return cls(at - samples_at(seam.cut - seam.before, fps), samples_at(seam.cut + seam.after, fps) - at, seam.kind)

    def reach(self, there: int, here: int) -> tuple[int, int, Fade, Fade]:
        """How far the first is heard after the boundary and the second before it, and how they go and come.

        So much material is `there` of the first after it, and `here` of the second before it.
        """
        if self.kind is TransitionKind.CUT:
            late = min(there, max(self.after, EDGE - here))
            return late, min(here, max(self.before, EDGE - late)), Fade(EDGE), Fade(EDGE)
        if self.kind.dips:
            return 0, 0, Fade(max(EDGE, self.before)), Fade(max(EDGE, self.after))
        late, early = min(there, self.after), min(here, self.before)
        fall, rise = max(EDGE, self.before + late), max(EDGE, early + self.after)
        return late, early, Fade(fall, Curve.POWER), Fade(rise, Curve.POWER)


def _meet(one: _Heard | None, other: _Heard | None, at: int, change: _Change) -> None:
    """Set how the first ends and the second begins around one sample of the master."""
    there = max(0, one.high - at) if one is not None and one.audible and other is not None else 0
    here = max(0, at - other.low) if other is not None and other.audible and one is not None else 0
    late, early, fall, rise = change.reach(there, here)
    if one is not None:
        one.last = min(at + late, one.high)
        ended = at + late - one.last  # it ended so long before, by itself
        one.fall = Fade(max(EDGE, fall.samples - ended), fall.curve)
    if other is not None:
        other.first = max(at - early, other.low)
        other.rise = rise


def _events(heard: Iterable[_Heard], levels: Mapping[str, Decimal]) -> Iterable[SoundEvent]:
    for each in heard:
        if not each.audible or each.last <= each.first or each.piece.sha256 is None or each.piece.footage is None:
            continue
        yield SoundEvent(
            track=Track.CLIP,
            material=Material(each.piece.sha256, with_picture=True, speed=each.piece.footage.speed),
            begin=each.first,
            samples=each.last - each.first,
            offset=each.offset + each.first - each.start,
            gain_db=each.piece.edit.gain_db + levels.get(each.piece.key, Decimal(0)),
            rise=each.rise,
            fall=each.fall,
            key=each.piece.key,
        )
