"""Claims an order: the right to send it, until when, and what must still be true when it leaves.

A claim sets its money aside in the ledger. Until the order's last byte has left, the lease is looked at again: what was
interrupted, is nearly over, or may be paid no more does not leave.
"""

from __future__ import annotations

import asyncio
from datetime import timedelta

from render.claim_errors import NotClaimable
from render.concurrency.lease import Lease
from render.context import RunContext
from render.ledger import Order, Rival, Take, TakeId, claims, queries
from render.ledger.stored_request import order_json
from render.telemetry import CLAIM, span
from storyboard.identity import fingerprint, made_on
from storyboard.request import Request

LEASE_MARGIN = timedelta(seconds=30)
"""How much longer a claim's lease is than the longest create; covers slow commits and a busy machine."""


async def claim_order(context: RunContext, take: Take, request: Request, stop: asyncio.Event) -> Lease | TakeId:
    """The lease under which the order may leave; or, where nothing is to be sent, the take to go on with.

    That is a rival's, where one is the same order, or this one, where somebody else moved it. Once `stop` is set, the
    order leaves no more. Raises ClaimRefused.
    """
    lasts = context.provider_of(take).create_timeout + LEASE_MARGIN
    lease = Lease.begin(lasts, lambda for_at_least: _objection(context, take, stop, for_at_least))
    try:
        with span(CLAIM):
            order = _order_of(context, take, request, lasts)
            claim = await context.write_once(claims.claim, claims.made, take.id, order)
    except NotClaimable:
        return take.id
    return claim.take if isinstance(claim, Rival) else lease


def _order_of(context: RunContext, take: Take, request: Request, lasts: timedelta) -> Order:
    """What the take is claimed with; the claim holds so long."""
    return Order(
        run=context.run,
        owner=context.owner.name,
        request_json=order_json(request),
        fingerprint=fingerprint(request),
        continuity=made_on(request),
        reserve_usd=request.estimated_usd,
        stated=request.stated,
        unpriced_agreed=take.local_key in context.unpriced,
        lease=lasts,
        account_bound=context.provider_of(take).capabilities.concurrent_jobs,
        anew=context.anew,
        approvals=context.approvals,
        run_sum_agreed=context.run_sum_agreed,
    )


async def _objection(context: RunContext, take: Take, stop: asyncio.Event, for_at_least: timedelta) -> str | None:
    """Why a claimed order may leave no more, or not for so long; None where it may."""
    if stop.is_set():
        return "it was interrupted before it could leave"
    if not await context.read(claims.holds_lease, take.id, context.owner.name, for_at_least=for_at_least):
        return "its lease was over, or nearly, before it could leave"
    if await context.read(queries.stopped, take.series, take.account):
        return "its series was held or its vendor stopped before it could leave"
    if await context.read(queries.hours_ended, context.run) is not None:
        return "the hours in which its run may order ended before it could leave"
    return None
