"""Cuts an episode's master, as it was planned, and keeps it in the store."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from render.context import RunContext
from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import Piece, timeline_notes
from render.cut.join import MasterFacts
from render.decisions import decided
from render.episode.burnt_captions import over_pictures, with_tracks
from render.episode.cut_work import PartWork
from render.episode.cutting_room import KeptPieces
from render.episode.manifest_records import CutShots
from render.episode.planned_master import PlannedMaster, keep_facts
from render.telemetry import CUT, FRAMES, span
from storyboard.timeline.master_timeline import Timeline

_LOG = logging.getLogger(__name__)


async def cut_master(
    context: RunContext, shots: CutShots, planned: PlannedMaster, *, folder: Path
) -> tuple[MasterFacts, PartWork]:
    """Cut it now, in `folder`, and keep it in the store; and what became of the pieces. Raises MediaError."""
    context.watcher.stage("cutting", 0)
    episode, pieces, timeline = shots.episode, shots.pieces, shots.timeline
    kept = KeptPieces(context.store, context.derived)
    with span(CUT, {FRAMES: timeline.frames}):
        facts = await cut_episode(
            pieces,
            timeline,
            episode.master,
            folder / f"{episode.episode}.mp4",
            kept=kept,
            sounds=KeptPieces(context.store, context.derived),
            score=planned.score,
            labels=planned.labels,
            drawn_over=over_pictures(planned.captions, KeptPieces(context.store, context.derived), folder),
            progress=lambda done: context.watcher.stage("cutting", done),
        )
    facts = await with_tracks(facts, planned.captions, episode)
    notes = timeline_notes(pieces, timeline, episode.end_transition)
    facts = replace(facts, notes=(*facts.notes, *notes, *planned.captions.notes))
    frames, slates = sum(piece.frames for piece in pieces), sum(_is_slate(piece) for piece in pieces)
    decided(_LOG, "joined", episode=episode.episode, pieces=len(pieces), slates=slates, frames=frames)
    for note in facts.notes:
        context.watcher.note(note)
    await context.in_thread(context.store.put_made, facts.path, known=facts.sha256)
    await keep_facts(context, planned, replace(facts, path=Path(facts.path.name)))
    return facts, _work(pieces, timeline, kept)


def _work(pieces: Sequence[Piece], timeline: Timeline, kept: KeptPieces) -> PartWork:
    """How the pictures came into the master: as they were delivered or drawn, made now, or made before."""
    made, reused = len(kept.made), len(kept.found)
    parts = len(pieces) + len(timeline.seams)
    return PartWork(what="pieces", copied=max(0, parts - made - reused), made=made, reused=reused)


def _is_slate(piece: Piece) -> bool:
    return piece.clip is None and not piece.card
