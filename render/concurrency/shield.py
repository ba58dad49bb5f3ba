"""Runs a step that must not be left half done, whatever cancels the task that wants it.

Whoever closes what such steps work with waits for them first (`shielded_steps_ended`): a task that was cancelled may
be gone before the step is over that another one began. And whoever ends a run can say what it still waits for
(`orders_under_way`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterator
from datetime import timedelta
from typing import Any, TypeVar
from weakref import WeakSet

T = TypeVar("T")

_steps: WeakSet[asyncio.Future[Any]] = WeakSet()
_orders: dict[object, float] = {}  # until when each is answered at the latest, by the monotonic clock


async def shield(step: Coroutine[Any, Any, T], stop: asyncio.Event | None = None) -> T:
    """Run `step` to its end and return what it returns; a cancellation, however often it comes, follows afterwards.

    `stop` is set when the first one comes, so that the step can see that nobody waits for what it has not begun yet.
    """
    task = asyncio.ensure_future(step)
    _steps.add(task)
    cancelled = await _outlast(task, stop)
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen: what the step met is in the ledger
        raise cancelled
    return task.result()


async def shielded_steps_ended() -> None:
    """Wait until none of this loop's steps is under way; a cancellation follows afterwards."""
    loop, cancelled = asyncio.get_running_loop(), None
    for task in [each for each in _steps if each.get_loop() is loop and not each.done()]:
        cancelled = await _outlast(task) or cancelled
    if cancelled is not None:
        raise cancelled


async def _outlast(task: asyncio.Future[Any], stop: asyncio.Event | None = None) -> asyncio.CancelledError | None:
    """Wait for the task's end, and for nothing else; returns the cancellation that came meanwhile."""
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
            if stop is not None:
                stop.set()
    return cancelled


@contextlib.contextmanager
def order_under_way(within: timedelta) -> Iterator[None]:
    """While this lasts, an order's answer is waited for, so long at most."""
    order = object()
    _orders[order] = time.monotonic() + within.total_seconds()
    try:
        yield
    finally:
        del _orders[order]


def orders_under_way() -> tuple[float, ...]:
    """For each order of this process that may have left and has no answer yet: how many seconds it has left at most."""
    now = time.monotonic()
    return tuple(max(0.0, until - now) for until in _orders.values())
