"""Cuts an episode: conforms what has to be, joins it, and says what was done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import Protocol, TypeVar

from render.cut import house_encoder
from render.cut.conform import conform, conform_key
from render.cut.cut_plan import Piece, plan_cut
from render.cut.join import JoinPiece, MasterFacts, join
from render.cut.music_bed import MusicBed
from render.cut.music_cues import Score
from render.decisions import decided
from render.media.colour_conversion import is_ordinary
from render.media.ffmpeg import Progress, ffmpeg_path, run
from render.media.graph import invented
from render.media.signature import StreamSignature, signature
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Timeline

T = TypeVar("T")

_LOG = logging.getLogger(__name__)

_house_signatures: dict[tuple[MasterFormat, Path], StreamSignature] = {}
"""How `house_encoder` encodes on this machine, by master format and ffmpeg: values only, measured once in a process."""


class ConformedPieces(Protocol):
    """Where conformed pieces are kept by their key. Both methods may block; they are called from a thread."""

    def find(self, key: str) -> Path | None:
        """The piece kept under this key, as a file to read; None where there is none."""
        ...

    def keep(self, key: str, piece: Path) -> Path:
        """Keep this file under this key; returns where it is to be read from now on."""
        ...


async def conformed(piece: Piece, master: MasterFormat, kept: ConformedPieces, scratch: Path) -> Path:
    """The piece's picture in the master's format: the one that is kept, else conformed now and kept.

    Called for each clip as it arrives, and by the cut for whatever is still missing.
    """
    assert piece.clip is not None
    ordinary = is_ordinary(await asyncio.to_thread(signature, piece.path))
    key = conform_key(piece.clip.sha256, piece.frames, master, ordinary=ordinary)
    if found := await asyncio.to_thread(kept.find, key):
        return found
    target = scratch / f"conformed-{token_hex(8)}.mp4"
    try:
        await conform(piece.path, piece.clip, piece.frames, master, target, what=piece.key)
        piece_at = await asyncio.to_thread(kept.keep, key, target)
    finally:
        target.unlink(missing_ok=True)
    size = f"{master.width}x{master.height}"
    decided(_LOG, "conformed", shot=piece.key, clip=piece.clip.sha256, frames=piece.frames, size=size)
    return piece_at


async def cut_episode(
    pieces: Sequence[Piece],
    timeline: Timeline,
    master: MasterFormat,
    target: Path,
    *,
    kept: ConformedPieces,
    music: MusicBed | None = None,
    score: Score | None = None,
    progress: Progress | None = None,
) -> MasterFacts:
    """Make the master, each piece at its place in the timeline, which has them all in the same order.

    Every picture in it was encoded at most once since it was delivered. `target`'s folder must be there; scratch files
    stand beside the target and are gone afterwards. Raises MediaError.
    """
    keys = [piece.key for piece in pieces]
    encoded = await _together(asyncio.to_thread(signature, piece.path) for piece in pieces)
    ours = await house_signature(master, target.parent)
    plan = plan_cut(pieces, dict(zip(keys, encoded, strict=True)), master, ours)
    pictures = await _together(
        _picture(piece, piece.key in plan.conform, master, kept, target.parent) for piece in pieces
    )
    joined = [JoinPiece.of(piece, picture, score) for piece, picture in zip(pieces, pictures, strict=True)]
    facts = await join(joined, timeline, master, target, music=music, score=score, progress=progress)
    return replace(facts, copied=plan.copied, notes=(*plan.notes, *facts.notes))


async def house_signature(master: MasterFormat, scratch: Path) -> StreamSignature:
    """How `house_encoder` encodes this master's format on this machine, measured once from one black frame."""
    known = (master, ffmpeg_path())
    if known not in _house_signatures:
        _house_signatures[known] = await _measured(master, scratch)
    return _house_signatures[known]


async def _measured(master: MasterFormat, scratch: Path) -> StreamSignature:
    sample = scratch / f".house-{token_hex(8)}.mp4"
    black = invented(f"color=c=black:s={master.width}x{master.height}:r={master.fps}")
    try:
        graph = house_encoder.output(black.filter("trim", end_frame=1), None, sample, master)
        await run(graph, what="try the house encoder")
        return await asyncio.to_thread(signature, sample)
    finally:
        sample.unlink(missing_ok=True)


async def _together(jobs: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """All results in order; the first failure ends the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def _picture(piece: Piece, needs: bool, master: MasterFormat, kept: ConformedPieces, scratch: Path) -> Path:
    return await conformed(piece, master, kept, scratch) if needs else piece.path
