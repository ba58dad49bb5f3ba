"""Makes a project folder out of an archived episode: its YAML and references, its output, its blobs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from render.concurrency.parallel import side_by_side
from render.episode.archive.copy_progress import Meter, Progress, silent
from render.episode.archive.layout import (
    MANIFEST,
    PROJECT,
    REFERENCES,
    SNAPSHOT,
    TAIL_FRAMES,
    TAKES,
    ArchivedFile,
    check_names,
)
from render.episode.archive.read_archive import Version, read_version, resolve
from render.episode.archive.take_records import TakeRecords
from render.episode.archive_errors import ArchiveError
from render.episode.manifest import Manifest
from render.store.atomic_files import disk_errors, whole_file, whole_folder
from render.store.digests import Digesting
from render.store.local_store import LocalStore


@dataclass(frozen=True, slots=True)
class Restored:
    """A restored project, and the take records that were archived with it, for the ledger to import."""

    folder: Path
    url: str
    manifest: Manifest
    books: TakeRecords


def restore(
    url: str | Path,
    target: Path,
    *,
    settle: Callable[[Restored], None] = lambda _: None,
    progress: Progress = silent,
) -> Restored:
    """Restore an archived episode into `target`, which may only exist empty: whole, checked, or not at all.

    The blobs (clips, references, tail frames, the snapshot) go into the project's own store, `.tailframe/blobs`.
    `settle` is called with the finished folder before it gets its name: what a project must not be without, such as
    its takes in a ledger, is done there, and safe to repeat.

    Raises ArchiveError where the archive is not whole, StoreError where something cannot be read or written.
    """
    version = read_version(resolve(url))
    places = places_of(version)
    with disk_errors(f"read {target}"):
        if target.exists() and any(target.iterdir()):
            raise ArchiveError(f"{target} is not empty", "Restore into a folder that is new")
    meter = Meter(sum(file.bytes for file in version.contents), progress)
    with disk_errors(f"write {target}"), whole_folder(target.absolute()) as folder:
        store = LocalStore(folder / ".tailframe" / "blobs")
        side_by_side(lambda file: bring(version, file, store, meter), version.contents)
        side_by_side(lambda place: store.fetch(place[1], folder / place[0]), places.items())
        with whole_file(_output(folder, version.manifest) / MANIFEST) as file:
            file.write(version.manifest_bytes)
        restored = Restored(folder, version.url, version.manifest, version.take_records)
        settle(restored)
    progress(1.0)
    return replace(restored, folder=target)


def places_of(version: Version) -> dict[str, str]:
    """Where in the project each archived file goes, with its sha256."""
    output = f"output/{version.manifest.episode}"
    places = {f"{output}/{MANIFEST}": ""}
    for file in version.contents:
        place = _place(file.name, output)
        if place is not None and places.setdefault(place, file.sha256) != file.sha256:
            raise ArchiveError(f"the archive {version.url} has two files for {place}")
    check_names(places, f"the archive {version.url}")
    del places[f"{output}/{MANIFEST}"]
    return places


def _place(name: str, output: str) -> str | None:
    """Where an archived file goes in the project; None where it only goes into the store."""
    if name.startswith(PROJECT):
        return name.removeprefix(PROJECT)
    if name in {SNAPSHOT, TAKES} or name.startswith((TAIL_FRAMES, REFERENCES)):
        return None
    return f"{output}/{name}"


def bring(version: Version, file: ArchivedFile, store: LocalStore, meter: Meter) -> None:
    """An archived file into the store, checked on the way."""

    def fill(write: Callable[[bytes], object]) -> None:
        def pass_on(chunk: bytes) -> None:
            if digesting.bytes + len(chunk) > file.bytes:
                raise ArchiveError(
                    f"{version.url}/{file.name} has more than the {file.bytes} bytes it was archived with"
                )
            digesting.write(chunk)
            meter.add(len(chunk))

        digesting = Digesting(write)
        version.tree.read_into(file.name, pass_on)

    store.receive(file.sha256, fill, source=f"{version.url}/{file.name}")


def _output(folder: Path, manifest: Manifest) -> Path:
    return folder / "output" / manifest.episode
