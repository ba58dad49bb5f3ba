"""Removes what dead processes left in a project's folder for files on their way."""

from __future__ import annotations

import shutil
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from render.concurrency.process_lock import oldest_alive


def dead_scratch(scratch: Path, owners: Path, *, older_than: timedelta) -> tuple[Path, ...]:
    """What lies in `scratch` that was not touched for so long, nor since any process that lives took its lock.

    `owners` is the folder of process locks.
    """
    living = oldest_alive(owners)
    before = time.time() - older_than.total_seconds()
    if living is not None:
        before = min(before, living)
    found = [*scratch.iterdir()] if scratch.is_dir() and not scratch.is_symlink() else []
    return tuple(each for each in found if _touched(each) < before)


def remove_scratch(found: tuple[Path, ...]) -> None:
    """Remove it. What another process removes meanwhile is gone too."""
    for each in found:
        if each.is_dir() and not each.is_symlink():
            shutil.rmtree(each, ignore_errors=True)
        else:
            with suppress(OSError):
                each.unlink()


def _touched(path: Path) -> float:
    """When anything of it was last changed, in seconds since the epoch."""
    return max(_times(path), default=0.0)


def _times(path: Path) -> Iterator[float]:
    with suppress(OSError):
        yield path.lstat().st_mtime
    if path.is_dir() and not path.is_symlink():
        for each in path.rglob("*"):
            with suppress(OSError):
                yield each.lstat().st_mtime
