"""Says of a plan's stale shots since when they are that: by the ledger, and by when a project's files were written."""

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from render.ledger import stale_queries
from storyboard.plan.episode_plan import Action
from storyboard.plan.stale_since import StaleSince, with_stale_since

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import LedgerReader
    from storyboard.shot import Episode, Shot

__all__ = ["dated"]


def dated(read: "PlannedEpisode", ledger: "LedgerReader | None", *, edited_in: Path | None = None) -> "PlannedEpisode":
    """The same, with its stale shots' times; nothing is asked where none is stale.

    `edited_in` is the project whose files tell when they were last written: those of a frozen one do not.
    """
    stale = [shot.key for shot in read.plan.shots if shot.action is Action.STALE]
    if ledger is None or not stale:
        return read
    episode, edits = read.episode, {} if edited_in is None else _edits(edited_in, read.episode, stale)
    wishes = {shot.wish for shot in read.plan.shots}
    past = ledger.read(stale_queries.history, episode.series, frozenset(read.takes), wishes)
    history = replace(past, edits=edits)
    return replace(read, plan=with_stale_since(read.plan, episode, read.takes, history))


def _edits(project: Path, episode: "Episode", keys: Iterable[str]) -> dict[str, StaleSince]:
    """The last edit of each of these shots, where that is known."""
    found = {key: _last_edit(project, episode.shot(key)) for key in keys}
    return {key: edit for key, edit in found.items() if edit is not None}


def _last_edit(project: Path, shot: "Shot") -> StaleSince | None:
    """The last edit of what the shot is written in: its own file, the series', and the files that it is sent."""
    files = {shot.at.file, "series.yaml", *(each.source for each in shot.files if "://" not in each.source)}
    written = [StaleSince(at, file) for file in files if (at := _written(project / file)) is not None]
    return max(written, key=lambda each: (each.at, each.edit), default=None)


def _written(file: Path) -> datetime | None:
    """When a file was last written; None where nobody can tell."""
    with contextlib.suppress(OSError):
        return datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return None
