"""`tailframe verify` and `restore`: an archived episode is checked, and brought back as a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.exits import ExitCode
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from collections.abc import Callable

    from render.episode.archive import Restored
    from render.episode.archive.copy_progress import Progress

    WriteDown = Callable[[Restored], None]

Archive = Annotated[
    str, typer.Argument(metavar="ARCHIVE", help="A version's folder or s3:// address, or SERIES/EPISODE above it.")
]
Choices = Annotated[
    bool,
    typer.Option("--choices", help="Circle and waive as the archive does, also shots that a shared ledger knows."),
]
Folder = Annotated[
    Path, typer.Argument(metavar="DIR", help="A folder that is new or empty, or a project of the same series.")
]


def verify(*, archive: Archive) -> int:
    """Check every byte of an archived episode. Names each file that is missing, damaged or not its own.

    tailframe verify my-series/archive/my-series/e01
    tailframe verify s3://bucket/prefix/my-series/e01
    """
    from flows.terminal.progress import reporting
    from render.episode.archive import verify as findings_of

    with reporting("verify") as reporter:
        findings = findings_of(archive, progress=lambda done: reporter.stage("checking", done))
    for finding in findings:
        say(finding)
    if findings:
        files = len({finding.name for finding in findings})
        tell(f"{archive}: {files} {'file is' if files == 1 else 'files are'} not as archived")
        return ExitCode.NOT_DONE
    tell(f"{archive}: whole")
    return ExitCode.DONE


def restore(*, archive: Archive, folder: Folder, choices: Choices = False) -> None:
    """Bring an archived episode back as a project: storyboard, references, clips, takes and the identical master.

    What it brings back is never paid for again. Interrupted, it leaves no
    folder, and can be run again.

    A project of the same series that is there, a clone of it perhaps, gets
    the takes, the clips and what its output lacks. Its own files, its
    storyboard first of all, stay as they are.

      tailframe restore my-series/archive/my-series/e01 restored
      tailframe restore my-series/archive/my-series/e01 my-series
    """
    from flows.terminal.progress import reporting

    left: tuple[str, ...] = ()

    def write_down(restored: "Restored") -> None:
        nonlocal left
        left = _import_takes(restored, choices=choices)

    with reporting("restore") as reporter:
        bring_back = _as_a_project if _is_free(folder) else _into_the_project
        bring_back(archive, folder, write_down, lambda done: reporter.stage("restoring", done))
    if left:
        tell(f"the choice for {', '.join(left)} stays as this ledger has it; --choices takes the archive's")
    say(folder)


def _is_free(folder: Path) -> bool:
    """Whether nothing lies there yet: a folder that is new, or an empty one."""
    return not folder.is_dir() or not any(folder.iterdir())


def _as_a_project(archive: str, folder: Path, write_down: "WriteDown", progress: "Progress") -> None:
    from render.episode.archive import restore as bring_back

    def settle(restored: "Restored") -> None:
        _bring_into_store(restored.folder)
        write_down(restored)

    bring_back(archive, folder, settle=settle, progress=progress)


def _into_the_project(archive: str, project: Path, write_down: "WriteDown", progress: "Progress") -> None:
    from flows.run.workspace import workspace_of
    from render.episode.archive import restore_into

    workspace = workspace_of(project)
    store, cache = workspace.store, workspace.places.cache
    restored = restore_into(archive, project, store, cache=cache, settle=write_down, progress=progress)
    manifest = restored.manifest
    tell(f"the takes of {manifest.episode} are in the ledger; the project's own files stay as they are")


def _import_takes(restored: "Restored", *, choices: bool) -> tuple[str, ...]:
    """Write the archived takes and choices into the ledger of this environment; returns the shots left alone."""
    from flows.run.workspace import workspace_of
    from render.episode.archive.take_records import import_books

    with workspace_of(restored.folder).writing() as workspace:
        series, snapshot = restored.manifest.series, restored.manifest.snapshot
        for run in {take.run for take in restored.books.takes}:
            workspace.store.note_user(run)
        return import_books(workspace.ledger, series, restored.books, snapshot=snapshot, choices=choices)


def _bring_into_store(project: Path) -> None:
    """Where the clips are kept elsewhere than in the project, they go there too."""
    from flows.run.workspace import workspace_of

    workspace = workspace_of(project)
    own = workspace.places.private / "blobs"
    if workspace.places.store_url == str(own):
        return
    for blob in own.rglob("*"):
        if blob.is_file():
            workspace.store.put_file(blob)


COMMANDS = (verify, restore)
