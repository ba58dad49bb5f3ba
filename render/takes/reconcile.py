"""Takes whose outcome is unknown: looked up at the vendor by a strict rule, else settled by a person.

A lost answer is never sent again by itself. Three things only can tell that an order arrived: a callback by the
take's own link that names a job, once the vendor confirms it; a vendor that documents its idempotency key, so that the
same key is the same job (then asking again is asking, not ordering); a vendor's own list of jobs, where exactly one job
fits exactly one lost take.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from render.concurrency.lease import Lease
from render.context import RunContext
from render.errors import LedgerConflict, LedgerError, NotSent, RenderError, Scope, Terminal
from render.ledger import Take, TakeId, callback_tokens, claims, jobs, queries
from render.ledger.stored_request import read_order
from render.providers import JobRef, JobStatus, ListedJob, Succeeded, looks_at_leases
from storyboard.request import Request
from storyboard.takes import TakeState

BY_CALL = "named by a callback, confirmed by its vendor"
BY_KEY = "the vendor named it again by its key"
BY_LIST = "found in the vendor's list"
BY_HAND = "adopted by a person"
"""How a lost order found its job, as the take's events say it."""

CLOCK_SKEW = timedelta(minutes=2)
"""How far a vendor's clock may be from the ledger's."""


@dataclass(frozen=True, slots=True)
class LostOrder:
    """An order that was sent in a known span of time and whose answer never came."""

    take: TakeId
    model: str
    prompt: str
    earliest: datetime
    latest: datetime
    seed: int | None = None  # that it was sent with
    own_seed: bool = False  # it is of our making, and no other order's

    def fits(self, job: ListedJob) -> bool:
        """Whether a job could be this order, by all that the vendor tells."""
        return (
            job.model == self.model
            and self.earliest <= job.created_at <= self.latest
            and (job.prompt is None or job.prompt == self.prompt)
            and (job.seed is None or self.seed is None or job.seed == self.seed)
        )

    def is_named_by(self, job: ListedJob) -> bool:
        """Whether a job that could be this order also tells the seed that was made for it alone."""
        return self.own_seed and job.seed == self.seed and self.fits(job)


def match(
    lost: LostOrder, others: Sequence[LostOrder], jobs: Sequence[ListedJob], owned: Collection[str]
) -> str | None:
    """The id of the one job that is certainly this order: the only free one that fits it, and it fits no other.

    Where jobs tell seeds, one that tells the seed made for an order is that order's, whatever else would fit.
    """
    rivals = [other for other in others if other.take != lost.take]
    fitting = [job for job in jobs if job.id not in owned and lost.fits(job)]
    if named := [job for job in fitting if lost.is_named_by(job)]:
        certain = len(named) == 1 and not any(other.is_named_by(named[0]) for other in rivals)
        return named[0].id if certain else None
    fitting = [job for job in fitting if not any(other.is_named_by(job) for other in rivals)]
    if len(fitting) != 1 or any(other.fits(fitting[0]) for other in rivals):
        return None
    return fitting[0].id


async def look_up(context: RunContext, take: Take, *, ask_again: bool = True) -> bool:
    """Give an unknown take its job where that can be found for certain. Raises what `find_job` raises.

    Terminal where the vendor refuses to answer at all: nothing is known of the order then. Without `ask_again` nothing
    leaves that would order the take where its first order never arrived.
    """
    return await context.steps.run(_look_up(context, take, ask_again=ask_again))


async def _look_up(context: RunContext, take: Take, *, ask_again: bool) -> bool:
    if await _adopt_called(context, take):
        return True
    job_id = await find_job(context, take, ask_again=ask_again)
    if job_id is None:
        return False
    if ask_again and context.provider_of(take).capabilities.replays_by_key:
        await context.in_thread(jobs.record_job, context.ledger, take.id, job_id, BY_KEY)
        return True
    try:
        await context.write(jobs.adopt, take.id, job_id, BY_LIST)
    except LedgerError:
        now = await context.read(queries.take, take.id)
        return now.state is not TakeState.UNKNOWN
    return True


async def _adopt_called(context: RunContext, take: Take) -> bool:
    """Give an unknown take the job that a callback named, once its vendor knows it under our own API key.

    A job that is disproved, be it by another seed than was sent, is forgotten, so that the next callback may name one.
    """
    job_id = await context.read(queries.told_job, take.id)
    if job_id is None or take.request_json is None:
        return False
    try:
        order = read_order(take.request_json)
        if other := _other_seed(order, await context.provider_of(take).poll(JobRef(job_id, order))):
            raise LedgerConflict(f"job {job_id} {other}")
        await context.write(jobs.adopt, take.id, job_id, BY_CALL)
    except (Terminal, LedgerError) as error:
        now = await context.read(queries.take, take.id)
        if now.state is not TakeState.UNKNOWN:
            return True
        if not _disproves(error):
            raise
        context.watcher.note(f"a callback for {take.shot} named job {job_id}, which is not adopted: {error}")
        await context.write(callback_tokens.forget_told_job, take.id, job_id)
        return False
    return True


def _disproves(error: Terminal | LedgerError) -> bool:
    """Whether the job is none of this take's: unknown to its vendor, or another take's. Else nobody could tell."""
    if isinstance(error, Terminal):
        return error.scope is not Scope.VENDOR
    return isinstance(error, LedgerConflict)


async def adopt_named(context: RunContext, take: Take, job_id: str) -> None:
    """Give an unknown take the job that a person names, once its vendor confirms that there is such a job.

    Raises what the poll raises (Terminal: the vendor knows no such job), LedgerError where the job is another take's.
    Where the job tells another seed than was sent, the person's word counts, and is told what speaks against it.
    """
    if take.request_json is None:
        raise LedgerConflict(f"take {take.number} of {take.shot} was never ordered, so no job can be its own")
    order = read_order(take.request_json)
    if other := _other_seed(order, await context.provider_of(take).poll(JobRef(job_id, order))):
        context.watcher.note(f"job {job_id}, which take {take.number} of {take.shot} adopts, {other}: look at its clip")
    await context.write(jobs.adopt, take.id, job_id, BY_HAND)


def _other_seed(order: Request, status: JobStatus) -> str:
    """How a job speaks against being this order's; empty where it does not."""
    told = status.seed if isinstance(status, Succeeded) else None
    if told is None or order.seed is None or told == order.seed:
        return ""
    return f"tells seed {told}, and the order was sent with {order.seed}"


async def bury_dead_senders(context: RunContext) -> None:
    """Orders of processes that died while sending are unknown at once: their leases need not run out first."""
    for take in await context.read(queries.takes, context.series, states=(TakeState.SUBMITTING,)):
        if take.owner is not None and context.owner.is_dead(take.owner):
            words = f"its owner {take.owner} died while sending"
            await context.write(claims.outcome_unknown, take.id, take.owner, words)


async def look_up_all(context: RunContext, *, ask_again: bool = True) -> int:
    """Look up every unknown take of the series whose vendor is open; returns how many were found.

    Without `ask_again` nothing leaves that a vendor would be paid for; see `look_up`.

    What goes wrong with one is told and changes nothing for the others: it stays unknown.
    """
    lost = await context.read(queries.takes, context.series, states=(TakeState.UNKNOWN,))
    found = 0
    for take in lost:
        if take.provider not in context.providers:
            continue
        try:
            free = not context.provider_of(take).capabilities.paid
            found += await look_up(context, take, ask_again=ask_again or free)
        except RenderError as error:
            context.watcher.note(f"take {take.number} of {take.shot} is still unknown: {error}")
    return found


async def find_job(context: RunContext, take: Take, *, ask_again: bool = True) -> str | None:
    """The job that an unknown take's order became, where that is certain; else None.

    Raises Transient where the vendor cannot be asked now, UnknownOutcome where its answer was lost again, OtherAccount
    where whoever is asked today never had this order: it would be a new one there.
    """
    provider = context.provider_of(take)
    if ask_again and provider.capabilities.replays_by_key:
        return await _ask_again(context, take)
    mine = _lost(take, provider.create_timeout)
    if mine is None:
        return None
    listed = await provider.list_jobs(mine.earliest)
    if listed is None:
        return None
    nameless = await context.read(queries.without_a_job, take.account)
    owned = await context.read(queries.owned_jobs, take.account, {each.id for each in listed})  # after those without
    others = [lost for each in nameless if (lost := _lost(each, provider.create_timeout)) is not None]
    return match(mine, others, listed, owned)


async def _ask_again(context: RunContext, take: Take) -> str | None:
    """The same create with the same idempotency key, at a vendor that documents that this is one job.

    Where the first one never arrived, this one orders: so not while a person holds the series or the vendor is stopped.
    """
    if take.request_json is None or await context.read(queries.stopped, take.series, take.account):
        return None
    provider, request = context.provider_of(take), read_order(take.request_json)
    references = await context.publisher_of(take).publish(request)
    lease = Lease.begin(provider.create_timeout + CLOCK_SKEW, lambda _: _objection(context, take))
    more: dict[str, Any] = {"lease": lease} if looks_at_leases(provider) else {}
    await lease.look()
    try:
        with context.steps.order_under_way(provider.create_timeout):
            return await provider.create(request, references, take_id=take.id, **more)
    except NotSent:
        raise
    except Terminal:
        return None


async def _objection(context: RunContext, take: Take) -> str | None:
    """Why asking again might now order anew what nobody wants: a person settled the take meanwhile, or holds it."""
    now = await context.read(queries.take, take.id)
    if now.state is not TakeState.UNKNOWN:
        return f"take {take.number} of {take.shot} is {now.state} by now"
    if await context.read(queries.stopped, take.series, take.account):
        return f"{take.series} is on hold by now, or {take.provider} is stopped"
    return None


def _lost(take: Take, create_timeout: timedelta) -> LostOrder | None:
    if take.request_json is None or take.submitted_at is None:
        return None
    order = read_order(take.request_json)
    return LostOrder(
        take=take.id,
        model=take.model,
        prompt=order.prompt,
        earliest=take.submitted_at - CLOCK_SKEW,
        latest=take.submitted_at + create_timeout + CLOCK_SKEW,
        seed=order.seed,
        own_seed=order.own_seed,
    )
