"""Orders one take: the claim first, then the create, and whatever comes of it is in the ledger before anything else.

    claimed ── create ──> a job id          submitted
                     ├──> nothing was sent  planned again, its money free
                     ├──> refused           failed
                     └──> no answer         unknown, its money reserved

Nothing here is ever done twice for one claim. Where the vendor has its hands full, the take is planned again and waits.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from render.claim_errors import AccountFull, NotClaimable
from render.concurrency.backoff import OrderBackoff, wait_s
from render.concurrency.lease import Lease
from render.context import RunContext
from render.errors import NotSent, PutOff, Refused, TakeError, Terminal, Withheld
from render.ledger import Take, TakeId, claims, settlement
from render.providers import Provider, PublishedReference, looks_at_leases
from render.providers.rejected_inputs import objection
from render.takes.callback_links import callback_link
from render.takes.order_claim import claim_order
from render.takes.write_job import write_job
from render.telemetry import CREATE, OPERATION, ORDER_WAIT, REASON, SERVER, Fact, add, span
from storyboard.request import Request

WITHHELD_S = 1.0
"""How long whoever held back an order waits before it looks at the take again."""

References = tuple[PublishedReference, ...]

Compose = Callable[[Take], Request]
"""Says what to order for a take that was not ordered yet."""


async def place_order(context: RunContext, take: Take, compose: Compose | None) -> TakeId:
    """Claim the take, then send its order. Returns the take to go on with (a rival's, where one is the same order).

    Waits for its turn first. Where the account is full or the vendor puts orders off, it waits there, until the vendor
    has taken no order at all for the run's patience: were each take that patient, those behind would wait
    for hours, one after another. What to order is asked anew each time, as links and vendors may end meanwhile.
    """
    if compose is None:
        raise NotClaimable(f"take {take.number} of {take.shot} was never ordered, and nothing asks for it now")
    backoff = context.backoff(take.provider)
    if backoff.slots.locked():
        context.watcher.shot(take.local_key, "waiting", "for its turn")
    wanted = time.monotonic()
    async with backoff.slots:
        add(ORDER_WAIT, time.monotonic() - wanted, {REASON: "turn"})
        return await _order_in_turn(context, take, compose, backoff)


async def _order_in_turn(context: RunContext, take: Take, compose: Compose, backoff: OrderBackoff) -> TakeId:
    put_off = 0
    while True:
        try:
            ordered = await _order_once(context, take, compose(take))
        except Withheld:  # somebody else may have the take by now: it is looked at anew, and never in a hurry
            await asyncio.sleep(WITHHELD_S)
            return take.id
        except (AccountFull, PutOff) as full:
            put_off += isinstance(full, PutOff)
            seconds = wait_s(full, put_off, context.provider_of(take).poll_interval)
            if backoff.put_off(seconds) > context.patience.total_seconds():
                raise
            context.watcher.shot(take.local_key, "waiting", str(full))
            await context.write(claims.expire_leases_at, take.account)
            await asyncio.sleep(seconds)
            add(ORDER_WAIT, seconds, {REASON: "put_off" if isinstance(full, PutOff) else "full"})
        else:
            backoff.taken()
            return ordered


async def _order_once(context: RunContext, take: Take, request: Request) -> TakeId:
    """One attempt. Raises AccountFull or PutOff where it has to wait, and what the vendor's refusal says.

    For an order that could not leave any more nothing is sent to its vendor before either.
    """
    await context.read(claims.refuse_after_hours, context.run)
    try:
        references = await context.publisher_of(take).publish(request)
    except TakeError as error:
        error.say_more(f"It is a reference of {take.shot}")
        raise
    stop = asyncio.Event()
    return await context.steps.run(_claim_and_send(context, take, request, references, stop), stop)


async def _claim_and_send(
    context: RunContext, take: Take, request: Request, references: References, stop: asyncio.Event
) -> TakeId:
    """Claim, and send what was claimed; one step, so that nothing is ever claimed and then left lying.

    Raises ClaimRefused, and what the vendor's refusal says. A take that somebody else moved is looked at anew.
    """
    claimed = await claim_order(context, take, request, stop)
    if not isinstance(claimed, Lease):
        return claimed
    await _send(context, take, request, references, claimed)
    return take.id


async def _send(context: RunContext, take: Take, request: Request, references: References, lease: Lease) -> None:
    """Send the order, and write what came of it before anything else happens."""
    owner = context.owner.name
    provider, link = context.provider_of(take), await callback_link(context, take)
    more: dict[str, Any] = {} if link is None else {"callback_url": link}
    more |= {"lease": lease} if looks_at_leases(provider) else {}
    try:
        await lease.look(for_at_least=provider.create_timeout)
        context.watcher.shot(take.local_key, "submitting")
        with context.steps.order_under_way(provider.create_timeout), span(CREATE, _call(provider)):
            job_id = await provider.create(request, references, take_id=take.id, **more)
    except NotSent as error:
        await context.write(claims.not_sent, take.id, owner, str(error))
        raise
    except Terminal as error:
        objected = objection(error.input_name, error.words, references, provider.capabilities.reference_keys)
        if objected:
            error.say_more(objected)
        await context.write(
            settlement.refused_at_create,
            take.id,
            owner,
            code=error.code,
            words=str(error),
            refused=isinstance(error, Refused),
            charged=error.charged if error.charged is not None else False,
        )
        raise
    except Exception as error:
        if not await context.write(claims.outcome_unknown, take.id, owner, str(error)):
            context.watcher.note(f"take {take.number} of {take.shot} was settled meanwhile, and {error}")
        raise
    await write_job(context, take, job_id)


def _call(provider: Provider) -> dict[str, Fact]:
    """What the conventions want told of a call to a model, beside whose take it is for."""
    return {OPERATION: "generate_content", SERVER: urlsplit(provider.capabilities.origin).hostname}
