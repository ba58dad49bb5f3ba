"""Makes the files that a master is joined from: clips that are copied, parts that are conformed, transitions.

All that is made is kept under a key of everything that decides how it looks, and found again by it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from typing import Protocol

from render.cut.blend import Blend, blend
from render.cut.conform import ClipPart, conform
from render.cut.cut_plan import Part, Piece, Segment
from render.decisions import decided
from render.media.colour_conversion import is_ordinary
from render.media.measures import sha256_of
from render.media.signature import StreamSignature, signature, signature_of_clip
from render.telemetry import CONFORM, FRAMES, span
from storyboard.edit import TransitionKind
from storyboard.shot import MasterFormat

_LOG = logging.getLogger(__name__)


class ConformedPieces(Protocol):
    """Where conformed pieces are kept by their key. Both methods may block; they are called from a thread."""

    def find(self, key: str) -> Path | None:
        """The piece kept under this key, as a file to read; None where there is none."""
        ...

    def keep(self, key: str, piece: Path) -> Path:
        """Keep this file under this key; returns where it is to be read from now on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class SegmentFile:
    """The picture of one segment, by what it is kept (empty where it is copied), and whether it was made just now."""

    path: Path
    frames: int
    made: bool
    key: str = ""


def encoded_as(piece: Piece) -> StreamSignature:
    """How a piece's picture is encoded. Blocks. Raises MediaError where none can be decoded."""
    return signature(piece.path) if piece.clip is None else signature_of_clip(piece.path, piece.clip.sha256)


async def segment_file(
    segment: Segment, pieces: Sequence[Piece], master: MasterFormat, kept: ConformedPieces, scratch: Path
) -> SegmentFile:
    """The segment in the master's format: the file that is kept, else made now and kept. Raises MediaError."""
    making = await _making(segment, pieces, master)
    if found := await asyncio.to_thread(kept.find, making.key):
        return SegmentFile(path=found, frames=segment.frames, made=False, key=making.key)
    target = scratch / f"conformed-{token_hex(8)}.mp4"
    name = _name(segment, pieces)
    try:
        with span(CONFORM, {FRAMES: segment.frames}):
            if isinstance(making.what, Blend):
                await blend(making.what, master, target, what=name)
            else:
                await conform(making.what, master, target, what=name)
        path = await asyncio.to_thread(kept.keep, making.key, target)
    finally:
        target.unlink(missing_ok=True)
    _decided(segment, pieces, name, master)
    return SegmentFile(path=path, frames=segment.frames, made=True, key=making.key)


async def segment_key(segment: Segment, pieces: Sequence[Piece], master: MasterFormat) -> str:
    """The name of everything that decides how a segment looks."""
    return (await _making(segment, pieces, master)).key


async def transition_of(segment: Segment, pieces: Sequence[Piece], master: MasterFormat) -> tuple[str, Blend]:
    """How a transition is drawn, and the name of everything that decides how it looks."""
    making = await _making(segment, pieces, master)
    assert isinstance(making.what, Blend)
    return making.key, making.what


@dataclass(frozen=True, slots=True)
class _Making:
    """What is made of a segment, and the name under which it is kept."""

    key: str
    what: ClipPart | Blend


async def _making(segment: Segment, pieces: Sequence[Piece], master: MasterFormat) -> _Making:
    first, second = [await _clip_part(part, pieces) for part in (segment.first, segment.second)]
    names = [await asyncio.to_thread(_part_key, part, master) for part in (first, second)]
    if segment.kind is TransitionKind.CUT and first is not None:
        return _Making(names[0], first)
    drawn = Blend(kind=segment.kind, frames=segment.frames, first=first, second=second)
    return _Making(drawn.key(*names), drawn)


def _part_key(part: ClipPart | None, master: MasterFormat) -> str:
    if part is None:
        return ""
    return part.key(sha256_of(part.path) if part.clip is None else "", master)


async def _clip_part(part: Part | None, pieces: Sequence[Piece]) -> ClipPart | None:
    if part is None:
        return None
    piece = pieces[part.piece]
    ordinary = piece.clip is None or is_ordinary(await asyncio.to_thread(encoded_as, piece))
    return ClipPart(path=piece.path, clip=piece.clip, shown=part.shown, speed=piece.edit.speed, ordinary=ordinary)


def _name(segment: Segment, pieces: Sequence[Piece]) -> str:
    """What a person calls it: the shot, or the transition into it."""
    key = pieces[segment.parts[-1].piece].key
    if segment.kind is TransitionKind.CUT:
        return key
    return f"the {segment.kind} {'into' if segment.second is not None else 'out of'} {key}"


def _decided(segment: Segment, pieces: Sequence[Piece], name: str, master: MasterFormat) -> None:
    size = f"{master.width}x{master.height}"
    if segment.kind is TransitionKind.CUT and segment.first is not None:
        piece = pieces[segment.first.piece]
        sha256 = piece.clip.sha256 if piece.clip is not None else None
        decided(_LOG, "conformed", shot=piece.key, clip=sha256, frames=segment.frames, size=size)
    else:
        decided(_LOG, "blended", frames=segment.frames, size=size, why=name)
