"""Whether the store has what pages show, without asking a bucket three hundred times before a page is seen."""

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from render.errors import StoreError

if TYPE_CHECKING:
    from render.store import Store

__all__ = ["KnownBlobs"]

BELIEVED_S = 60.0
"""Seconds for which a bucket's answer is believed; what is there stays there."""

AT_ONCE = 8


class KnownBlobs:
    """Asks the store: a folder at once, and a bucket later, in which everything counts as there until it says no."""

    def __init__(self, store: "Callable[[], Store]", told: Callable[[], None]) -> None:
        self._store, self._told = store, told
        self._turn = threading.Lock()
        self._there: set[str] = set()
        self._missing: dict[str, float] = {}  # when a bucket was asked
        self._asked: set[str] = set()
        self._threads = ThreadPoolExecutor(AT_ONCE, "blobs")

    def has(self, sha256: str) -> bool:
        """Whether the blob is there, as far as that is known now."""
        store = self._store()
        if not store.shared:
            return store.has(sha256)
        with self._turn:
            missing = self._missing.get(sha256)
            stale = missing is None or time.monotonic() - missing > BELIEVED_S
            if stale and sha256 not in self._there and sha256 not in self._asked:
                self._asked.add(sha256)
                self._threads.submit(self._ask, sha256)
        return missing is None

    def _ask(self, sha256: str) -> None:
        try:
            there = self._store().has(sha256)
        except StoreError:
            there = True  # it cannot be asked: whoever wants the bytes is told why
        with self._turn:
            changed = there is (sha256 in self._missing)
            self._asked.discard(sha256)
            if there:
                self._there.add(sha256)
                self._missing.pop(sha256, None)
            else:
                self._missing[sha256] = time.monotonic()
        if changed:
            self._told()

    def close(self) -> None:
        """Ask no more."""
        self._threads.shutdown(wait=False, cancel_futures=True)
