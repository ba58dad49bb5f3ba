"""Archives a cut: its master, manifest and contact sheet, with what the ledger knows of its takes and circles."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from pathlib import Path

from render.context import RunContext
from render.decisions import decided
from render.episode.archive import ArchivedEpisode, ArchiveParts, archive_episode
from render.episode.archive.take_records import books_json
from render.episode.manifest import Manifest
from render.episode.manifest_records import Placed
from render.ledger import queries
from render.references.url_references import memories
from storyboard.shot import Episode
from storyboard.shot_key import is_of_episode

_LOG = logging.getLogger(__name__)


async def archive_cut(
    context: RunContext,
    episode: Episode,
    placed: Sequence[Placed],
    manifest: Manifest,
    *,
    contact_sheet: Path,
    references: Mapping[str, str],
    url: str,
    within: Path | None,
) -> ArchivedEpisode:
    """Write the archive at `url`, through no link that leads out of `within`.

    `references` gives the sha256 of each source. Raises StoreError, ArchiveError.
    """
    context.watcher.stage("archiving")
    takes = [each.take for each in placed if each.take is not None]
    circles = [
        each
        for each in await context.read(queries.circles, episode.series)
        if is_of_episode(each.shot, episode.episode)
    ]
    noted = {note.id: note for each in placed for note in each.notes}
    records = books_json(takes, circles, memories(references), [*noted.values()])
    parts = ArchiveParts(manifest=manifest, takes=records, contact_sheet=contact_sheet)
    archived = await context.in_thread(archive_episode, parts, url, context.store, within=within)
    decided(_LOG, "archived", episode=episode.episode, archive=archived.url)
    return archived
