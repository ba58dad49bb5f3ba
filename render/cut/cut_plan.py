"""The pieces of a master, the files that it is joined from, and which of their pictures can be copied. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from render.media.signature import StreamSignature
from render.media.stream_traits import traits_of
from storyboard.continuity.timing import HELD_AT_MOST, footage, tail_index
from storyboard.edit import CUT, UNCUT, Edit, Transition, TransitionKind
from storyboard.shot import MasterFormat, Shot
from storyboard.takes import ClipFacts
from storyboard.timeline.master_timeline import Seam, Timeline
from storyboard.timeline.seams import Side, held_note, seams_of, shortened, sides
from storyboard.timeline.source_range import Footage, Shown

_BT709, _UNSTATED = 1, 2  # matrix, primaries and transfer, as H.273 numbers them


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One shot's place in the master, or a card's. `clip` is None of what was drawn, which `house_encoder` wrote."""

    key: str  # SCENE/SHOT; of a card its own
    frames: int  # of the master
    path: Path  # the circled take's clip as it was delivered, or the slate, or the card
    clip: ClipFacts | None
    edit: Edit = UNCUT
    drawn: str = ""  # of a card: the sha256 of its clip
    card: bool = False

    @classmethod
    def of(cls, shot: Shot, frames: int, path: Path, clip: ClipFacts | None) -> Piece:
        """The piece that this shot gives to the master."""
        return cls(key=shot.key, frames=frames, path=path, clip=clip, edit=shot.edit)

    def footage(self, fps: Fraction) -> Footage | None:
        """The part of its clip that it shows; None of a slate."""
        return None if self.clip is None else footage(self.edit, self.frames, self.clip, fps)

    def frame_at(self, frame: int, fps: Fraction) -> int | None:
        """Which frame of its clip is seen at this frame of the piece, both from 0; None of a slate."""
        footage = self.footage(fps)
        if footage is None or self.clip is None:
            return None
        return tail_index(self.clip, footage.shown(frame, frame + 1).first + 1, fps, self.edit.speed)

    @property
    def recipe(self) -> list[object]:
        """All that decides how it looks and sounds by itself: what is not in here, a kept master ignores."""
        named: list[object] = [self.clip.sha256 if self.clip else self.drawn or f"slate {self.key}", self.frames]
        edit = self.edit
        if not (edit.trims or edit.mute or edit.gain_db or edit.sound_from_s):
            return named
        times = (edit.in_s, edit.speed, edit.hold_first_s, edit.hold_last_s, edit.sound_from_s)
        return [*named, *map(str, times), edit.mute, str(edit.gain_db)]


def timeline_of(pieces: Sequence[Piece], fps: Fraction, end: Transition = CUT) -> Timeline:
    """Where the pieces stand in the master, and the transitions that lie over its cuts; the last is `end`."""
    cuts = Timeline.laid(((piece.key, piece.frames) for piece in pieces), fps)
    return replace(cuts, seams=seams_of(cuts, _sides(pieces, cuts, end)))


def timeline_notes(pieces: Sequence[Piece], timeline: Timeline, end: Transition = CUT) -> Iterator[str]:
    """What a producer should know of the transitions: those that hold a frame, and those that had to be shorter."""
    for seam in timeline.seams:
        if seam.held > HELD_AT_MOST:
            yield held_note(seam, timeline)
    for number, frames, written in shortened(timeline, _sides(pieces, timeline, end)):
        where = f"into {timeline.keys[number]}" if number < len(timeline.keys) else "at the end"
        yield f"the transition {where} takes {frames} frames instead of {written}: the shots beside it are too short"


def _sides(pieces: Sequence[Piece], timeline: Timeline, end: Transition) -> tuple[Side, ...]:
    ways = [*(piece.edit.transition for piece in pieces), end]
    return sides(timeline, ways, [piece.footage(timeline.fps) for piece in pieces])


@dataclass(frozen=True, slots=True)
class Part:
    """What is seen of one piece, by its number, in a file that the master is joined from."""

    piece: int
    shown: Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of frames of the master that is one file: a part of one piece, or a transition.

    In a transition `first` goes and `second` comes; where one of them is None there is black, or white.
    """

    frames: int
    first: Part | None
    second: Part | None = None
    kind: TransitionKind = TransitionKind.CUT

    @property
    def parts(self) -> list[Part]:
        """What is seen in it."""
        return [part for part in (self.first, self.second) if part is not None]


def segments_of(pieces: Sequence[Piece], timeline: Timeline) -> tuple[Segment, ...]:
    """The files of a master in order; together they are as long as its timeline."""
    return tuple(_segments(pieces, timeline))


def _segments(pieces: Sequence[Piece], timeline: Timeline) -> Iterator[Segment]:
    seams = {seam.number: seam for seam in timeline.seams}
    for number, piece in enumerate(pieces):
        into, out_of = seams.get(number), seams.get(number + 1)
        if into is not None:
            yield _transition(into, pieces, timeline.fps)
        begin = into.after if into is not None else 0
        end = piece.frames - (out_of.before if out_of is not None else 0)
        if end > begin:
            yield Segment(frames=end - begin, first=_part(number, pieces, begin, end, timeline.fps))
    last = seams.get(len(pieces))
    if last is not None:
        yield _transition(last, pieces, timeline.fps)


def _transition(seam: Seam, pieces: Sequence[Piece], fps: Fraction) -> Segment:
    """A dip shows each piece for its own half alone; of the others both go on for as long as it lasts."""
    going, coming = seam.number - 1, seam.number
    first = second = None
    if going >= 0:
        end = pieces[going].frames
        first = _part(going, pieces, end - seam.before, end + (0 if seam.kind.dips else seam.after), fps)
    if coming < len(pieces):
        second = _part(coming, pieces, 0 if seam.kind.dips else -seam.before, seam.after, fps)
    return Segment(frames=seam.frames, first=first, second=second, kind=seam.kind)


def _part(number: int, pieces: Sequence[Piece], begin: int, end: int, fps: Fraction) -> Part | None:
    if end <= begin:
        return None
    footage = pieces[number].footage(fps) or _still(pieces[number])
    return Part(number, footage.shown(begin, end))


def _still(piece: Piece) -> Footage:
    """A slate, of which there is as much as is shown."""
    return Footage(first=0, slots=piece.frames, available=piece.frames)


def settled_segments(
    before: Piece | None, piece: Piece, after: Piece | None, fps: Fraction, end: Transition = CUT
) -> tuple[list[Piece], list[Segment]]:
    """What can be said of one piece as soon as its neighbours are there: its own file, and the transitions beside it.

    `before` and `after` are None where no transition leads there, or nothing stands there; `end` is the transition
    after the last piece. The first value is what the numbers in the segments mean.
    """
    near = [each for each in (before, piece, after) if each is not None]
    number = near.index(piece)
    segments = segments_of(near, timeline_of(near, fps, end if after is None else CUT))
    here = [
        each for each in segments if number in {part.piece for part in (each.first, each.second) if part is not None}
    ]
    return near, here


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPlan:
    """What the cut will do. `copied` are the segments, by number, whose picture goes in as it was delivered."""

    segments: tuple[Segment, ...]
    copied: frozenset[int]
    notes: tuple[str, ...]

    @property
    def untouched(self) -> bool:
        """Whether every picture goes into the master as the vendor encoded it."""
        return len(self.copied) == len(self.segments)


def plan_cut(
    pieces: Sequence[Piece],
    timeline: Timeline,
    signatures: Mapping[str, StreamSignature],
    master: MasterFormat,
    house: StreamSignature | None = None,
    *,
    house_alone: bool = False,
) -> CutPlan:
    """Decide which pictures are copied. `signatures` are by piece key; `house` is that of `house_encoder`.

    Pictures are copied together only where all agree in every parameter. So either all clips come from one encoder,
    whole and in the master's format, or all must agree with what `house_encoder` writes, and each clip that does not
    is conformed. A transition is encoded in any case, and by `house_encoder`; with `house_alone` all must be its own.
    """
    segments = segments_of(pieces, timeline)
    whole = [
        number
        for number, each in enumerate(segments)
        if _is_whole(each, pieces, signatures, master) and not each.second
    ]
    one_encoder = len({signatures[piece.key] for piece in pieces}) == 1
    if house_alone or not (one_encoder and len(whole) == len(segments)):
        whole = [number for number in whole if _is_ours(_piece_of(segments[number], pieces), signatures, house)]
    return CutPlan(segments=segments, copied=frozenset(whole), notes=_notes(pieces, master))


def _piece_of(segment: Segment, pieces: Sequence[Piece]) -> Piece:
    assert segment.first is not None
    return pieces[segment.first.piece]


def _is_whole(
    segment: Segment, pieces: Sequence[Piece], signatures: Mapping[str, StreamSignature], master: MasterFormat
) -> bool:
    """Whether it is all of one piece, which can stand in the master untouched."""
    if segment.kind is not TransitionKind.CUT or segment.first is None:
        return False
    piece = _piece_of(segment, pieces)
    return segment.frames == piece.frames and copyable(piece, signatures[piece.key], master)


def copyable(piece: Piece, encoded: StreamSignature, master: MasterFormat) -> bool:
    """Whether the piece, by itself, can stand in the master untouched: the whole clip, in the master's format."""
    fits = (encoded.width, encoded.height, encoded.fps) == (master.width, master.height, master.fps)
    plain = encoded.codec == "h264" and encoded.pix_fmt == "yuv420p" and not traits_of(encoded)
    return fits and plain and encoded.start == 0 and _in_bt709(encoded) and _whole(piece, master)


def _in_bt709(encoded: StreamSignature) -> bool:
    """Whether it says so, or says nothing, as vendors do: players then take it for what the master is."""
    return set(encoded.colours[1:]) <= {_UNSTATED, _BT709}


def missing_frames(piece: Piece, master: MasterFormat) -> int:
    """How many frames of the master the clip does not fill; its last frame is held for so long."""
    footage = piece.footage(master.fps)
    return 0 if footage is None else footage.missing


def _whole(piece: Piece, master: MasterFormat) -> bool:
    clip = piece.clip
    if clip is None:
        return True
    return (
        clip.frame_times_us is None and clip.fps == master.fps and clip.frames == piece.frames and not piece.edit.trims
    )


def _is_ours(piece: Piece, signatures: Mapping[str, StreamSignature], house: StreamSignature | None) -> bool:
    return piece.clip is None or signatures[piece.key] == house


def _notes(pieces: Sequence[Piece], master: MasterFormat) -> tuple[str, ...]:
    notes = []
    for piece in pieces:
        missing = missing_frames(piece, master)
        if missing:
            much = "" if missing <= HELD_AT_MOST else ", which shows: make it again, or shorten it"
            notes.append(f"{piece.key} is {missing} frame{'s' * (missing > 1)} short: its last frame is held{much}")
    return tuple(notes)
