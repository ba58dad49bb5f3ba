"""`tailframe verify` and `restore`: an archived episode is checked, and brought back as a project."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.exits import ExitCode
from flows.cli.opening import ledger_for_writing, places_of

if TYPE_CHECKING:
    from render.archive import Restored

Archive = Annotated[
    str, typer.Argument(metavar="ARCHIVE", help="A version's folder or s3:// address, or SERIES/EPISODE above it.")
]
Folder = Annotated[Path, typer.Argument(metavar="DIR", help="A folder that does not exist yet, or an empty one.")]


def verify(*, archive: Archive) -> int:
    """Check every byte of an archived episode. Names each file that is missing, damaged or not its own.

    tailframe verify my-series/archive/my-series/e01
    tailframe verify s3://bucket/prefix/my-series/e01
    """
    from flows.progress import reporting
    from render.archive import verify as findings_of

    with reporting("verify") as reporter:
        findings = findings_of(archive, progress=lambda done: reporter.stage("checking", done))
    for finding in findings:
        typer.echo(finding)
    if findings:
        typer.echo(f"{archive}: {len(findings)} files are not as they were archived", err=True)
        return ExitCode.NOT_DONE
    typer.echo(f"{archive}: whole", err=True)
    return ExitCode.DONE


def restore(*, archive: Archive, folder: Folder) -> None:
    """Bring an archived episode back as a project: storyboard, references, clips, takes and the identical master.

    What it brings back is never paid for again.

      tailframe restore my-series/archive/my-series/e01 restored
    """
    from flows.progress import reporting
    from render.archive import restore as bring_back

    with reporting("restore") as reporter:
        restored = bring_back(archive, folder, progress=lambda done: reporter.stage("restoring", done))
    _bring_into_store(restored.folder)
    _import_takes(restored)
    typer.echo(restored.folder)


def _import_takes(restored: "Restored") -> None:
    """Write the archived takes and choices into the ledger of this environment."""
    from render.assembly.books import import_books, read_books

    books = read_books(restored.takes, restored.url)
    with ledger_for_writing(restored.folder) as ledger:
        import_books(ledger, restored.manifest.series, books, snapshot=restored.manifest.snapshot)


def _bring_into_store(project: Path) -> None:
    """Where the clips are kept elsewhere than in the project, they go there too."""
    from render.store import open_store

    places = places_of(project)
    own = places.private / "blobs"
    if places.store_url == str(own):
        return
    store = open_store(places.store_url, cache=places.private / "cache")
    for blob in own.rglob("*"):
        if blob.is_file():
            store.put_file(blob)
