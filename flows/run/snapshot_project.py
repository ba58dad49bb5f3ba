"""A project that is known by its snapshot's name alone: a worker needs nothing else, and no folder is shared.

    snapshot:6d1a762971880c207f3a1c1dafb6131aaa409e95b2988655204884fdb5880c39

The worker fetches its files from the store into its own work folder (TAILFRAME_WORK_DIR). Ledger, store and archive
come from its environment, and lie elsewhere: what lies in the work folder may be deleted.
"""

import asyncio
import errno
import os
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from flows.errors import SettingsError, UsageError
from flows.run.freeze import freeze
from flows.run.local_copies import note_project
from flows.run.options import RunOptions
from flows.run.workspace import unopened
from flows.settings import PROJECTS, Places, Settings, places_of, read_settings, work_folder
from render.concurrency.parallel import side_by_side
from render.errors import StoreError
from render.store import Store
from render.store.digests import is_digest
from render.store.known_digests import read_digest
from render.store.plain_files import NoPlainFile
from render.store.snapshot import checkout, files_of

__all__ = ["as_named", "fetched_copy", "fetched_project", "named_snapshot", "snapshot_name"]

PREFIX = "snapshot:"


def snapshot_name(snapshot: str) -> str:
    """How a project is called by its snapshot."""
    return f"{PREFIX}{snapshot}"


def named_snapshot(project: str) -> str | None:
    """The snapshot that this names, a SHA-256 in hexadecimal; None where it names a folder. Raises UsageError."""
    if not project.strip().startswith(PREFIX):
        return None
    snapshot = project.strip().removeprefix(PREFIX)
    if not is_digest(snapshot):
        told = f"{project!r} names no snapshot: {PREFIX} and 64 lower-case hexadecimal digits do"
        raise UsageError(told, "Write it as `tailframe push` prints it")
    return snapshot


def as_named(project: str, run_options: RunOptions) -> RunOptions:
    """The options of a run whose project was named by its snapshot: made as it was frozen, and not frozen anew."""
    snapshot = named_snapshot(project)
    return run_options if snapshot is None or run_options.snapshot else replace(run_options, snapshot=snapshot)


async def fetched_project(snapshot: str) -> Path:
    """A folder of this machine with the snapshot's files, all of them and each as it was.

    Raises SettingsError where what is made would lie in a folder that may be deleted, StoreError where the store lacks
    a file.
    """
    return await asyncio.to_thread(_fetched, snapshot)


async def fetched_copy(folder: Path) -> Path:
    """The same of a folder that is not kept, such as a clone of a repository: its files as they are now, kept as a
    snapshot. Raises InvalidProject too.
    """
    return await asyncio.to_thread(_copied, folder)


def _copied(folder: Path) -> Path:
    settings = read_settings()
    store = _store(settings, _places(settings, "0" * 64))
    return _fetched(freeze(folder, store))


def _fetched(snapshot: str) -> Path:
    settings = read_settings()
    places = _places(settings, snapshot)
    folder, store = places.project, _store(settings, places)
    note_project(places)
    files = _files(snapshot, store)
    if not folder.is_dir():
        _check_out(snapshot, store, folder)
    side_by_side(lambda item: _mend(folder / item[0], item[1], store), files.items())
    return folder


def _places(settings: Settings, snapshot: str) -> Places:
    """Where a worker keeps what belongs to a snapshot. Raises SettingsError where something would be lost there."""
    places = places_of(work_folder(settings) / PROJECTS / snapshot, settings)
    if lost := {name: _told(name, what) for name, what in _lost(places)}:
        raise SettingsError(lost, "Name places that every worker sees: a PostgreSQL database, s3://bucket/prefix")
    return places


def _store(settings: Settings, places: Places) -> Store:
    return unopened(places.project, settings, places, dict(os.environ)).store


def _files(snapshot: str, store: Store) -> Mapping[str, str]:
    try:
        return files_of(snapshot, store)
    except StoreError as error:
        told = f"the project {snapshot_name(snapshot)} cannot be had: {error.message}"
        remedy = "Push it again: tailframe push PROJECT, with the store that the workers use"
        raise type(error)(told, remedy) from error  # what passes by itself stays told from what does not


def _check_out(snapshot: str, store: Store, folder: Path) -> None:
    """All of its files, or none. Where another run of this machine was faster, its are as good."""
    try:
        checkout(snapshot, store, folder)
    except StoreError as error:
        cause = error.__cause__
        if not (isinstance(cause, OSError) and cause.errno in {errno.ENOTEMPTY, errno.EEXIST} and folder.is_dir()):
            raise


def _mend(file: Path, sha256: str, store: Store) -> None:
    """Fetch a file once more that is not as it was. A large one that nobody touched is not read again for a day."""
    try:
        if read_digest(file, links=False) == sha256:
            return
    except (FileNotFoundError, NotADirectoryError, NoPlainFile):
        pass
    store.fetch(sha256, file)


def _lost(places: Places) -> Iterator[tuple[str, str]]:
    """The variables of what would lie in the work folder, each with what it would be."""
    where = f"in the work folder {places.private}, which may be deleted at any time"
    if _lies_in(_ledger_file(places.ledger), places.private):
        yield "TAILFRAME_LEDGER_URL", f"a ledger {where}"
    for name, url, what in (
        ("TAILFRAME_STORE_URL", places.store_url, "a store"),
        ("TAILFRAME_ARCHIVE_URL", places.archive_url, "an archive"),
    ):
        if _lies_in(None if "://" in url else Path(url), places.private):
            yield name, f"{what} {where}"


def _told(name: str, what: str) -> str:
    return f"{'names' if os.environ.get(name) else 'is not set, so there would be'} {what}"


def _ledger_file(ledger: Path | str) -> Path | None:
    if isinstance(ledger, Path):
        return ledger
    file = ledger.removeprefix("sqlite:///")
    return None if file == ledger else Path(file.partition("?")[0]).absolute()


def _lies_in(path: Path | None, folder: Path) -> bool:
    return path is not None and path.resolve().is_relative_to(folder.resolve())
