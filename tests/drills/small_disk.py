"""A small file system of its own, which a drill fills up to the last block and frees again. Only root may mount one."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

BLOCK = b"\0" * (1 << 20)


class SmallDisk:
    """A file system in memory of so many megabytes, mounted at a folder for as long as the block of `mounted` lasts."""

    def __init__(self, at: Path) -> None:
        self.at = at
        self._ballast = at / "ballast"

    def fill(self) -> None:
        """Leave no room: a file takes all that is left."""
        with contextlib.suppress(OSError), self._ballast.open("ab", buffering=0) as ballast:
            for size in (len(BLOCK), 4096):
                with contextlib.suppress(OSError):
                    while True:
                        ballast.write(BLOCK[:size])

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)

    @property
    def free_bytes(self) -> int:
        """How much room there is."""
        told = os.statvfs(self.at)
        return told.f_bavail * told.f_frsize


@contextlib.contextmanager
def mounted(at: Path, megabytes: int) -> Iterator[SmallDisk]:
    """Such a disk at a folder, which is made. Fails where none may be mounted."""
    at.mkdir(parents=True, exist_ok=True)
    done = _mount(at, megabytes)
    assert done.returncode == 0, f"a drill needs the right to mount a file system (root): {done.stderr.strip()}"
    try:
        yield SmallDisk(at)
    finally:
        subprocess.run(["umount", "--lazy", str(at)], check=False)


def _mount(at: Path, megabytes: int) -> subprocess.CompletedProcess[str]:
    command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0755", "tailframe-drill", str(at)]
    return subprocess.run(command, capture_output=True, text=True, check=False)
