"""Remembers what large files were read to hold, so that they are not read again by every process that uses them.

A file is believed to be as it was read while its inode, its size and the times of its last change are the same. The
system sets the last of these times whenever anything of a file changes, and no program can set it back. A disk that
loses bits changes none of them: so what was read is believed for a day at most, and whoever must be sure, such as
`tailframe verify`, reads.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from render.media.facts_cache import FactsCache
from render.store.digests import sha256_of_file

BELIEVED_FOR_S: Final = 24 * 3600
LEAST: Final = 1 << 20
"""Bytes. What is smaller is read as fast as it is looked up."""

QUIET_S: Final = 3.0
"""Seconds. A file that changed more lately may change once more within one tick of a file system's clock."""

_UNMOVED: Final = ("st_ino", "st_size", "st_mtime_ns")
"""What of a file's status stays where it is only given another name."""

_TICK_S: Final = 0.02  # of a clock that counts less than whole seconds


@dataclass(frozen=True, slots=True)
class _Read:
    """What a file held when it was read, and by what it is known to be the same."""

    sha256: str
    inode: int
    bytes: int
    modified_ns: int
    changed_ns: int
    read_s: int  # when, by this machine's clock


_FILES = FactsCache(_Read, "read-1")


def read_digest(path: Path, *, links: bool = True, believed_for_s: float = BELIEVED_FOR_S) -> str:
    """The sha256 of a plain file's bytes, read now unless it was lately; NoPlainFile where there is something else."""
    before = path.stat(follow_symlinks=links)
    if (known := _known(path, before, believed_for_s)) is not None:
        return known
    sha256 = sha256_of_file(path, links=links)
    if _same(before, path.stat(follow_symlinks=links)):
        remember_digest(path, sha256, before)
    return sha256


def remember_digest(path: Path, sha256: str, status: os.stat_result, *, quiet_s: float = QUIET_S) -> None:
    """Keep what a file was found to hold when this was its status, where it was quiet for so long before now."""
    changed_ns = max(status.st_mtime_ns, status.st_ctime_ns)
    if status.st_size < LEAST or time.time_ns() - changed_ns < quiet_s * 1e9:
        return
    read = _Read(sha256, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns, int(time.time()))
    _FILES.keep(_key(path), read)


def remember_written(files: Mapping[Path, tuple[str, os.stat_result]]) -> None:
    """Keep what files hold that were just written here whole: by each the sha256, and its status right after that.

    It waits until whoever touches one of them from now on is given another time by the file system.
    """
    large = {path: each for path, each in files.items() if each[1].st_size >= LEAST}
    if large:
        time.sleep(_TICK_S)
    for path, (sha256, status) in large.items():
        coarse = status.st_mtime_ns % 1_000_000_000 == 0
        with suppress(OSError):
            if _same(status, path.lstat()):
                remember_digest(path, sha256, status, quiet_s=QUIET_S if coarse else _TICK_S / 2)


def remember_linked(path: Path, before: os.stat_result) -> None:
    """Go on knowing what was known of a file before it was given a second name, which counts as a change of it."""
    known, after = _known(path, before, BELIEVED_FOR_S), path.lstat()
    if known is not None and all(getattr(before, each) == getattr(after, each) for each in _UNMOVED):
        remember_written({path: (known, after)})


def _known(path: Path, status: os.stat_result, believed_for_s: float) -> str | None:
    found = _FILES.find(_key(path)) if status.st_size >= LEAST else None
    if found is None or not 0 <= time.time() - found.read_s < believed_for_s:
        return None
    there = (status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return found.sha256 if there == (found.inode, found.bytes, found.modified_ns, found.changed_ns) else None


def _same(one: os.stat_result, other: os.stat_result) -> bool:
    return all(getattr(one, each) == getattr(other, each) for each in (*_UNMOVED, "st_ctime_ns"))


def _key(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path.absolute())).hexdigest()
