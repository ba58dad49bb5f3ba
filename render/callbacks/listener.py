"""Wakes who waits for a take as soon as a callback for it is recorded, by whichever process serves callbacks.

All waits of a run share one listener, which asks the ledger once a second while anybody waits and not at all otherwise.
Without a callback a wait is a plain sleep: callbacks make a run quicker, and their absence makes it no different.
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
"""Between two questions to the ledger."""

_LOG = logging.getLogger(__name__)

CallbacksReceived = Callable[[], Awaitable[Mapping[TakeId, datetime]]]
"""When each take's last callback came (aware, UTC); takes that were never called about are absent."""


class CallbackListener:
    """Callbacks of one series' takes, for the waits of one event loop. Made for a run's context, and closed by it."""

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
        self._links: dict[TakeId, bool] = {}  # by take, once ordered: a link goes out with the order or never
        self._heard: Mapping[TakeId, datetime] = {}
        self._delivered: dict[TakeId, datetime] = {}  # the last callback that ended a wait
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
        """Sleep so long, or until an ordered take is called about. A callback since the last wait ends it at once."""
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
        before = self._delivered.get(take_id)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self._heard.get(take_id, before) != before)
        if take_id in self._heard:
            self._delivered[take_id] = self._heard[take_id]

    async def _listen(self) -> None:
        """Ask for callbacks while anybody waits. Where the ledger does not answer, waits last their full time."""
        while self._waiting:
            try:
                self._heard = await self._callbacks_received()
            except Exception as error:  # whatever it is: no callback is worth a run
                _LOG.warning("callbacks are not heard for now: %s", error)
            async with self._changed:
                self._changed.notify_all()
            await asyncio.sleep(self._every_s)
