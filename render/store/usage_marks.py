"""Notes when each thing of a folder was last wanted, so that what nobody wants any more can go, and nothing else.

A mark is an empty file beside the things; its time is when its thing was last asked for. Whoever asks makes the mark
under a lock that all askers share, and only then looks whether the thing is there; whoever removes holds that lock
alone, and looks at the mark once more. So a thing is either seen as wanted, or it is gone before anybody looks for it.
A folder that goes is first given another name, at once: nobody ever finds half of one.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

NOTED_EVERY_S: Final = 60.0
"""Seconds. What was noted less long ago is not noted again; whoever removes allows for it."""


class UsageMarks:
    """The marks of one folder. Safe to share between threads, and between processes of one machine."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder / ".used"
        self._noted: dict[str, float] = {}

    def note(self, name: str) -> None:
        """This is wanted now: ask before you look for it. Where no mark can be made, nothing can be removed either."""
        now = time.time()
        if 0 <= now - self._noted.get(name, 0.0) < NOTED_EVERY_S:
            return
        with suppress(OSError):
            self._folder.mkdir(parents=True, exist_ok=True)
            with self._held(fcntl.LOCK_SH):
                mark = self._folder / name
                os.close(os.open(mark, os.O_CREAT | os.O_WRONLY | os.O_CLOEXEC, 0o666))
                os.utime(mark, (now, now))
        self._noted[name] = now

    def last(self, name: str) -> float | None:
        """When it was last wanted (seconds since the epoch); None where nobody noted it."""
        try:
            return (self._folder / name).lstat().st_mtime
        except OSError:
            return None

    def take_away(self, name: str, things: Sequence[Path], *, unused_since: float, aside: Path | None = None) -> bool:
        """Remove `things`, which have this name, unless it was wanted since; whether they are gone, and the mark too.

        A folder is only renamed to `aside`: then nobody who asks finds it. Raises OSError where that cannot be done.
        """
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._held(fcntl.LOCK_EX):
            last = self.last(name)
            if last is not None and last >= unused_since:
                return False
            for thing in things:
                if aside is None:
                    thing.unlink(missing_ok=True)
                else:
                    thing.rename(aside)
            (self._folder / name).unlink(missing_ok=True)
        return True

    @contextmanager
    def _held(self, how: int) -> Iterator[None]:
        lock = os.open(self._folder, os.O_RDONLY | os.O_CLOEXEC)
        try:
            fcntl.flock(lock, how)
            yield
        finally:
            os.close(lock)
