"""Cuts an episode from its circled takes and puts it where a producer finds it. What is unchanged is left as it is."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from pydantic import TypeAdapter

from render.animatic.slate import draw_slate
from render.context import RunContext
from render.cut import house_encoder
from render.cut.cut_episode import cut_episode
from render.cut.cut_plan import Piece, timeline_of
from render.cut.join import MasterFacts
from render.cut.music_bed import MusicBed, sound_recipe
from render.decisions import decided
from render.episode.archive import ArchivedEpisode, ArchiveParts, archive_episode
from render.episode.archive.take_records import books_json
from render.episode.cut_sheet import draw_sheet
from render.episode.cutting_room import KeptPieces, piece_of
from render.episode.manifest import Manifest
from render.episode.manifest_records import make_manifest, place
from render.episode.output_folder import is_ours, publish, standing
from render.ledger import queries, recipes
from render.references.url_references import memories
from render.takes.outcomes import Outcome, ShotState
from storyboard.continuity.master_timeline import Timeline
from storyboard.continuity.timing import AUTO_S, frame_count
from storyboard.shot import Episode
from storyboard.shot_key import is_of_episode

_LOG = logging.getLogger(__name__)
_FACTS: TypeAdapter[MasterFacts] = TypeAdapter(MasterFacts)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A cut episode as it lies in its output folder."""

    master: MasterFacts  # its path is the one in the output folder
    manifest: Manifest
    contact_sheet: Path
    slates: tuple[str, ...]  # shots that are missing and show a slate
    fresh: bool  # False: nothing changed since the last run, and nothing was cut
    archived: ArchivedEpisode | None


async def assemble(
    context: RunContext,
    episode: Episode,
    outcomes: Sequence[Outcome],
    *,
    snapshot: str,
    references: Mapping[str, str],
    output: Path,
    archive_url: str | None,
    project: Path,
    own_archive: bool,
) -> Assembly:
    """Cut, write the manifest and the contact sheet, copy all to `output`, and archive it.

    Nothing is written through a link that leads out of `project`, nor into the archive where it is the project's own.
    `references` gives the sha256 of each source (the music's blob). Shots without a clip become slates; waived ones are
    left out. Raises MediaError, StoreError, ArchiveError; the output folder then still holds what it held before.
    """
    context.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cut-", dir=context.scratch) as folder:
        pieces = await _pieces(context, episode, outcomes, Path(folder))
        slates = tuple(piece.key for piece in pieces if piece.clip is None)
        timeline = timeline_of(pieces, episode.master.fps)
        facts, fresh = await _master(context, episode, pieces, timeline, references, folder=Path(folder))
        placed = await place(context, outcomes, pieces, timeline)
        manifest = await make_manifest(context, episode, placed, facts, snapshot=snapshot)
        before = await asyncio.to_thread(standing, output, manifest)
        manifest = before or manifest
        sheet = output / "contact_sheet.jpg"
        if before is None or not await asyncio.to_thread(is_ours, context.store, sheet):
            sheet = await draw_sheet(context, episode, placed, outcomes, Path(folder))
        sizes = {piece.clip.bytes for piece in pieces if piece.clip is not None}
        for sentence in await asyncio.to_thread(
            publish, context.store, manifest, sheet, output, within=project, sizes=sizes
        ):
            context.watcher.note(sentence)
    sheet, master = output / "contact_sheet.jpg", replace(facts, path=output / manifest.master.path)
    archived = None
    if archive_url is not None:
        context.watcher.stage("archiving")
        takes = books_json(
            [each.take for each in placed if each.take is not None],
            [
                each
                for each in await context.read(queries.circles, episode.series)
                if is_of_episode(each.shot, episode.episode)
            ],
            memories(references),
        )
        parts = ArchiveParts(manifest=manifest, master=master.path, takes=takes, contact_sheet=sheet)
        within = project if own_archive else None
        archived = await context.in_thread(archive_episode, parts, archive_url, context.store, within=within)
        decided(_LOG, "archived", episode=episode.episode, archive=archived.url)
    return Assembly(
        master=master, manifest=manifest, contact_sheet=sheet, slates=slates, fresh=fresh, archived=archived
    )


async def _pieces(context: RunContext, episode: Episode, outcomes: Sequence[Outcome], folder: Path) -> list[Piece]:
    pieces = []
    for outcome in outcomes:
        if outcome.state is ShotState.WAIVED:
            continue
        if outcome.clip is not None:
            pieces.append(await piece_of(context.store, episode, outcome))
        else:
            pieces.append(await _slate(episode, outcome, folder))
    return pieces


async def _slate(episode: Episode, outcome: Outcome, folder: Path) -> Piece:
    """A slate as long as the shot would be; five seconds where the vendor would have decided."""
    shot = episode.shot(outcome.key)
    frames = frame_count(shot.duration_s or AUTO_S, episode.master.fps)
    path = folder / f"slate-{shot.index}.mp4"
    reason = outcome.message or outcome.state.value
    await draw_slate(outcome.key, episode.title, reason, frames=frames, master=episode.master, target=path)
    return Piece(key=outcome.key, frames=frames, path=path, clip=None)


async def _master(
    context: RunContext,
    episode: Episode,
    pieces: Sequence[Piece],
    timeline: Timeline,
    references: Mapping[str, str],
    *,
    folder: Path,
) -> tuple[MasterFacts, bool]:
    """The master in the store: the one that these very pieces gave before, else cut now. True where it is new."""
    bed = await _bed(context, episode, references)
    clips = [piece.path for piece in pieces if piece.clip is not None]
    recipe = _recipe(episode, pieces, references, await context.in_thread(sound_recipe, clips, bed))
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
        music=bed,
        progress=lambda done: context.watcher.stage("cutting", done),
    )
    frames, slates = sum(piece.frames for piece in pieces), sum(piece.clip is None for piece in pieces)
    decided(_LOG, "joined", episode=episode.episode, pieces=len(pieces), slates=slates, frames=frames)
    for note in facts.notes:
        context.watcher.note(note)
    await context.in_thread(context.store.put_file, facts.path)
    portable = replace(facts, path=Path(facts.path.name))
    told = await context.in_thread(context.store.put, _FACTS.dump_json(portable))
    await context.write(recipes.remember_derived, recipe, told)
    return facts, True


async def _bed(context: RunContext, episode: Episode, references: Mapping[str, str]) -> MusicBed | None:
    music = episode.music
    if music is None:
        return None
    sha256 = references[music.source]
    path = await context.in_thread(context.store.local_path, sha256, Path(music.source).suffix)
    return MusicBed(
        path=path,
        sha256=sha256,
        name=music.source,
        gain_db=music.gain_db,
        fade_out_s=music.fade_out_s,
        loop=music.loop,
    )


def _recipe(episode: Episode, pieces: Sequence[Piece], references: Mapping[str, str], sound: Sequence[str]) -> str:
    """Everything that decides how the master looks and sounds, as one name. `sound`: see `sound_recipe`."""
    music, master = episode.music, episode.master
    said: dict[str, object] = {
        "house": house_encoder.RECIPE,
        "master": [master.width, master.height, str(master.fps)],
        "pieces": [[piece.clip.sha256 if piece.clip else f"slate {piece.key}", piece.frames] for piece in pieces],
        "music": music and [references[music.source], str(music.gain_db), str(music.fade_out_s)],
    }
    if sound:
        said["sound"] = sound
    return f"master:{hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}"
