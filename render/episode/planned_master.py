"""Plans an episode's master: what it is made of, under one name, and the one that this gave before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from pydantic import TypeAdapter

from render.context import RunContext
from render.cut import house_encoder
from render.cut.cut_episode import Score
from render.cut.cut_plan import Piece
from render.cut.join import MasterFacts
from render.episode.cut_captions import CutCaptions, cut_captions
from render.episode.episode_sound import episode_sound
from render.episode.manifest_records import CutShots
from render.ledger import recipes
from render.markers.labels import Labels, labels_of
from render.mix.mix_episode import mix_recipe
from storyboard.shot import Episode
from storyboard.timeline.master_timeline import Timeline

_FACTS: TypeAdapter[MasterFacts] = TypeAdapter(MasterFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedMaster:
    """A master before it is cut: all that decides how it looks and sounds, and the one that this gave before."""

    recipe: str
    picture: str  # the name of all that decides its picture alone
    score: Score
    labels: Labels
    captions: CutCaptions
    kept: MasterFacts | None  # None: it has to be cut


async def plan_master(
    context: RunContext, shots: CutShots, references: Mapping[str, str], file_of: Callable[[str], Path]
) -> PlannedMaster:
    """What the master of these pieces is made of; `references` gives the sha256 of each source, `file_of` its file."""
    episode, timeline = shots.episode, shots.timeline
    sound = await episode_sound(context, episode, shots.pieces, timeline, references)
    captions = await cut_captions(context, shots, sound.lines, file_of)
    labels = labels_of(episode, timeline)
    picture = picture_recipe(episode, shots.pieces, timeline, captions.burnt_recipe)
    heard = mix_recipe(sound.score.plan, sound.score.loudness)
    recipe = master_recipe(picture, sound=heard, labels=labels, captions=captions.recipe)
    return PlannedMaster(
        recipe=recipe,
        picture=picture,
        score=sound.score,
        labels=labels,
        captions=captions,
        kept=await _kept(context, recipe),
    )


async def keep_facts(context: RunContext, planned: PlannedMaster, facts: MasterFacts) -> None:
    """Remember the master that was cut of this, by its recipe."""
    told = await context.in_thread(context.store.put, _FACTS.dump_json(facts))
    await context.write(recipes.remember_derived, planned.recipe, told)


async def _kept(context: RunContext, recipe: str) -> MasterFacts | None:
    kept = await context.derived_blob(recipe)
    if kept is None:
        return None
    facts = _FACTS.validate_json(await context.in_thread(context.store.get, kept))
    return facts if await context.in_thread(context.store.has, facts.sha256) else None


def picture_recipe(episode: Episode, pieces: Sequence[Piece], timeline: Timeline, drawn: Sequence[object]) -> str:
    """Everything that decides how the master looks, as one name; `drawn` is what of captions is drawn into it."""
    master = episode.master
    said: dict[str, object] = {
        "house": house_encoder.RECIPE,
        "master": [master.width, master.height, str(master.fps)],
        "pieces": [piece.recipe for piece in pieces],
        "transitions": [[each.kind, each.cut, each.before, each.after] for each in timeline.seams],
        "drawn": list(drawn),
    }
    return f"picture:{_digest(said)}"


def master_recipe(picture: str, *, sound: str, labels: Labels, captions: Sequence[object]) -> str:
    """Everything that decides how the master looks and sounds, and what it tells of itself, as one name."""
    said = {"picture": picture, "sound": sound, "labels": labels.recipe, "captions": list(captions)}
    return f"master:{_digest(said)}"


def _digest(said: Mapping[str, object]) -> str:
    return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
