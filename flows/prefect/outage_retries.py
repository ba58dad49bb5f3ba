"""Makes a deployed run again by itself where what it stands on was away: ledger, store, or room on its machine's disk.

Shots wait for themselves (`render.concurrency.outages`, and Prefect's retries); what begins a run and what ends it does
so here. A run that waits keeps its place at its worker: where the machine itself is the matter, others get the work.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar

from render.errors import LedgerVersion, passes

__all__ = ["DELAYS_S", "may_be_made_elsewhere", "through_outages"]

T = TypeVar("T")

DELAYS_S = (5.0, 15.0, 30.0, 60.0, 60.0, 120.0, 120.0, 180.0)
"""The waits between two tries: ten minutes in all."""


async def through_outages(
    attempt: Callable[[], Awaitable[T]], told: Callable[[str], None], *, delays_s: Sequence[float] = DELAYS_S
) -> T:
    """What an attempt returns; it is made again as long as its error may pass by itself. `told` is given each wait."""
    for delay_s in delays_s:
        try:
            return await attempt()
        except Exception as error:
            if not passes(error):
                raise
            told(f"{error}\nThis run begins again in {delay_s:g} seconds; nothing is paid twice")
        await asyncio.sleep(delay_s)
    return await attempt()


def may_be_made_elsewhere(error: BaseException) -> bool:
    """Whether a run that ended so may succeed on another machine, or here later: whoever looks after it asks again.

    So it does where this worker's Tailframe is of another version than the ledger.
    """
    return passes(error) or isinstance(error, LedgerVersion)
