"""How long a job has been at its vendor, by the ledger's clock: this machine's own may be an hour off."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from render.concurrency.lease import now_s
from render.context import RunContext
from render.ledger import Take, queries


async def age_of(context: RunContext, take: Take) -> Callable[[], timedelta]:
    """Tells the age of the take's job whenever it is called. The ledger is asked once; then a clock runs that no one
    sets.
    """
    since = take.submitted_at
    before_s = 0.0 if since is None else (await context.read(queries.now) - since).total_seconds()
    begun_s = now_s() - before_s
    return lambda: timedelta(seconds=now_s() - begun_s)
