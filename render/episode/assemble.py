"""Cuts an episode from its circled takes and puts it where a producer finds it. What is unchanged is left as it is."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from render.cards.card_fonts import FileOf
from render.context import RunContext
from render.cut.cut_plan import timeline_of
from render.episode.archive_cut import archive_cut
from render.episode.beside_master import make_beside
from render.episode.cut_work import CutWork
from render.episode.episode_pieces import episode_pieces
from render.episode.manifest import Manifest
from render.episode.manifest_records import CutShots, make_manifest, place
from render.episode.output_folder import CONTACT_SHEET, is_ours, publish, standing
from render.episode.planned_master import plan_master
from render.episode.whole_cut import make_whole, with_sheet
from render.takes.outcomes import Outcome
from storyboard.shot import Episode

if TYPE_CHECKING:
    from render.cut.join import MasterFacts
    from render.episode.archive import ArchivedEpisode


@dataclass(frozen=True, slots=True, kw_only=True)
class Assembly:
    """A cut episode as it lies in its output folder."""

    master: MasterFacts  # its path is the one in the output folder
    manifest: Manifest
    contact_sheet: Path
    slates: tuple[str, ...]  # shots that are missing and show a slate
    work: CutWork  # what was made for it, and what was there
    archived: ArchivedEpisode | None

    @property
    def fresh(self) -> bool:
        """Whether a master was cut; else nothing changed since the last one, which is the same."""
        return self.work.cut


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
    with tempfile.TemporaryDirectory(prefix="cut-", dir=context.scratch) as name:
        folder, sheet = Path(name), output / CONTACT_SHEET
        pieces = await episode_pieces(context, episode, outcomes, folder, file_of)
        timeline = timeline_of(pieces, episode.master.fps, episode.end_transition)
        placed = await place(context, outcomes, pieces, timeline)
        shots = CutShots(episode=episode, timeline=timeline, pieces=pieces, placed=placed, outcomes=outcomes)
        planned = await plan_master(context, shots, references, file_of)
        cut = await make_whole(context, shots, planned, folder)
        beside = await make_beside(context, shots, planned, cut.master, folder, file_of=file_of)
        manifest = beside.recorded(make_manifest(episode, placed, cut.master, cut.stills.blobs, snapshot=snapshot))
        before = await asyncio.to_thread(standing, output, manifest)
        manifest = before or manifest
        if before is None or not await asyncio.to_thread(is_ours, context.store, sheet):
            cut = await with_sheet(context, shots, cut, folder)
            sheet = cut.sheet or sheet
        sizes = {piece.clip.bytes for piece in pieces if piece.clip is not None}
        for sentence in await asyncio.to_thread(
            publish, context.store, manifest, sheet, output, within=project, sizes=sizes
        ):
            context.watcher.note(sentence)
    await context.in_thread(context.derived.mark_wanted)
    archived = None
    if archive_url is not None:
        archived = await archive_cut(
            context,
            episode,
            placed,
            manifest,
            contact_sheet=output / CONTACT_SHEET,
            references=references,
            url=archive_url,
            within=project if own_archive else None,
        )
    return Assembly(
        master=replace(cut.master, path=output / manifest.master.path),
        manifest=manifest,
        contact_sheet=output / CONTACT_SHEET,
        slates=tuple(piece.key for piece in pieces if piece.clip is None and not piece.card),
        work=cut.work().plus(*beside.work()),
        archived=archived,
    )
