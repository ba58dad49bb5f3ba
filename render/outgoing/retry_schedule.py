"""When a message is tried again: at once, then ever later over a day, and then no more by itself. Pure."""

from __future__ import annotations

from datetime import timedelta

WAITS = tuple(
    timedelta(seconds=each) for each in (5, 60, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 23 * 1000 + 35)
)
"""After the first attempt, after the second, and so on: nine attempts, the last of them a day after the first."""

JITTER = 0.1
"""By so much of itself a wait is shorter or longer: what failed together is not tried again together."""

LONGEST_ASKED = timedelta(days=1)
"""A longer wait that an endpoint asks for is not believed."""

GONE = 410
"""The HTTP status by which an endpoint says that it wants nothing more."""


def wait_after(attempt: int, status: int | None, asked_s: float | None, chance: float) -> timedelta | None:
    """How long to wait after attempt number `attempt` (from 1) that failed; None: it is not tried again.

    `status` is what was answered, None where nothing was; `asked_s` what `Retry-After` asked for, in seconds; `chance`
    is from 0 to 1.
    """
    if status == GONE or attempt > len(WAITS):
        return None
    wait = WAITS[attempt - 1] * (1 - JITTER + 2 * JITTER * chance)
    asked = min(timedelta(seconds=asked_s or 0), LONGEST_ASKED)
    return max(wait, asked)
