"""Makes an episode's master: cut now, or the one that the very same pieces and sounds gave before."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from pydantic import TypeAdapter

from render.context import RunContext
from render.cut import house_encoder
from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import Piece, timeline_notes
from render.cut.join import MasterFacts
from render.decisions import decided
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


async def make_master(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
    *,
    folder: Path,
) -> tuple[MasterFacts, bool]:
    """The master in the store: the one that these very pieces gave before, else cut now. True where it is new.

    `references` gives the sha256 of each source (the music's blob); a master that is cut now is cut in `folder`.
    """
    score = await episode_sound(context, episode, pieces, timeline, references)
    labels = Labels(metadata_of(episode), chapters_of(episode, timeline))
    recipe = master_recipe(episode, pieces, timeline, sound=mix_recipe(score.plan, score.loudness), labels=labels)
    kept = await context.read(queries.derived, recipe)
    if kept is not None and await context.in_thread(context.store.has, kept):
        facts = _FACTS.validate_json(await context.in_thread(context.store.get, kept))
        if await context.in_thread(context.store.has, facts.sha256):
            return facts, False
    context.watcher.stage("cutting", 0)
    facts = await cut_episode(
        pieces,
        timeline,
        episode.master,
        folder / f"{episode.episode}.mp4",
        kept=KeptPieces(context.store, context.derived),
        score=score,
        labels=labels,
        progress=lambda done: context.watcher.stage("cutting", done),
    )
    told = timeline_notes(pieces, timeline, episode.end_transition)
    facts = replace(facts, notes=(*facts.notes, *told))
    frames, slates = sum(piece.frames for piece in pieces), sum(piece.clip is None for piece in pieces)
    decided(_LOG, "joined", episode=episode.episode, pieces=len(pieces), slates=slates, frames=frames)
    for note in facts.notes:
        context.watcher.note(note)
    await context.in_thread(context.store.put_file, facts.path)
    portable = replace(facts, path=Path(facts.path.name))
    written = await context.in_thread(context.store.put, _FACTS.dump_json(portable))
    await context.write(recipes.remember_derived, recipe, written)
    return facts, True


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
