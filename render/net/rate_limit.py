"""How fast one vendor may be asked: what it says to one shot ("slow down") holds for all of them together."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

FIRST_BACK_OFF_S = 2.0
LONGEST_BACK_OFF_S = 60.0
STAGGER_S = 0.2
"""Seconds between two requests after a back-off, so that all who waited do not rush in at once."""

SLOWEST_POLL = timedelta(seconds=30)
"""The longest wait between two polls of an old job."""


class RateLimit:
    """How fast one vendor may be asked now, shared by all tasks that ask it."""

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._opens_at = 0.0
        self._stagger_s = 0.0
        self._refusals = 0

    @property
    def remaining_s(self) -> float:
        """Seconds from now on in which the vendor is not asked."""
        return max(0.0, self._opens_at - self._clock())

    def back_off(self, seconds: float | None = None) -> float:
        """The vendor refused for now. Without a time of its own: twice as long as the last one. Returns the seconds."""
        if seconds is None:
            seconds = min(FIRST_BACK_OFF_S * 2**self._refusals, LONGEST_BACK_OFF_S)
        self._refusals = min(self._refusals + 1, 10)
        self._stagger_s = STAGGER_S
        self._opens_at = max(self._opens_at, self._clock() + seconds)
        return seconds

    def relax(self) -> None:
        """The vendor answered: come closer to full speed again."""
        self._refusals = max(0, self._refusals - 1)
        self._stagger_s = self._stagger_s / 2 if self._stagger_s > 0.01 else 0.0

    async def wait(self) -> None:
        """Wait until the vendor may be asked."""
        while (remaining_s := self.remaining_s) > 0:  # noqa: ASYNC110 — another answer may move the time meanwhile
            await asyncio.sleep(remaining_s)
        if self._stagger_s:
            self._opens_at = self._clock() + self._stagger_s


def retry_after_s(value: str | None, now: datetime) -> float | None:
    """Seconds that a `Retry-After` header asks for, written as seconds or as a date; None where it says nothing."""
    if value is None:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit() and len(text) <= 9:
        return float(text)
    try:
        at = parsedate_to_datetime(text)
    except (ValueError, TypeError, OverflowError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - now).total_seconds())


def poll_delay(age: timedelta, base: timedelta, job_id: str) -> timedelta:
    """How long to wait before the next poll of a job: twice `base` after a minute, three times after two, and so on.

    A tenth more or less, decided by the job's id, keeps jobs that began together from being polled together.
    """
    slowest = max(base, SLOWEST_POLL)
    grown = base * (1 + max(age, timedelta(0)) / timedelta(minutes=1))
    share = hashlib.sha256(job_id.encode()).digest()[0] / 255
    return min(grown, slowest) * (0.9 + 0.2 * share)
