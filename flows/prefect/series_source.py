"""The series that a flow run makes by others: what they are told it is called, frozen once for all of them."""

import asyncio
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from uuid import UUID

from flows.prefect.project_source import project_folder
from flows.run.options import RunOptions
from flows.run.push import push
from flows.run.retry_budget import spent_by
from flows.run.series_reading import SeriesReading, series_reading
from flows.run.snapshot_project import named_snapshot, snapshot_name
from flows.run.workspace import workspace_of
from flows.settings import Places
from render.ledger import queries
from storyboard.errors import NoSuchName
from storyboard.loading import load_project
from storyboard.text.suggestions import suggestion

__all__ = ["SeriesSource", "series_source"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesSource:
    """A series, frozen: by which name other runs find it, and its files."""

    project: str  # as other runs are told it
    option: str | None  # the snapshot that they are told beside it; None: the name says it
    snapshot: str
    folder: Path
    series: str
    episodes: tuple[str, ...]

    def named(self, episodes: Sequence[str]) -> tuple[str, ...]:
        """Those of its episodes that were asked for, in order; all of them where none is named. Raises NoSuchName."""
        for name in episodes:
            if name not in self.episodes:
                raise NoSuchName("episode", name, self.episodes, suggestion(name, self.episodes))
        return tuple(each for each in self.episodes if each in episodes or not episodes)

    def reading(self) -> AbstractContextManager[SeriesReading]:
        """Its files and its ledger, to be looked at."""
        return series_reading(self.folder, self.snapshot)

    async def at_hand(self) -> "SeriesSource":
        """The same, once more fetched where this machine did away with its files meanwhile."""
        return replace(self, folder=await project_folder(self.project))

    def less(self, options: RunOptions, runs: Sequence[UUID]) -> RunOptions:
        """The options of a run whose money is less by what these flow runs have spent and reserved for its episode."""
        if options.budget_usd is None or not runs:
            return options
        with workspace_of(self.folder).reading() as workspace:
            lines = workspace.ledger.read(queries.budgets, self.series) if workspace.ledger else ()
        gone = sum((spent_by(lines, f"{run}-{options.episode}") for run in runs), Decimal(0))
        return replace(options, budget_usd=max(options.budget_usd - gone, Decimal(0)))


async def series_source(project: str) -> SeriesSource:
    """The series that `project` names. A folder is frozen now; a snapshot stays what it is.

    Other machines are told the snapshot's name, which is all that they need. Where the ledger, the store or the archive
    lies within a folder, every run is on this machine, and is told the folder beside the snapshot. Raises what
    `project_folder` raises, InvalidProject, StoreError.
    """
    folder = await project_folder(project)
    return await asyncio.to_thread(_source, project, folder)


def _source(project: str, folder: Path) -> SeriesSource:
    loaded, workspace = load_project(folder), workspace_of(folder)
    snapshot = named_snapshot(project)
    lies_here = snapshot is None and _lies_in_project(workspace.places)
    if snapshot is None:
        with workspace.writing() as opened:
            snapshot = push(opened).snapshot
    return SeriesSource(
        project=project if lies_here else snapshot_name(snapshot),
        option=snapshot if lies_here else None,
        snapshot=snapshot,
        folder=folder,
        series=loaded.series.series,
        episodes=tuple(sorted(loaded.episodes)),
    )


def _lies_in_project(places: Places) -> bool:
    """Whether something that must be shared is the project's own, as it is where nobody named a place."""
    return isinstance(places.ledger, Path) or places.store_url in places.own or places.archive_url in places.own
