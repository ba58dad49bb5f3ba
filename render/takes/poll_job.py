"""A job is polled until it ends, and what its vendor reports of its end is settled."""

from __future__ import annotations

import logging

from render.context import RunContext
from render.decisions import decided
from render.errors import Scope, Terminal
from render.ledger import Take, queries, settlement
from render.net.rate_limit import poll_delay
from render.providers import Ended, JobStatus, Pending, Succeeded
from render.takes.job_age import age_of
from render.takes.take_job import job_of, still_running, told_end

__all__ = ["await_clip", "settle"]

_LOG = logging.getLogger(__name__)


async def await_clip(context: RunContext, take: Take) -> Succeeded | None:
    """Poll the job until it ends, and settle; returns what it ended with where there is a clip."""
    provider, job = context.provider_of(take), job_of(take)
    age, told = await age_of(context, take), None
    while True:
        try:
            status = await provider.poll(job)
        except Terminal:
            if await _stands_elsewhere(context, take):  # cancelled meanwhile, perhaps: some vendors forget such a job
                return None
            raise
        if told != (told := _reported(status)):
            decided(_LOG, "polled", shot=take.shot, take=take.number, vendor=take.account, job=job.id, why=told)
        match status:
            case Succeeded():
                await _settle(context, take, status)
                return status
            case Ended():
                why = told_end(context, take, status)
                await _settle_ended(context, take, status, why)
                if status.scope is Scope.VENDOR and not status.cancelled:
                    raise Terminal(why, code=status.code, words=status.words, scope=Scope.VENDOR)
                return None
            case Pending():
                if age() > context.patience:
                    raise still_running(take, age())
                percent = f" {status.progress:.0%}" if status.progress is not None else ""
                context.watcher.shot(take.local_key, "generating", f"{status.words}{percent}".strip())
                base = context.poll_interval or provider.poll_interval
                await context.callback_listener.wait(take.id, poll_delay(age(), base, job.id).total_seconds())


def _reported(status: JobStatus) -> str:
    """What a vendor says of a job, without how far it is."""
    match status:
        case Succeeded():
            return "it has its clip"
        case Ended():
            return f"it has ended: {status.code}"
    return f"it is under way{f': {status.words}' if status.words else ''}"


async def _stands_elsewhere(context: RunContext, take: Take) -> bool:
    """Whether somebody else made a transition of it since it was looked at."""
    return (await context.read(queries.take, take.id)).state is not take.state


async def _settle(context: RunContext, take: Take, status: Succeeded) -> None:
    await context.write(
        settlement.generated,
        take.id,
        cost_usd=status.cost_usd,
        usage=status.usage,
        clip_url=status.clip_url,
        expires_at=status.expires_at,
    )


async def settle(context: RunContext, take: Take, report: Succeeded | Ended) -> None:
    """Write down what a vendor reports of a job that is over. Changes nothing where somebody else did before."""
    if isinstance(report, Succeeded):
        await _settle(context, take, report)
    else:
        await _settle_ended(context, take, report, told_end(context, take, report))


async def _settle_ended(context: RunContext, take: Take, status: Ended, why: str) -> None:
    if status.cancelled:
        await context.write(settlement.cancelled, take.id, why, charged=status.charged)
        return
    await context.write(
        settlement.failed,
        take.id,
        code=status.code,
        words=why,
        refused=status.refused,
        charged=status.charged,
    )
