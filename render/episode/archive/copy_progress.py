"""How far a long copy has come, told by whichever of several threads gets on."""

from __future__ import annotations

import threading
from collections.abc import Callable

Progress = Callable[[float], None]
"""Told a fraction from 0 to 1, never less than before; called from any thread, one at a time."""


def silent(fraction: float) -> None:
    """A `Progress` that tells nobody."""


class Meter:
    """Counts bytes against their total, from any thread, and tells `progress` the fraction (0 to 1)."""

    def __init__(self, total_bytes: int, progress: Progress) -> None:
        self._total, self._done, self._progress = max(total_bytes, 1), 0, progress
        self._lock = threading.Lock()

    def add(self, size: int) -> None:
        """So many bytes more are done."""
        with self._lock:
            self._done += size
            self._progress(min(self._done / self._total, 1.0))
