"""Cuts an episode: conforms what has to be, joins it, and says what was done."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from secrets import token_hex
from typing import TypeVar

from render.cut import house_encoder
from render.cut.cut_plan import Piece, Segment, plan_cut
from render.cut.join import MasterFacts, PieceSound, join
from render.cut.music_bed import MusicBed
from render.cut.music_cues import Score
from render.cut.segment_files import ConformedPieces, SegmentFile, segment_file
from render.media.ffmpeg import Progress, ffmpeg_path, run
from render.media.graph import invented
from render.media.signature import StreamSignature, signature
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Timeline

T = TypeVar("T")

_LOG = logging.getLogger(__name__)

_house_signatures: dict[tuple[MasterFormat, Path], StreamSignature] = {}
"""How `house_encoder` encodes on this machine, by master format and ffmpeg: values only, measured once in a process."""


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
    plan = plan_cut(pieces, timeline, dict(zip(keys, encoded, strict=True)), master, ours)
    pictures = await _together(
        _copied(segment, pieces)
        if number in plan.copied
        else segment_file(segment, pieces, master, kept, target.parent)
        for number, segment in enumerate(plan.segments)
    )
    sounds = [_sound(piece, score or Score()) for piece in pieces]
    facts = await join(pictures, sounds, timeline, master, target, music=music, score=score, progress=progress)
    return replace(facts, copied=plan.untouched, notes=(*plan.notes, *facts.notes))


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


async def _copied(segment: Segment, pieces: Sequence[Piece]) -> SegmentFile:
    assert segment.first is not None
    return SegmentFile(path=pieces[segment.first.piece].path, frames=segment.frames, made=False)


def _sound(piece: Piece, score: Score) -> PieceSound:
    """A slate is silent."""
    heard = piece.clip is not None and piece.key not in score.muted
    return PieceSound(piece.path if heard else None, score.lowered.get(piece.key, 0))
