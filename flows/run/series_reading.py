"""What a series is planned of and told by: its files as they are frozen, its ledger, and what was archived of it."""

import contextlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.finished_cut import finished_key, takes_used
from flows.run.freeze import checked_out
from flows.run.options import RunOptions
from flows.run.planning import read_plan
from flows.run.workspace import Workspace, workspace_of
from render.ledger import queries
from render.store.snapshot import files_of

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import BudgetLine, LedgerReader

__all__ = ["SeriesReading", "series_reading"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SeriesReading:
    """A series as it is frozen, for as long as somebody looks at it."""

    frozen: Path  # a folder with the snapshot's files
    files: Mapping[str, str]  # path to SHA-256
    workspace: "Workspace[LedgerReader | None]"

    def read(self, run_options: RunOptions) -> "PlannedEpisode":
        """An episode and its plan, as a run of these options would read it now. See `read_plan` for what it raises."""
        return read_plan(
            self.frozen,
            run_options.episode,
            ledger=self.workspace.ledger,
            store=self.workspace.store,
            environment=self.workspace.environment,
            choices=run_options.choices,
            provider=run_options.provider,
            caps=run_options.caps,
            to_work=False,
        )

    def is_finished(self, read: "PlannedEpisode") -> bool:
        """Whether it was cut and archived of just what it would be cut of now, so that nothing is left to do."""
        used, ledger = takes_used(read), self.workspace.ledger
        if used is None or ledger is None:
            return False
        notes = ledger.read(queries.notes, read.episode.series)
        key = finished_key(read, used, self.files, notes, self.workspace.places.archive_url)
        return ledger.read(queries.derived, key) is not None

    def lines(self, series: str) -> "tuple[BudgetLine, ...]":
        """What counts against the caps."""
        ledger = self.workspace.ledger
        return () if ledger is None else tuple(ledger.read(queries.budgets, series))


@contextlib.contextmanager
def series_reading(project: Path, snapshot: str) -> Iterator[SeriesReading]:
    """A series as it was frozen under this name. Raises StoreError where the store lacks a file, LedgerError."""
    workspace = workspace_of(project)
    store, scratch = workspace.store, workspace.places.scratch
    with workspace.reading() as opened, checked_out(snapshot, store, scratch) as frozen:
        yield SeriesReading(frozen=frozen, files=files_of(snapshot, store), workspace=opened)
