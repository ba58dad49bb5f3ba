"""Makes an episode's master: plans what it is made of, finds the one of before, or cuts it now."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from render.context import RunContext
from render.cut import house_encoder
from render.cut.cut_episode import Score, cut_episode
from render.cut.cut_plan import Piece, timeline_notes
from render.cut.join import MasterFacts
from render.decisions import decided
from render.episode.cut_work import PartWork
from render.episode.cutting_room import KeptPieces
from render.episode.episode_sound import episode_sound
from render.ledger import queries, recipes
from render.markers.labels import Labels
from render.mix.mix_episode import mix_recipe
from storyboard.shot import Episode
from storyboard.timeline.markers import chapters_of, metadata_of
from storyboard.timeline.master_timeline import Timeline

_LOG = logging.getLogger(__name__)
_FACTS: TypeAdapter[MasterFacts] = TypeAdapter(MasterFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMaster:
    """A master before it is cut: all that decides how it looks and sounds, and the one that this gave before."""

    recipe: str
    score: Score
    labels: Labels
    kept: MasterFacts | None  # None: it has to be cut


async def plan_master(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
) -> PlannedMaster:
    """What the master of these pieces is made of; `references` gives the sha256 of each source."""
    score = await episode_sound(context, episode, pieces, timeline, references)
    labels = Labels(metadata_of(episode), chapters_of(episode, timeline))
    recipe = master_recipe(episode, pieces, timeline, sound=mix_recipe(score.plan, score.loudness), labels=labels)
    return PlannedMaster(recipe=recipe, score=score, labels=labels, kept=await _kept(context, recipe))


async def cut_master(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    planned: PlannedMaster,
    *,
    folder: Path,
) -> tuple[MasterFacts, PartWork]:
    """Cut it now, in `folder`, and keep it in the store; and what became of the pieces. Raises MediaError."""
    context.watcher.stage("cutting", 0)
    kept = KeptPieces(context.store, context.derived)
    facts = await cut_episode(
        pieces,
        timeline,
        episode.master,
        folder / f"{episode.episode}.mp4",
        kept=kept,
        sounds=KeptPieces(context.store, context.derived),
        score=planned.score,
        labels=planned.labels,
        progress=lambda done: context.watcher.stage("cutting", done),
    )
    facts = replace(facts, notes=(*facts.notes, *timeline_notes(pieces, timeline, episode.end_transition)))
    frames, slates = sum(piece.frames for piece in pieces), sum(_is_slate(piece) for piece in pieces)
    decided(_LOG, "joined", episode=episode.episode, pieces=len(pieces), slates=slates, frames=frames)
    for note in facts.notes:
        context.watcher.note(note)
    await context.in_thread(context.store.put_made, facts.path)
    portable = replace(facts, path=Path(facts.path.name))
    told = await context.in_thread(context.store.put, _FACTS.dump_json(portable))
    await context.write(recipes.remember_derived, planned.recipe, told)
    return facts, _work(pieces, timeline, kept)


def _work(pieces: Sequence[Piece], timeline: Timeline, kept: KeptPieces) -> PartWork:
    """How the pictures came into the master: as they were delivered or drawn, made now, or made before."""
    made, reused = len(kept.made), len(kept.found)
    parts = len(pieces) + len(timeline.seams)
    return PartWork(what="pieces", copied=max(0, parts - made - reused), made=made, reused=reused)


def _is_slate(piece: Piece) -> bool:
    return piece.clip is None and not piece.card


async def _kept(context: RunContext, recipe: str) -> MasterFacts | None:
    kept = await context.read(queries.derived, recipe)
    if kept is None or not await context.in_thread(context.store.has, kept):
        return None
    facts = _FACTS.validate_json(await context.in_thread(context.store.get, kept))
    return facts if await context.in_thread(context.store.has, facts.sha256) else None


def master_recipe(episode: Episode, pieces: Sequence[Piece], timeline: Timeline, *, sound: str, labels: Labels) -> str:
    """Everything that decides how the master looks and sounds, and what it tells of itself, as one name."""
    master = episode.master
    said: dict[str, object] = {
        "house": house_encoder.RECIPE,
        "master": [master.width, master.height, str(master.fps)],
        "pieces": [piece.recipe for piece in pieces],
        "transitions": [[each.kind, each.cut, each.before, each.after] for each in timeline.seams],
        "sound": sound,
        "labels": labels.recipe,
    }
    return f"master:{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}"
