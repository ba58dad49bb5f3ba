"""Cuts an episode from its circled takes and puts it where a producer finds it. What is unchanged is left as it is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from render.cards.card_fonts import FileOf
from render.context import RunContext
from render.cut.cut_plan import timeline_of
from render.cut.join import MasterFacts
from render.episode.archive import ArchivedEpisode
from render.episode.archive_cut import archive_cut
from render.episode.cut_sheet import draw_sheet
from render.episode.episode_pieces import episode_pieces
from render.episode.manifest import Manifest
from render.episode.manifest_records import make_manifest, place
from render.episode.master_cut import make_master
from render.episode.output_folder import is_ours, publish, standing
from render.takes.outcomes import Outcome
from storyboard.shot import Episode


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
    file_of: FileOf,
    output: Path,
    archive_url: str | None,
    project: Path,
    own_archive: bool,
) -> Assembly:
    """Cut, write the manifest and the contact sheet, copy all to `output`, and archive it.

    Nothing is written through a link that leads out of `project`, nor into the archive where it is the project's own.
    `references` gives the sha256 of each source (the music's blob), `file_of` each file of the project. Shots without a
    clip become slates; waived ones are left out. Raises MediaError, StoreError, ArchiveError; the output folder then
    still holds what it held before.
    """
    context.scratch.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="cut-", dir=context.scratch) as folder:
        pieces = await episode_pieces(context, episode, outcomes, Path(folder), file_of)
        slates = tuple(piece.key for piece in pieces if piece.clip is None and not piece.card)
        timeline = timeline_of(pieces, episode.master.fps, episode.end_transition)
        facts, fresh = await make_master(context, episode, pieces, timeline, references, folder=Path(folder))
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
        archived = await archive_cut(
            context,
            episode,
            placed,
            manifest,
            master=master.path,
            contact_sheet=sheet,
            references=references,
            url=archive_url,
            within=project if own_archive else None,
        )
    return Assembly(
        master=master, manifest=manifest, contact_sheet=sheet, slates=slates, fresh=fresh, archived=archived
    )
