"""Wakes who waits for a take as soon as its door rings, in this process or in another.

All waits of a run share one listener, which asks the ledger once a second while anybody waits and not at all otherwise.
Without a ring a wait is a plain sleep: callbacks make a run quicker, and their absence makes it no different.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime

from render.concurrency.blocking import InThread
from render.errors import LedgerError
from render.ledger import Ledger, TakeId, queries

LISTEN_EVERY_S = 1.0

_LOG = logging.getLogger(__name__)

CallbacksReceived = Callable[[], Awaitable[Mapping[TakeId, datetime]]]
"""When the doors of all takes rang last; those that never did are absent."""


class CallbackListener:
    """Callbacks of one series' takes, as one run's event loop hears them. Made for a bench, and closed by it."""

    def __init__(
        self,
        has_callback_link: Callable[[TakeId], Awaitable[bool]],
        callbacks_received: CallbacksReceived,
        *,
        every_s: float = LISTEN_EVERY_S,
    ) -> None:
        self._has_callback_link, self._callbacks_received, self._every_s = (
            has_callback_link,
            callbacks_received,
            every_s,
        )
        self._links: dict[TakeId, bool] = {}  # whoever is waited for was ordered: it has a door from then on, or never
        self._heard: Mapping[TakeId, datetime] = {}
        self._heeded: dict[TakeId, datetime] = {}  # rings that a wait has ended for
        self._waiting = 0
        self._changed = asyncio.Condition()
        self._listener: asyncio.Task[None] | None = None

    @classmethod
    def of(
        cls, ledger: Ledger, series: str, in_thread: InThread, *, every_s: float = LISTEN_EVERY_S
    ) -> CallbackListener:
        """The listener of a series, whose ledger is read by `in_thread`."""
        return cls(
            lambda take_id: in_thread(ledger.read, queries.has_callback_link, take_id),
            lambda: in_thread(ledger.read, queries.callbacks_received, series),
            every_s=every_s,
        )

    async def wait(self, take_id: TakeId, seconds: float) -> None:
        """Sleep so long, or until the door of an ordered take rings. A ring since the last wait counts."""
        if not await self._may_be_called(take_id):
            await asyncio.sleep(seconds)
            return
        self._waiting += 1
        try:
            await self._until_called(take_id, seconds)
        finally:
            self._waiting -= 1

    async def aclose(self) -> None:
        """Stop listening."""
        if self._listener is not None:
            self._listener.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listener

    async def _may_be_called(self, take_id: TakeId) -> bool:
        if take_id not in self._links:
            try:
                self._links[take_id] = await self._has_callback_link(take_id)
            except LedgerError:
                return False  # this once
        return self._links[take_id]

    async def _until_called(self, take_id: TakeId, seconds: float) -> None:
        if self._listener is None or self._listener.done():
            self._listener = asyncio.create_task(self._listen(), name="callbacks")
        before = self._heeded.get(take_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self._heard.get(take_id, before) != before)
        if take_id in self._heard:
            self._heeded[take_id] = self._heard[take_id]

    async def _listen(self) -> None:
        """Hear every door while anybody waits. Without an answer waits end by their own time, as without callbacks."""
        while self._waiting:
            try:
                self._heard = await self._callbacks_received()
            except Exception as error:  # whatever it is: no callback is worth a run
                _LOG.warning("callbacks are not heard for now: %s", error)
            async with self._changed:
                self._changed.notify_all()
            await asyncio.sleep(self._every_s)
