"""Keeps what this machine holds for its runs within TAILFRAME_CACHE_GB: copies of blobs, and projects of snapshots.

What was wanted longest ago goes when a run begins or ends. What was wanted since the oldest live run began stays, and
so does what was wanted within the last hour: whoever only looks (`status`, a review room) holds no lock.
"""

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

from flows.settings import PROJECTS, Places, Settings
from render.concurrency.process_lock import oldest_alive
from render.store.bounded_cache import BlobCopies, Folders, KeptThings, keep_within
from render.store.usage_marks import UsageMarks

__all__ = ["keep_copies_within_bound", "note_project"]

LOOKED_AT_S = 3600.0
SCRATCH_KEPT_S = 24 * 3600.0
"""Half-made files of a process that was killed are of no use to anybody by then, on a machine whose runs share them."""

_LOG = logging.getLogger(__name__)


def note_project(places: Places) -> None:
    """This snapshot's folder is wanted now. Nothing where the project is a person's own."""
    if _is_of_snapshot(places):
        UsageMarks(places.project.parent).note(places.project.name)


def keep_copies_within_bound(places: Places, settings: Settings) -> None:
    """Remove what nobody wanted for longest, as far as the bound asks for it. What cannot be removed is only logged."""
    things = list(_kept(places))
    if not things:
        return
    try:
        unused_since = min(oldest_alive(places.owners) or time.time(), time.time() - LOOKED_AT_S)
        _clear_scratch(places, min(unused_since, time.time() - SCRATCH_KEPT_S))
        if settings.tailframe_cache_gb:
            gone = keep_within(settings.tailframe_cache_gb, things, unused_since=unused_since)
            if gone:
                _LOG.info("removed %d bytes of copies that nobody wanted for longest", gone)
    except OSError as error:
        _LOG.warning("copies on this machine are not kept within TAILFRAME_CACHE_GB: %s", error)


def _kept(places: Places) -> Iterator[KeptThings]:
    """Copies of a store elsewhere; never a store that is the only place of its blobs."""
    if places.store_url.startswith("s3://"):
        yield BlobCopies(places.cache)
    if _is_of_snapshot(places):
        yield Folders(places.project.parent)


def _clear_scratch(places: Places, before: float) -> None:
    if not _is_of_snapshot(places) or not places.scratch.is_dir():
        return
    for left in places.scratch.iterdir():
        if left.lstat().st_mtime < before:
            _remove(left)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def _is_of_snapshot(places: Places) -> bool:
    return places.project == places.private / PROJECTS / places.project.name
