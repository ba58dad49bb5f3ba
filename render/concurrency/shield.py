"""Shields steps that must not be left half done from whatever cancels the task that wants them (as `asyncio.shield`).

Whoever closes what such steps work with waits for them first (`ShieldedSteps.ended`): a task that was cancelled may be
gone before the step is over that another one began. And whoever ends a run can say what it still waits for
(`ShieldedSteps.orders_under_way`).
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class ShieldedSteps:
    """The steps of one run that are under way, and those of its orders that have no answer yet.

    Whoever lets signals end a run makes one for it (`flows.terminal.cancellation`), else its context does. The context
    holds it, and closes nothing before the last step is over.
    """

    _steps: set[asyncio.Future[Any]] = field(default_factory=set)
    _orders: dict[object, float] = field(default_factory=dict)  # until when each is answered, by the monotonic clock
    interrupted: bool = False  # somebody cancelled a task that wanted one: the run is ending

    async def run(self, step: Coroutine[Any, Any, T], stop: asyncio.Event | None = None) -> T:
        """Run `step` to its end and return what it returns; a cancellation, however often it comes, follows afterwards.

        `stop` is set when the first one comes, so that the step can see that nobody waits for what it has not begun
        yet.
        """
        task = asyncio.ensure_future(step)
        self._steps.add(task)
        task.add_done_callback(self._steps.discard)
        cancelled = await self._outlast(task, stop)
        if cancelled is not None:
            if not task.cancelled():
                task.exception()  # seen: what the step met is in the ledger
            raise cancelled
        return task.result()

    async def ended(self) -> None:
        """Wait until none of the steps is under way; a cancellation follows afterwards."""
        cancelled = None
        for task in list(self._steps):
            cancelled = await self._outlast(task) or cancelled
        if cancelled is not None:
            raise cancelled

    @contextlib.contextmanager
    def order_under_way(self, within: timedelta) -> Iterator[None]:
        """While this lasts, an order's answer is waited for, so long at most."""
        order = object()
        self._orders[order] = time.monotonic() + within.total_seconds()
        try:
            yield
        finally:
            del self._orders[order]

    def orders_under_way(self) -> tuple[float, ...]:
        """For each order that may have left and has no answer yet: how many seconds it has left at most."""
        now = time.monotonic()
        return tuple(max(0.0, until - now) for until in self._orders.values())

    async def _outlast(
        self, task: asyncio.Future[Any], stop: asyncio.Event | None = None
    ) -> asyncio.CancelledError | None:
        """Wait for the task's end, and for nothing else; returns the cancellation that came meanwhile."""
        cancelled: asyncio.CancelledError | None = None
        while not task.done():
            try:
                await asyncio.wait({task})
            except asyncio.CancelledError as error:
                cancelled, self.interrupted = error, True
                if stop is not None:
                    stop.set()
        return cancelled
