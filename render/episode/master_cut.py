"""Makes an episode's master with its music: plans what it is made of, finds the one of before, or cuts it now."""

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
from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import Piece
from render.cut.join import MasterFacts
from render.cut.music_bed import MusicBed, sound_recipe
from render.decisions import decided
from render.episode.cut_work import PartWork
from render.episode.cutting_room import KeptPieces
from render.episode.episode_pieces import clips_to_look_into
from render.episode.episode_score import EpisodeScore, episode_score
from render.ledger import queries, recipes
from storyboard.continuity.master_timeline import Timeline
from storyboard.shot import Episode

_LOG = logging.getLogger(__name__)
_FACTS: TypeAdapter[MasterFacts] = TypeAdapter(MasterFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMaster:
    """A master before it is cut: all that decides how it looks and sounds, and the one that this gave before."""

    recipe: str
    under: EpisodeScore
    kept: MasterFacts | None  # None: it has to be cut


async def plan_master(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
) -> PlannedMaster:
    """What the master of these pieces is made of; `references` gives the sha256 of each source (the music's blob)."""
    under = await episode_score(context, episode, timeline, references)
    sound = await context.in_thread(sound_recipe, clips_to_look_into(pieces), under.bed)
    recipe = master_recipe(episode, pieces, under.bed, sound, under.score.recipe(timeline))
    return PlannedMaster(recipe=recipe, under=under, kept=await _kept(context, recipe))


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
    under, kept = planned.under, KeptPieces(context.store, context.derived)
    facts = await cut_episode(
        pieces,
        timeline,
        episode.master,
        folder / f"{episode.episode}.mp4",
        kept=kept,
        music=under.bed,
        score=under.score,
        progress=lambda done: context.watcher.stage("cutting", done),
    )
    facts = replace(facts, notes=(*facts.notes, *under.notes))
    frames, slates = sum(piece.frames for piece in pieces), sum(piece.clip is None for piece in pieces)
    decided(_LOG, "joined", episode=episode.episode, pieces=len(pieces), slates=slates, frames=frames)
    for note in facts.notes:
        context.watcher.note(note)
    await context.in_thread(context.store.put_made, facts.path)
    portable = replace(facts, path=Path(facts.path.name))
    told = await context.in_thread(context.store.put, _FACTS.dump_json(portable))
    await context.write(recipes.remember_derived, planned.recipe, told)
    return facts, _work(pieces, kept)


def _work(pieces: Sequence[Piece], kept: KeptPieces) -> PartWork:
    """How the pieces' pictures came into the master: as they were delivered, conformed now, or conformed before."""
    made, reused = len(kept.made), len(kept.found)
    slates = sum(piece.clip is None for piece in pieces)
    return PartWork(what="pieces", copied=len(pieces) - slates - made - reused, made=made + slates, reused=reused)


async def _kept(context: RunContext, recipe: str) -> MasterFacts | None:
    kept = await context.read(queries.derived, recipe)
    if kept is None or not await context.in_thread(context.store.has, kept):
        return None
    facts = _FACTS.validate_json(await context.in_thread(context.store.get, kept))
    return facts if await context.in_thread(context.store.has, facts.sha256) else None


def master_recipe(
    episode: Episode,
    pieces: Sequence[Piece],
    bed: MusicBed | None,
    sound: Sequence[str],
    score: Sequence[object],
) -> str:
    """Everything that decides how the master looks and sounds, as one name. `sound`: see `sound_recipe`."""
    master = episode.master
    said: dict[str, object] = {
        "house": house_encoder.RECIPE,
        "master": [master.width, master.height, str(master.fps)],
        "pieces": [piece.recipe for piece in pieces],
        "music": bed and [bed.sha256, str(bed.gain_db), str(bed.fade_out_s)],
    }
    if sound:
        said["sound"] = sound
    if score:
        said["score"] = score
    return f"master:{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}"
