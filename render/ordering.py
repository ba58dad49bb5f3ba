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

from render.bench import Bench, Turn
from render.doors import door_link
from render.errors import (
    AccountFull,
    LedgerError,
    NotClaimable,
    NotSent,
    PutOff,
    Refused,
    TakeError,
    Terminal,
    Withheld,
)
from render.lease import Lease
from render.ledger import Rival, Take, TakeId
from render.orders import order_json
from render.providers import PublishedReference, looks_at_leases
from render.providers.inputs import objection
from render.publishing import publish_references
from render.unbroken import order_under_way, unbroken
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


async def place_order(bench: Bench, take: Take, compose: Compose | None) -> TakeId:
    """Claim the take, then send its order. Returns the take to go on with (a rival's, where one is the same order).

    Waits for its turn first. Where the account is full or the vendor puts orders off, it waits there, until the vendor
    has taken no order at all for as long as the bench is patient: were each take that patient, those behind would wait
    for hours, one after another. What to order is asked anew each time, as links and vendors may end meanwhile.
    """
    if compose is None:
        raise NotClaimable(f"take {take.number} of {take.shot} was never ordered, and nothing asks for it now")
    turn = bench.turn(take.provider)
    if turn.places.locked():
        bench.watcher.shot(shot_key(take), "waiting", "for its turn")
    async with turn.places:
        return await _order_in_turn(bench, take, compose, turn)


async def _order_in_turn(bench: Bench, take: Take, compose: Compose, turn: Turn) -> TakeId:
    put_off = 0
    while True:
        try:
            ordered = await _order_once(bench, take, compose(take))
        except Withheld:  # somebody else may have the take by now: it is looked at anew, and never in a hurry
            await asyncio.sleep(WITHHELD_S)
            return take.id
        except (AccountFull, PutOff) as full:
            put_off += isinstance(full, PutOff)
            wait_s = _wait_s(full, put_off, bench.provider_of(take).poll_interval)
            if turn.put_off(wait_s) > bench.patience.total_seconds():
                raise
            bench.watcher.shot(shot_key(take), "waiting", str(full))
            await bench.ask(bench.ledger.expire_leases_at, take.account)
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


async def _order_once(bench: Bench, take: Take, request: Request) -> TakeId:
    """One attempt. Raises AccountFull or PutOff where it has to wait, and what the vendor's refusal says."""
    try:
        references = await publish_references(request, bench.provider_of(take), bench.store, bench.ledger)
    except TakeError as error:
        error.say_more(f"It is a reference of {take.shot}")
        raise
    stop = asyncio.Event()
    return await unbroken(_claim_and_send(bench, take, request, references, stop), stop)


async def _claim_and_send(
    bench: Bench, take: Take, request: Request, references: References, stop: asyncio.Event
) -> TakeId:
    """Claim, and send what was claimed; one step, so that nothing is ever claimed and then left lying.

    Raises ClaimRefused, and what the vendor's refusal says. A take that somebody else moved is looked at anew.
    """
    provider = bench.provider_of(take)
    span = provider.create_timeout + LEASE_MARGIN
    lease = Lease.begin(span, lambda for_at_least: _objection(bench, take, stop, for_at_least))
    try:
        claim = await bench.ask(
            bench.ledger.claim,
            take.id,
            run=bench.run,
            owner=bench.owner.name,
            request_json=order_json(request),
            fingerprint=fingerprint(request),
            continuity=continuity_of(request),
            reserve_usd=request.estimated_usd,
            stated=request.stated,
            unpriced_agreed=shot_key(take) in bench.unpriced,
            lease=span,
            account_bound=provider.capabilities.concurrent_jobs,
            anew=bench.anew,
        )
    except NotClaimable:
        return take.id
    if isinstance(claim, Rival):
        return claim.take
    await _send(bench, take, request, references, lease)
    return take.id


async def _objection(bench: Bench, take: Take, stop: asyncio.Event, for_at_least: timedelta) -> str | None:
    """Why a claimed order may leave no more, or not for so long; None where it may."""
    if stop.is_set():
        return "it was interrupted before it could leave"
    if not await bench.ask(bench.ledger.holds_lease, take.id, bench.owner.name, for_at_least=for_at_least):
        return "its lease was over, or nearly, before it could leave"
    if await bench.ask(bench.ledger.stopped, take.series, take.account):
        return "its series was held or its vendor stopped before it could leave"
    return None


async def _send(bench: Bench, take: Take, request: Request, references: References, lease: Lease) -> None:
    """Send the order, and write what came of it before anything else happens."""
    ledger, owner = bench.ledger, bench.owner.name
    provider, link = bench.provider_of(take), await door_link(bench, take)
    more: dict[str, Any] = {} if link is None else {"callback_url": link}
    more |= {"lease": lease} if looks_at_leases(provider) else {}
    try:
        await lease.look(for_at_least=provider.create_timeout)
        bench.watcher.shot(shot_key(take), "submitting")
        with order_under_way(provider.create_timeout):
            job_id = await provider.create(request, references, take_id=take.id, **more)
    except NotSent as error:
        await bench.ask(ledger.not_sent, take.id, owner, error.message)
        raise
    except Terminal as error:
        objected = objection(error.input_name, error.words, references, provider.capabilities.reference_keys)
        if objected:
            error.say_more(objected)
        await bench.ask(
            ledger.refused_at_create,
            take.id,
            owner,
            code=error.code,
            words=error.message,
            refused=isinstance(error, Refused),
            charged=error.charged if error.charged is not None else False,
        )
        raise
    except Exception as error:
        if not await bench.ask(ledger.outcome_unknown, take.id, owner, str(error)):
            bench.watcher.note(f"take {take.number} of {take.shot} was settled meanwhile, and {error}")
        raise
    await _write_down(bench, take, job_id)


async def _write_down(bench: Bench, take: Take, job_id: str) -> None:
    """Keep the vendor's job id, through a ledger that stumbles: without it a paid job would be hard to find."""
    try:
        async for attempt in stamina.retry_context(_database_failed, attempts=8, timeout=60, wait_initial=0.2):
            with attempt:
                await bench.ask(bench.ledger.job_known, take.id, job_id)
    except LedgerError:
        bench.watcher.note(
            f"{take.provider} took the order for {take.shot} as job {job_id}, and the ledger could not write that. "
            f"Once it works again: tailframe reconcile PROJECT --take {take.shot}:{take.number} --adopt {job_id}"
        )
        raise


def _database_failed(error: Exception) -> bool:
    """The database, and not what it was asked: a job that belongs to another take stays so."""
    return isinstance(error, LedgerError) and error.__cause__ is not None


def continuity_of(request: Request) -> FrameId | None:
    """The frame that this order continues from, where it continues one."""
    return next((r.frame for r in request.references if r.role is Role.CONTINUITY), None)


def shot_key(take: Take) -> str:
    """`SCENE/SHOT`, as whoever watches an episode knows the shot."""
    return take.shot.partition("/")[2]
