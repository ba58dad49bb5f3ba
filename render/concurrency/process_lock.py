"""Process locks: who holds a claim, and whether that process is still alive.

A claim names its owner. A process that was killed cannot say so, and waiting for its lease costs minutes; but the
kernel releases a dead process's file lock (`flock`) at once. So each owner locks a small file beside the ledger, and
whoever finds that lock file unlocked knows for certain that its owner is gone.

That holds for the very file that the owner locked, on the machine that is still up since. A copy of the folder has
lock files that nobody ever locked, and so has a backup or another machine that shares the ledger. So a lock file says
where it was made (machine, boot, device, inode), and proves nothing anywhere else; neither does an empty one, as
earlier versions left them: whether it is a copy cannot be told. There the lease decides, which every claim has.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import subprocess
import time
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")
_MOST_BYTES = 1_000  # of a lock file; it holds four short values
_UNPROVEN_S = 24 * 3600.0  # so long an owner counts as alive of which nothing is known


@dataclass(frozen=True, slots=True)
class Owner:
    """This process, as the ledger names it, with the lock that the kernel releases when it dies."""

    name: str  # HOST_PID_RANDOM, also the name of its lock file
    _lock: BinaryIO
    _folder: Path

    @classmethod
    def acquire(cls, folder: Path) -> Owner:
        """Take a name nobody has, and lock a file of that name in `folder`. Raises OSError where none can be made."""
        folder.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60]
        name = f"{host}_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        lock_file = (folder / name).open("xb")
        with suppress(OSError):  # a file system without locks: then the file stays empty
            fcntl.flock(lock_file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            lock_file.write(_identity(lock_file))
            lock_file.flush()
        return cls(name, lock_file, folder)

    def release(self) -> None:
        """Remove the lock file: this process holds no claim any more."""
        (self._folder / self.name).unlink(missing_ok=True)
        self._lock.close()

    def is_dead(self, other: str) -> bool:
        """True where the lock file of `other` was made right here and its process is certainly gone; never raises."""
        if other == self.name or not _NAME.fullmatch(other):
            return False
        try:
            with _opened(self._folder / other) as lock_file:
                fcntl.flock(lock_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
                said = lock_file.read(_MOST_BYTES)
                return said != b"" and said == _identity(lock_file)
        except OSError:
            return False


def oldest_alive(folder: Path) -> float | None:
    """When the oldest process began that may be alive and holds a name in `folder` (seconds since the epoch).

    None where none does. A lock file that proves nothing counts for as long as it is younger than a day.
    """
    begun = [at for file in _files_in(folder) if (at := _begun(file)) is not None]
    return min(begun, default=None)


def _files_in(folder: Path) -> list[Path]:
    try:
        return [Path(entry) for entry in os.scandir(folder)]
    except OSError:
        return []


def _begun(file: Path) -> float | None:
    """When the owner of a lock file took its name; None where it is dead. One without words was never locked."""
    with suppress(OSError), _opened(file) as lock_file:
        at = os.fstat(lock_file.fileno()).st_mtime
        if lock_file.read(1) == b"":
            return at if time.time() - at < _UNPROVEN_S else None
        try:
            fcntl.flock(lock_file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return at
    return None


def _opened(lock_file: Path) -> BinaryIO:
    """A lock file to read: no link, and nothing that makes its reader wait."""
    return os.fdopen(os.open(lock_file, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _identity(lock_file: BinaryIO) -> bytes:
    """What stands in this very file if it was made here since this machine booted; empty where that cannot be told."""
    machine, boot = _machine(), _boot()
    if not (machine and boot):
        return b""
    file = os.fstat(lock_file.fileno())
    told = {"machine": machine, "boot": boot, "device": file.st_dev, "inode": file.st_ino}
    return f"{json.dumps(told)}\n".encode()


@cache
def _machine() -> str:
    """The machine's own id, else its name."""
    return _line("/etc/machine-id") or socket.gethostname()


@cache
def _boot() -> str:
    """The id of this boot of the machine: Linux has it in a file, macOS tells it by sysctl; else empty."""
    if boot := _line("/proc/sys/kernel/random/boot_id"):
        return boot
    with suppress(OSError, subprocess.SubprocessError):
        asked = ["/usr/sbin/sysctl", "-n", "kern.bootsessionuuid"]
        return subprocess.run(asked, capture_output=True, text=True, timeout=5, check=True).stdout.strip()
    return ""


def _line(path: str) -> str:
    with suppress(OSError, UnicodeDecodeError):
        return Path(path).read_text(encoding="ascii").strip()
    return ""
