"""Who holds a claim, and whether that process is still alive.

A claim names its owner. A process that was killed cannot say so, and waiting for its lease costs minutes; but the
kernel lets go of a dead process's file lock at once. So each owner locks a small file beside the ledger, its mark, and
whoever finds the mark unlocked knows for certain that its owner is gone.

That holds for the very file that the owner locked, on the machine that is still up since. A copy of the folder has
marks that nobody ever locked, and so has a backup or another machine that shares the ledger. So a mark says where it
was made, and proves nothing anywhere else; neither does an empty one, as versions before left them: whether it is a
copy cannot be told. There the lease decides, which every claim has.
"""

from __future__ import annotations

import fcntl
import json
import os
import re
import socket
import subprocess
import uuid
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import BinaryIO

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")
_MOST_BYTES = 1_000  # of a mark; it says four short things


@dataclass(frozen=True, slots=True)
class Owner:
    """This process, as the ledger names it, with the lock that dies with it."""

    name: str
    _lock: BinaryIO
    _folder: Path

    @classmethod
    def acquire(cls, folder: Path) -> Owner:
        """Take a name nobody has, and lock its mark in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60]
        name = f"{host}_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        mark = (folder / name).open("xb")
        with suppress(OSError):  # a file system without locks: then the mark stays empty
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
            mark.write(_whereabouts(mark))
            mark.flush()
        return cls(name, mark, folder)

    def release(self) -> None:
        """Remove the mark: this process holds no claim any more."""
        (self._folder / self.name).unlink(missing_ok=True)
        self._lock.close()

    def is_dead(self, other: str) -> bool:
        """True where the mark of `other` was made right here and its process is certainly gone."""
        if other == self.name or not _NAME.fullmatch(other):
            return False
        try:
            with _opened(self._folder / other) as mark:
                fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
                said = mark.read(_MOST_BYTES)
                return said != b"" and said == _whereabouts(mark)
        except OSError:
            return False


def _opened(mark: Path) -> BinaryIO:
    """A mark to read: no link, and nothing that makes its reader wait."""
    return os.fdopen(os.open(mark, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK), "rb")


def _whereabouts(mark: BinaryIO) -> bytes:
    """What a mark says that was made in this very file, on this machine, since it started; empty where nobody knows."""
    machine, boot = _machine(), _boot()
    if not (machine and boot):
        return b""
    file = os.fstat(mark.fileno())
    told = {"machine": machine, "boot": boot, "device": file.st_dev, "inode": file.st_ino}
    return f"{json.dumps(told)}\n".encode()


@cache
def _machine() -> str:
    """The machine's own id, else its name."""
    return _line("/etc/machine-id") or socket.gethostname()


@cache
def _boot() -> str:
    """One word for the time since the machine was started: Linux has it in a file, macOS tells it; else empty."""
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
