"""The life of one take, from `planned` to `done`.

`make_take` is one loop around one question: where does this take stand? Each step makes one transition, which is in
the ledger before the next step begins. So the function can be called again at any moment, by this process after an
error or by another after a crash, with the same take: it goes on from there and never orders a second time.

    planned ── order ──> submitted ── poll ──> generated ── download, check, store ──> done

What happens to money is decided by the ledger alone; what a vendor's answer means, by its provider alone.
"""

from __future__ import annotations

import asyncio
import logging

from render.context import RunContext
from render.errors import Refused, TakeError, Terminal, Transient, UnknownOutcome
from render.ledger import Take, TakeId, claims, queries
from render.providers import Succeeded
from render.takes.callback_links import may_be_called
from render.takes.collect import collect, keep_clip
from render.takes.poll_job import await_clip
from render.takes.reconcile import look_up
from render.takes.submit import Compose, place_order
from render.takes.take_spans import looking_up, tell_of, waiting, work_on_take
from storyboard.takes import TakeState

__all__ = ["Compose", "keep_clip", "make_take"]

_LOG = logging.getLogger(__name__)

LOOK_AGAIN_S = 30.0
"""Seconds between two looks while a callback is waited for: a vendor's list may be slow, the callback server gone."""


async def make_take(context: RunContext, take_id: TakeId, compose: Compose | None = None) -> Take:
    """Carry one take to its end and return it, done.

    Without `compose` only takes that were ordered before can be carried on. Where another take turns out to be the same
    order, that one is followed and returned.

    Raises TakeError (Transient: call again), ClaimRefused (nothing was sent), MediaError, StoreError.
    """
    with work_on_take():
        return await _carry(context, take_id, compose)


async def _carry(context: RunContext, take_id: TakeId, compose: Compose | None) -> Take:
    fresh: Succeeded | None = None  # what its vendor said a moment ago
    while True:
        take = await context.read(queries.take, take_id)
        tell_of(take)
        match take.state:
            case TakeState.PLANNED:
                take_id, fresh = await _order(context, take, compose), None
            case TakeState.SUBMITTING:
                await _wait_for_sender(context, take)
            case TakeState.SUBMITTED:
                with waiting():
                    fresh = await await_clip(context, take)
            case TakeState.GENERATED:
                await collect(context, take, fresh)
            case TakeState.UNKNOWN:
                with looking_up():
                    await _look_up(context, take)
            case TakeState.DONE:
                return take
            case TakeState.CANCELLED if take.rival is not None:
                take_id, fresh = take.rival, None
            case TakeState.FAILED | TakeState.CANCELLED:
                raise _ended(take)


async def _order(context: RunContext, take: Take, compose: Compose | None) -> TakeId:
    """Order the take. An answer that is lost ends this run's work on it only where no callback can come either."""
    try:
        return await place_order(context, take, compose)
    except UnknownOutcome:
        if not await may_be_called(context, await context.read(queries.take, take.id)):
            raise
        return take.id


async def _wait_for_sender(context: RunContext, take: Take) -> None:
    """Another process is sending this order. Wait for its answer, or find out that it died."""
    if take.owner is not None and context.owner.is_dead(take.owner):
        await context.write(claims.outcome_unknown, take.id, take.owner, f"its owner {take.owner} died while sending")
        return
    if not await context.write(claims.expire_leases, context.series):
        context.watcher.shot(take.local_key, "submitting", f"by {take.owner}")
        await asyncio.sleep(1)


async def _look_up(context: RunContext, take: Take) -> None:
    """A create whose answer was lost. Adopt its job where that is certain; else wait for a callback, then for a person.

    A vendor that refuses to tell leaves the take unknown: that must not make the shot again elsewhere.
    """
    called = await may_be_called(context, take)
    try:
        if await look_up(context, take):
            return
    except Terminal as error:
        raise _not_known(take, f" ({error})") from error
    except Transient:
        if not called:
            raise
    if not called:
        raise _not_known(take)
    context.watcher.shot(take.local_key, "unanswered", "waiting for the vendor's callback")
    await context.callback_listener.wait(take.id, min(LOOK_AGAIN_S, context.callback_patience.total_seconds()))


def _not_known(take: Take, why: str = "") -> UnknownOutcome:
    return UnknownOutcome(
        f"it is not known whether {take.provider} took the order for take {take.number} of {take.shot}{why}; "
        f"its money stays reserved",
        "Look at the vendor's own page, then run `tailframe reconcile`",
        code="unknown_outcome",
    )


def _ended(take: Take) -> TakeError:
    """A failed or cancelled take, as the error that ends its shot."""
    kind = Refused if take.refused else Terminal
    return kind(
        take.error_message or f"take {take.number} of {take.shot} was {take.state}",
        code=take.error_code or take.state.value,
    )
