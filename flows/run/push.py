"""Puts a project as it is now into the store, and its name into the ledger: that name is all that a worker needs."""

from collections.abc import Mapping
from dataclasses import dataclass

from flows.run.freeze import freeze
from flows.run.snapshot_project import snapshot_name
from flows.run.workspace import Workspace
from render.ledger import Ledger, runs
from render.store.snapshot import files_of
from storyboard.loading import load_project

__all__ = ["Pushed", "push"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pushed:
    """A project in the store."""

    snapshot: str  # its SHA-256 in hexadecimal
    series: str
    episodes: tuple[str, ...]  # their ids, in order
    files: Mapping[str, str]  # path to SHA-256
    bytes: int  # of all files

    @property
    def name(self) -> str:
        """What flows take for their `project`."""
        return snapshot_name(self.snapshot)


def push(workspace: Workspace[Ledger]) -> Pushed:
    """Freeze the project, and remember its name. The same files have the same name, whoever pushes them.

    Raises InvalidProject where the YAML cannot be read, StoreError where a file cannot, or the store takes none.
    """
    project = load_project(workspace.root)
    snapshot = freeze(workspace.root, workspace.store)
    workspace.ledger.write(runs.remember_snapshot, snapshot, project.series.series)
    files = files_of(snapshot, workspace.store)
    return Pushed(
        snapshot=snapshot,
        series=project.series.series,
        episodes=tuple(sorted(project.episodes)),
        files=files,
        bytes=sum(workspace.store.local_path(sha256).stat().st_size for sha256 in set(files.values())),
    )
