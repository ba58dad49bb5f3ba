"""Orders one take: the claim first, then the create, and whatever comes of it is in the ledger before anything else.

    claimed ── create ──> a job id          submitted
                     ├──> nothing was sent  planned again, its money free
                     ├──> refused           failed
                     └──> no answer         unknown, its money reserved

Nothing here is ever done twice for one claim. Where the vendor has its hands full, the take is planned again and waits.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import stamina

from render.concurrency.lease import Lease
from render.concurrency.shield import order_under_way, shield
from render.context import OrderBackoff, RunContext
from render.errors import (
    AccountFull,
    LedgerError,
    LedgerUnavailable,
    NotClaimable,
    NotSent,
    PutOff,
    Refused,
    TakeError,
    Terminal,
    Withheld,
)
from render.ledger import Rival, Take, TakeId
from render.ledger.stored_request import order_json
from render.providers import PublishedReference, looks_at_leases
from render.providers.rejected_inputs import objection
from render.references.publish import publish_references
from render.takes.callback_links import callback_link
from storyboard.identity import fingerprint
from storyboard.request import FrameId, Request
from storyboard.shot import Role

LEASE_MARGIN = timedelta(seconds=30)
"""How much longer a claim's lease is than the longest create; covers slow commits and a busy machine."""

WITHHELD_S = 1.0
"""How long whoever held back an order waits before it looks at the take again."""

LONGEST_WAIT_S = 20.0
"""Between two orders of one take that a vendor puts off; there are never more such takes than turns."""

References = tuple[PublishedReference, ...]

Compose = Callable[[Take], Request]
"""Says what to order for a take that was not ordered yet."""


async def place_order(context: RunContext, take: Take, compose: Compose | None) -> TakeId:
    """Claim the take, then send its order. Returns the take to go on with (a rival's, where one is the same order).

    Waits for its turn first. Where the account is full or the vendor puts orders off, it waits there, until the vendor
    has taken no order at all for as long as the bench is patient: were each take that patient, those behind would wait
    for hours, one after another. What to order is asked anew each time, as links and vendors may end meanwhile.
    """
    if compose is None:
        raise NotClaimable(f"take {take.number} of {take.shot} was never ordered, and nothing asks for it now")
    turn = context.turn(take.provider)
    if turn.places.locked():
        context.watcher.shot(shot_key(take), "waiting", "for its turn")
    async with turn.places:
        return await _order_in_turn(context, take, compose, turn)


async def _order_in_turn(context: RunContext, take: Take, compose: Compose, turn: OrderBackoff) -> TakeId:
    put_off = 0
    while True:
        try:
            ordered = await _order_once(context, take, compose(take))
        except Withheld:  # somebody else may have the take by now: it is looked at anew, and never in a hurry
            await asyncio.sleep(WITHHELD_S)
            return take.id
        except (AccountFull, PutOff) as full:
            put_off += isinstance(full, PutOff)
            wait_s = _wait_s(full, put_off, context.provider_of(take).poll_interval)
            if turn.put_off(wait_s) > context.patience.total_seconds():
                raise
            context.watcher.shot(shot_key(take), "waiting", str(full))
            await context.ask(context.ledger.expire_leases_at, take.account)
            await asyncio.sleep(wait_s)
        else:
            turn.taken()
            return ordered


def _wait_s(full: AccountFull | PutOff, times: int, poll_interval: timedelta) -> float:
    """A place in our own books is soon seen to be free; a vendor is asked the more rarely the oftener it says no."""
    if isinstance(full, AccountFull):
        return min(2.0, poll_interval.total_seconds())
    growing = min(LONGEST_WAIT_S, 2.0 ** min(times, 10)) * random.uniform(0.5, 1)  # noqa: S311 - no secret
    return max(growing, full.retry_after_s or 0)


async def _order_once(context: RunContext, take: Take, request: Request) -> TakeId:
    """One attempt. Raises AccountFull or PutOff where it has to wait, and what the vendor's refusal says."""
    try:
        references = await publish_references(request, context.provider_of(take), context.store, context.ledger)
    except TakeError as error:
        error.say_more(f"It is a reference of {take.shot}")
        raise
    stop = asyncio.Event()
    return await shield(_claim_and_send(context, take, request, references, stop), stop)


async def _claim_and_send(
    context: RunContext, take: Take, request: Request, references: References, stop: asyncio.Event
) -> TakeId:
    """Claim, and send what was claimed; one step, so that nothing is ever claimed and then left lying.

    Raises ClaimRefused, and what the vendor's refusal says. A take that somebody else moved is looked at anew.
    """
    provider = context.provider_of(take)
    span = provider.create_timeout + LEASE_MARGIN
    lease = Lease.begin(span, lambda for_at_least: _objection(context, take, stop, for_at_least))
    try:
        claim = await context.ask(
            context.ledger.claim,
            take.id,
            run=context.run,
            owner=context.owner.name,
            request_json=order_json(request),
            fingerprint=fingerprint(request),
            continuity=continuity_of(request),
            reserve_usd=request.estimated_usd,
            stated=request.stated,
            unpriced_agreed=shot_key(take) in context.unpriced,
            lease=span,
            account_bound=provider.capabilities.concurrent_jobs,
            anew=context.anew,
        )
    except NotClaimable:
        return take.id
    if isinstance(claim, Rival):
        return claim.take
    await _send(context, take, request, references, lease)
    return take.id


async def _objection(context: RunContext, take: Take, stop: asyncio.Event, for_at_least: timedelta) -> str | None:
    """Why a claimed order may leave no more, or not for so long; None where it may."""
    if stop.is_set():
        return "it was interrupted before it could leave"
    if not await context.ask(context.ledger.holds_lease, take.id, context.owner.name, for_at_least=for_at_least):
        return "its lease was over, or nearly, before it could leave"
    if await context.ask(context.ledger.stopped, take.series, take.account):
        return "its series was held or its vendor stopped before it could leave"
    return None


async def _send(context: RunContext, take: Take, request: Request, references: References, lease: Lease) -> None:
    """Send the order, and write what came of it before anything else happens."""
    ledger, owner = context.ledger, context.owner.name
    provider, link = context.provider_of(take), await callback_link(context, take)
    more: dict[str, Any] = {} if link is None else {"callback_url": link}
    more |= {"lease": lease} if looks_at_leases(provider) else {}
    try:
        await lease.look(for_at_least=provider.create_timeout)
        context.watcher.shot(shot_key(take), "submitting")
        with order_under_way(provider.create_timeout):
            job_id = await provider.create(request, references, take_id=take.id, **more)
    except NotSent as error:
        await context.ask(ledger.not_sent, take.id, owner, str(error))
        raise
    except Terminal as error:
        objected = objection(error.input_name, error.words, references, provider.capabilities.reference_keys)
        if objected:
            error.say_more(objected)
        await context.ask(
            ledger.refused_at_create,
            take.id,
            owner,
            code=error.code,
            words=str(error),
            refused=isinstance(error, Refused),
            charged=error.charged if error.charged is not None else False,
        )
        raise
    except Exception as error:
        if not await context.ask(ledger.outcome_unknown, take.id, owner, str(error)):
            context.watcher.note(f"take {take.number} of {take.shot} was settled meanwhile, and {error}")
        raise
    await _write_down(context, take, job_id)


async def _write_down(context: RunContext, take: Take, job_id: str) -> None:
    """Keep the vendor's job id, through a ledger that stumbles: without it a paid job would be hard to find."""
    try:
        async for attempt in stamina.retry_context(_database_failed, attempts=8, timeout=60, wait_initial=0.2):
            with attempt:
                await context.ask(context.ledger.job_known, take.id, job_id)
    except LedgerError:
        context.watcher.note(
            f"{take.provider} took the order for {take.shot} as job {job_id}, and the ledger could not write that. "
            f"Once it works again: tailframe reconcile PROJECT --take {take.shot}:{take.number} --adopt {job_id}"
        )
        raise


def _database_failed(error: Exception) -> bool:
    """The database, and not what it was asked: a job that belongs to another take stays so."""
    return isinstance(error, LedgerUnavailable)


def continuity_of(request: Request) -> FrameId | None:
    """The frame that this order continues from, where it continues one."""
    return next((r.frame for r in request.references if r.role is Role.CONTINUITY), None)


def shot_key(take: Take) -> str:
    """`SCENE/SHOT`, as whoever watches an episode knows the shot."""
    return take.shot.partition("/")[2]
