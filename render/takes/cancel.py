"""Ends jobs that are out, at vendors that can end them, and settles what each vendor then reports.

    submitting   its sender's answer is waited for; a dead sender's order is unknown
    unknown      looked up by the strict rule of `render.takes.reconcile`, by nothing that could order it anew
    submitted    polled first, as a finished job is left to be collected; else its end is asked for, and polled again

Money follows the vendor's report alone. What cannot be settled stays as it is, and the next run goes on with it. It may
be repeated, and killed at any moment: what a vendor has ended, it reports as ended the next time too.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from render.animatic.capabilities import CAPABILITIES as DRAWN
from render.context import RunContext
from render.decisions import decided
from render.errors import RenderError, Scope, TakeError, Terminal
from render.ledger import Take, claims, queries
from render.providers import Ended, JobRef, JobStatus, Pending, Provider
from render.takes.poll_job import settle
from render.takes.reconcile import bury_dead_senders, look_up
from render.takes.take_job import job_of
from storyboard.takes import TakeState
from storyboard.text.dollars import usd

__all__ = ["OUT", "Cancellation", "cancel_takes", "is_out"]

_LOG = logging.getLogger(__name__)

OUT = frozenset({TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.UNKNOWN})
"""States in which a vendor may be working on a take."""

LOOK_AGAIN_S = 1.0
"""Seconds between two looks at an order that another process is sending, at most."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancellation:
    """What became of one take that was to be cancelled."""

    take: Take  # as it stands now
    message: str  # one sentence, for a person
    charged: bool | None = None  # of a job that ended just now: what its vendor says of its price; None: nothing

    @property
    def out(self) -> bool:
        """Whether its vendor may still be working on the take; see `is_out`."""
        return is_out(self.take)


def is_out(take: Take) -> bool:
    """Whether a vendor may be working on the take. What the animatic draws is drawn by whoever waits for it."""
    return take.state in OUT and take.provider != DRAWN.provider


async def cancel_takes(context: RunContext, takes: Iterable[Take]) -> tuple[Cancellation, ...]:
    """End these takes, side by side, as far as their vendors can; in the same order. Tells the watcher of each.

    Waits for senders and for vendors' confirmations as long as `RunContext.patience`. Raises LedgerError alone.
    """
    await bury_dead_senders(context)
    await context.write(claims.expire_leases, context.series)
    return tuple(await asyncio.gather(*(_cancel(context, take) for take in takes)))


async def _cancel(context: RunContext, asked: Take) -> Cancellation:
    why, report = "", None
    try:
        take = await _found(context, asked)
        if take.state is TakeState.SUBMITTED:
            why, report = await _end(context, take)
    except RenderError as error:
        why = str(error)
    now = await context.read(queries.take, asked.id)
    charged = report.charged if isinstance(report, Ended) else None
    done = Cancellation(take=now, message=why if why and now.state in OUT else _told(now, charged), charged=charged)
    context.watcher.note(f"{now.shot}:{now.number} {done.message}")
    return done


async def _found(context: RunContext, take: Take) -> Take:
    """The take once it is known whether it has a job, as far as that can be known now."""
    until = time.monotonic() + context.patience.total_seconds()
    while True:
        now = await context.read(queries.take, take.id)
        if now.state is not TakeState.SUBMITTING or time.monotonic() > until:
            break
        await asyncio.sleep(min(LOOK_AGAIN_S, _interval_s(context, take)))
    if now.state is TakeState.UNKNOWN and await look_up(context, now, ask_again=False):
        return await context.read(queries.take, take.id)
    return now


async def _end(context: RunContext, take: Take) -> tuple[str, JobStatus]:
    """End a job that is out and settle what its vendor reports: why it is still out, if it is, and that report."""
    why, report = await _end_at_vendor(context, take, context.provider_of(take), job_of(take))
    if isinstance(report, Pending):
        return why, report
    await settle(context, take, report)
    return "", report


async def _end_at_vendor(context: RunContext, take: Take, provider: Provider, job: JobRef) -> tuple[str, JobStatus]:
    report = await provider.poll(job)
    if not isinstance(report, Pending):
        return "", report
    if not provider.capabilities.cancels:
        return (
            f"goes on: {take.provider} documents no way to end job {job.id}. Where its own pages let you end it, the "
            "next run takes note; else its clip comes, and is paid for",
            report,
        )
    decided(_LOG, "asked to end", shot=take.shot, take=take.number, vendor=take.account, job=job.id)
    agreed, objection = False, "it says that it did not end it"
    try:
        agreed = await provider.cancel(job)
    except TakeError as error:  # its answer was lost, or the job is over by now: the poll tells
        objection = error.message
    report = await _confirmed(context, take, provider, job, agreed=agreed)
    if agreed:
        return f"was asked to end at {take.provider}, which still reports job {job.id} as under way", report
    return f"was not cancelled at {take.provider} (job {job.id}): {objection}", report


async def _confirmed(context: RunContext, take: Take, provider: Provider, job: JobRef, *, agreed: bool) -> JobStatus:
    """What the vendor reports of a job whose end was asked for; waited for where it `agreed` to end it.

    A vendor that agreed and then knows no such job any more has ended it, and tells nothing of its price.
    """
    until = time.monotonic() + context.patience.total_seconds()
    while True:
        try:
            report = await provider.poll(job)
        except Terminal as error:
            if not agreed or error.scope is Scope.VENDOR:
                raise
            return Ended(code="cancelled", words=error.words, cancelled=True)
        if not isinstance(report, Pending) or not agreed or time.monotonic() > until:
            return report
        await asyncio.sleep(_interval_s(context, take))


def _interval_s(context: RunContext, take: Take) -> float:
    return (context.poll_interval or context.provider_of(take).poll_interval).total_seconds()


def _told(take: Take, charged: bool | None) -> str:
    """How a take stands after it was asked to end, for a person."""
    match take.state:
        case TakeState.CANCELLED:
            return f"is cancelled; {_price(take, charged)}"
        case TakeState.GENERATED | TakeState.DONE:
            return "was finished before, and is paid for: its clip is kept, or collected by the next run"
        case TakeState.SUBMITTING:
            return f"is being sent by {take.owner}: run the same command once it is answered"
        case TakeState.UNKNOWN:
            return (
                f"stays unknown: nobody can say whether {take.provider} took the order. Look at its own pages, then "
                "run `tailframe reconcile`"
            )
        case TakeState.FAILED:
            return f"had ended before: {take.error_message or take.error_code}"
    return f"is {take.state}"


def _price(take: Take, charged: bool | None) -> str:
    if take.cost_usd == 0:
        return "nothing is charged"
    if take.cost_usd is None:
        return f"{take.provider} does not say what it charges"
    if charged:
        return f"{usd(take.cost_usd)} were charged"
    return f"{take.provider} does not say whether it charges anything, so {usd(take.cost_usd)} count as spent"
