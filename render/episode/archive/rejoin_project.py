"""Brings an archived episode back into a project that is there and has lost its ledger: a clone, a cleaned disk.

Clips come first, then their takes, then the output. Whatever ends it in between, the takes are in the ledger with all
that they name, or are not there at all; and the same command goes on from where it was.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from render.concurrency.parallel import side_by_side
from render.episode.archive.copy_progress import Meter, Progress, silent
from render.episode.archive.layout import MANIFEST, ArchivedFile
from render.episode.archive.read_archive import Version, read_version, resolve
from render.episode.archive.restore_project import Restored, bring, places_of
from render.episode.archive_errors import ArchiveError
from render.store.atomic_files import disk_errors, whole_file
from render.store.blob_store import Store
from render.store.local_store import LocalStore
from storyboard.loading import load_leniently
from storyboard.paths import refuse_link_out


def restore_into(
    url: str | Path,
    project: Path,
    store: Store,
    *,
    cache: Path,
    settle: Callable[[Restored], None],
    progress: Progress = silent,
) -> Restored:
    """Restore an archived episode into a project of the same series. Every file that is there stays as it is.

    All that the archive holds goes into the project's `store`, by way of `cache` where that is elsewhere. `settle` is
    called once it is there: it writes the takes into a ledger, and is safe to repeat. The output folder comes last, and
    only what it lacks of this very version.

    Raises ArchiveError where the folder is no project of that series or the archive is not whole, StoreError where
    something cannot be read or written, LeadsOut where a link in the project leads out of it.
    """
    version = read_version(resolve(url))
    places = places_of(version)
    _refuse_other_series(project, version)
    staged = store if isinstance(store, LocalStore) else LocalStore(cache)
    meter = Meter(sum(file.bytes for file in version.contents), progress)
    side_by_side(lambda file: _keep(version, file, staged, meter), version.contents)
    if staged is not store:
        side_by_side(lambda file: store.put_file(staged.local_path(file.sha256)), version.contents)
    restored = Restored(project, version.url, version.manifest, version.take_records)
    settle(restored)
    with disk_errors(f"write {project}"):
        _complete_output(version, project, places, staged)
    progress(1.0)
    return restored


def _refuse_other_series(project: Path, version: Version) -> None:
    found, series = load_leniently(project)[0], version.manifest.series
    if found is None or found.series.series != series:
        other = "" if found is None else f", it is of {found.series.series}"
        raise ArchiveError(
            f"{project} is not empty, and no project of the series {series}{other}",
            "Restore into a folder that is new, or into the project that the archive is of",
        )


def _keep(version: Version, file: ArchivedFile, store: LocalStore, meter: Meter) -> None:
    if store.keeps(file.sha256):
        meter.add(file.bytes)
    else:
        bring(version, file, store, meter)


def _complete_output(version: Version, project: Path, places: dict[str, str], store: LocalStore) -> None:
    """What the output folder lacks, its manifest last. Nothing where the manifest there is of another cut."""
    output = project / "output" / version.manifest.episode
    refuse_link_out(project, output)
    manifest = output / MANIFEST
    if os.path.lexists(manifest) and (not manifest.is_file() or manifest.read_bytes() != version.manifest_bytes):
        return
    for place, sha256 in places.items():
        target = project / place
        if target.is_relative_to(output) and not os.path.lexists(target):
            refuse_link_out(project, target.parent)
            store.fetch(sha256, target)
    if not manifest.exists():
        with whole_file(manifest) as file:
            file.write(version.manifest_bytes)
