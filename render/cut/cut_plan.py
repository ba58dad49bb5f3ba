"""The pieces of a master, and which of their pictures can be copied. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

from render.media.signature import StreamSignature
from render.media.stream_traits import traits_of
from storyboard.continuity.timing import HELD_AT_MOST, frame_slots
from storyboard.shot import MasterFormat, Shot
from storyboard.takes import ClipFacts
from storyboard.timeline.master_timeline import Timeline

_BT709, _UNSTATED = 1, 2  # matrix, primaries and transfer, as H.273 numbers them


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """One shot's place in the master. `clip` is None for a slate, whose file `house_encoder` wrote."""

    key: str  # SCENE/SHOT
    frames: int  # of the master
    path: Path  # the circled take's clip as it was delivered, or the slate
    clip: ClipFacts | None

    @classmethod
    def of(cls, shot: Shot, frames: int, path: Path, clip: ClipFacts | None) -> Piece:
        """The piece that this shot gives to the master."""
        return cls(key=shot.key, frames=frames, path=path, clip=clip)

    @property
    def recipe(self) -> list[str | int]:
        """All that decides how it looks and sounds in the master: what is not in here, a kept master ignores."""
        return [self.clip.sha256 if self.clip else f"slate {self.key}", self.frames]


def timeline_of(pieces: Sequence[Piece], fps: Fraction) -> Timeline:
    """Where the pieces stand in the master, one after the other."""
    return Timeline.laid(((piece.key, piece.frames) for piece in pieces), fps)


@dataclass(frozen=True, slots=True, kw_only=True)
class CutPlan:
    """What the cut will do. `conform` holds the keys of the clips to conform first; none: all are copied."""

    conform: frozenset[str]
    notes: tuple[str, ...]

    @property
    def copied(self) -> bool:
        """Whether every clip's picture goes into the master as the vendor encoded it."""
        return not self.conform


def plan_cut(
    pieces: Sequence[Piece],
    signatures: Mapping[str, StreamSignature],
    master: MasterFormat,
    house: StreamSignature | None = None,
) -> CutPlan:
    """Decide which pictures are copied. `signatures` are by piece key; `house` is that of `house_encoder`.

    Pictures are copied together only where all agree in every parameter. So either all clips come from one encoder,
    whole and in the master's format, or all must agree with what `house_encoder` writes, and each clip that does not
    is conformed.
    """
    one_encoder = len({signatures[piece.key] for piece in pieces}) == 1
    if one_encoder and all(copyable(piece, signatures[piece.key], master) for piece in pieces):
        conform: frozenset[str] = frozenset()
    else:
        conform = frozenset(piece.key for piece in pieces if not _is_ours(piece, signatures[piece.key], master, house))
    return CutPlan(conform=conform, notes=_notes(pieces, master))


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
    return max(0, piece.frames - frame_slots(piece.clip, master.fps)) if piece.clip else 0


def _whole(piece: Piece, master: MasterFormat) -> bool:
    clip = piece.clip
    if clip is None:
        return True
    return clip.frame_times_us is None and clip.fps == master.fps and clip.frames == piece.frames


def _is_ours(piece: Piece, encoded: StreamSignature, master: MasterFormat, house: StreamSignature | None) -> bool:
    if piece.clip is None:
        return True
    return encoded == house and copyable(piece, encoded, master)


def _notes(pieces: Sequence[Piece], master: MasterFormat) -> tuple[str, ...]:
    notes = []
    for piece in pieces:
        missing = missing_frames(piece, master)
        if missing:
            much = "" if missing <= HELD_AT_MOST else ", which shows: make it again, or shorten it"
            notes.append(f"{piece.key} is {missing} frame{'s' * (missing > 1)} short: its last frame is held{much}")
    return tuple(notes)
