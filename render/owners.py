"""Who holds a claim, and whether that process is still alive.

A claim names its owner. A process that was killed cannot say so, and waiting for its lease costs minutes; but the
kernel lets go of a dead process's file lock at once. So each owner locks a small file beside the ledger, and whoever
finds the file unlocked on this machine knows for certain that its owner is gone. Owners on other machines leave no file
here: their leases have to run out.
"""

from __future__ import annotations

import fcntl
import os
import re
import socket
import uuid
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_NAME = re.compile(r"[A-Za-z0-9._-]{1,120}")


@dataclass(frozen=True, slots=True)
class Owner:
    """This process, as the ledger names it, with the lock that dies with it."""

    name: str
    _lock: IO[bytes]
    _folder: Path

    @classmethod
    def arrive(cls, folder: Path) -> Owner:
        """Take a name nobody has, and lock its mark in `folder`."""
        folder.mkdir(parents=True, exist_ok=True)
        host = re.sub(r"[^A-Za-z0-9.-]", "-", socket.gethostname())[:60]
        name = f"{host}_{os.getpid()}_{uuid.uuid4().hex[:8]}"
        lock = (folder / name).open("wb")
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return cls(name, lock, folder)

    def leave(self) -> None:
        """Remove the mark: this process holds no claim any more."""
        (self._folder / self.name).unlink(missing_ok=True)
        self._lock.close()

    def is_dead(self, other: str) -> bool:
        """True where `other` worked on this ledger from this machine and its process is certainly gone."""
        if other == self.name or not _NAME.fullmatch(other):
            return False
        try:
            with (self._folder / other).open("rb") as mark:
                fcntl.flock(mark, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return False
        return True


def sweep(folder: Path, still_named: frozenset[str]) -> None:
    """Remove the marks of dead owners that no claim names any more."""
    if not folder.is_dir():
        return
    for mark in folder.iterdir():
        if mark.name in still_named:
            continue
        try:
            with mark.open("rb") as file:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                mark.unlink(missing_ok=True)
        except OSError:
            continue
