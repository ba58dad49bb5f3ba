"""The vendor's job id is written down, through a ledger that is away: without it a paid job would be hard to find."""

from __future__ import annotations

import time

import stamina

from render.concurrency.outages import LONGEST_WAIT_S
from render.context import RunContext
from render.errors import LedgerError, passes
from render.ledger import Take, jobs

LAST_TRIES_S = 60.0
"""How long a run that was told to end tries to write down the job of a paid order."""


async def write_job(context: RunContext, take: Take, job_id: str) -> None:
    """Keep the vendor's job id. Raises LedgerError where it cannot be written, once its watcher was told of the job."""
    try:
        await _until_written(context, take, job_id)
    except LedgerError:
        context.watcher.note(
            f"{take.provider} took the order for {take.shot} as job {job_id}, and the ledger could not write that. "
            f"Once it works again: tailframe reconcile PROJECT --take {take.shot}:{take.number} --adopt {job_id}"
        )
        raise


async def _until_written(context: RunContext, take: Take, job_id: str) -> None:
    """As long as anybody waits for this run; for a minute more, where it was told to end."""
    told_at: list[float] = []

    def goes_on(error: Exception) -> bool:
        if context.steps.interrupted:
            told_at.append(time.monotonic())
        return passes(error) and not (told_at and time.monotonic() - told_at[0] > LAST_TRIES_S)

    patience_s = max(context.patience, context.outages.patience).total_seconds()
    async for attempt in stamina.retry_context(
        goes_on, attempts=None, timeout=patience_s, wait_initial=0.2, wait_max=LONGEST_WAIT_S
    ):
        with attempt:
            await context.in_thread(jobs.record_job, context.ledger, take.id, job_id)
