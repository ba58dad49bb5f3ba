"""Backoff of orders: how many go to one vendor at once, and how long they wait where it takes none now.

Each take waits the longer the oftener its order was put off (exponential backoff with jitter, see `wait_s`). How long
the vendor as a whole has taken none is counted once for all takes: were each one as patient as the run is, those behind
would wait for hours, one after another.
"""

from __future__ import annotations

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import timedelta

from render.claim_errors import AccountFull
from render.errors import PutOff

ORDERS_AT_ONCE = 8
"""Takes of one vendor that are being ordered; half of a vendor's sockets, so that polls go on meanwhile."""

FORGOTTEN_AFTER_S = 300.0
"""What a vendor said longer ago, while nobody asked it, says nothing of now."""

LONGEST_WAIT_S = 20.0
"""Between two orders of one take that a vendor puts off; there are never more such takes than `ORDERS_AT_ONCE`."""


@dataclass(slots=True)
class OrderBackoff:
    """The orders of one run to one vendor: who orders now, and for how long none of these orders was taken.

    `slots` is held while ordering, and given in the order in which it was asked for. Hundreds of takes may want to
    order at the same moment: those at the front claim, send, and wait where the vendor takes none now. Were all of
    them to, most would wait with a claim for a socket, or claim over and over at an account that is full.
    """

    slots: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(ORDERS_AT_ONCE))
    _since: float | None = None  # by the monotonic clock, as below
    _asked_until: float = 0.0

    def put_off(self, wait_s: float) -> float:
        """An order has to wait so long. Returns for how many seconds this vendor will have taken none by then."""
        now = time.monotonic()
        if self._since is None or now > self._asked_until + FORGOTTEN_AFTER_S:
            self._since = now
        self._asked_until = max(self._asked_until, now + wait_s)
        return now + wait_s - self._since

    def taken(self) -> None:
        """An order was taken: counting begins anew."""
        self._since = None


def wait_s(refusal: AccountFull | PutOff, times: int, poll_interval: timedelta) -> float:
    """Seconds until a take's order is tried again that was put off so many times; never less than the vendor asks for.

    AccountFull comes of the ledger alone, where a free place is soon seen: the wait is short. PutOff is the vendor's:
    exponential backoff with jitter, up to `LONGEST_WAIT_S`.
    """
    if isinstance(refusal, AccountFull):
        return min(2.0, poll_interval.total_seconds())
    growing = min(LONGEST_WAIT_S, 2.0 ** min(times, 10)) * random.uniform(0.5, 1)  # noqa: S311 - no secret
    return max(growing, refusal.retry_after_s or 0)
