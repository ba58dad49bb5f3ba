"""Waits through outages: a ledger that is away for some minutes costs a run those minutes, and none of its shots.

A database server is started anew, or the disk under it fills up and is freed; what was asked of it is asked again until
it answers. Who was told to end waits no longer.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeVar

import stamina

from render.errors import passes

T = TypeVar("T")

PATIENCE = timedelta(minutes=15)
"""How long one question or one step waits for the ledger."""

LONGEST_WAIT_S = 10.0
ONE_OUTAGE_S = 60.0
"""Failures that are no further apart are told as one."""


@dataclass(slots=True)
class Outages:
    """How a run waits for what it stands on. `told` is given one sentence an outage."""

    told: Callable[[str], None] = lambda _: None
    interrupted: Callable[[], bool] = lambda: False
    patience: timedelta = PATIENCE
    _failed_at: float | None = None  # by the monotonic clock

    async def outlast(self, call: Callable[[], Awaitable[T]]) -> T:
        """Make a call that may be repeated, until it succeeds or patience ends; then its error is raised."""
        seconds = self.patience.total_seconds()
        async for attempt in stamina.retry_context(
            self._goes_on, attempts=None, timeout=seconds, wait_initial=0.5, wait_max=LONGEST_WAIT_S
        ):
            with attempt:
                return await call()
        raise AssertionError("stamina ends a retry by raising")

    def _goes_on(self, error: Exception) -> bool:
        if not passes(error) or self.interrupted():
            return False
        now, before = time.monotonic(), self._failed_at
        self._failed_at = now
        if before is None or now - before > ONE_OUTAGE_S:
            minutes = int(self.patience.total_seconds() // 60)
            self.told(f"{error} Until then this run waits, and asks again for up to {minutes} minutes")
        return True
