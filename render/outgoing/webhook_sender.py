"""Sends what is due, to each endpoint in the order of time: once, or again and again until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from render.concurrency.blocking import BlockingCalls
from render.decisions import decided
from render.errors import RenderError
from render.ledger import outgoing_queries, outgoing_sends
from render.outgoing.post_message import WITHIN_S, Answer, client_for, post_message
from render.outgoing.retry_schedule import wait_after

if TYPE_CHECKING:
    import httpx

    from render.ledger import Ledger
    from render.ledger.outgoing_sends import Send
    from render.outgoing.webhook_endpoint import Endpoint

LOOKS_EVERY_S = 5.0
"""Seconds between two looks for what is due; both databases answer one in a few milliseconds."""

FAILURES_IN_A_ROW = 2
"""After so many an endpoint is left alone until the next look: what is due there waits, and keeps its order."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class SendSummary:
    """What became of the attempts of one pass."""

    delivered: int = 0
    put_off: int = 0  # not taken, and tried again later
    dead: int = 0  # not taken, and not tried again by itself

    @property
    def attempts(self) -> int:
        """How many there were."""
        return self.delivered + self.put_off + self.dead

    def __add__(self, other: SendSummary) -> SendSummary:
        return SendSummary(self.delivered + other.delivered, self.put_off + other.put_off, self.dead + other.dead)


@dataclass(slots=True)
class WebhookSender:
    """Sends messages of one ledger. Whoever made it closes it; any number of them may be at work at once."""

    ledger: Ledger
    endpoints: Sequence[Endpoint]
    secrets: Sequence[bytes] = field(repr=False)
    within_s: float = WITHIN_S  # for one attempt
    _calls: BlockingCalls = field(default_factory=BlockingCalls, repr=False)
    _clients: dict[str, httpx.AsyncClient] = field(default_factory=dict, repr=False)

    async def send_due(self) -> SendSummary:
        """Send what is due now. Raises LedgerError, and BadSetting where the environment names no usable way out.

        Whatever an endpoint does is written down, and raises nothing.
        """
        names = [each.name for each in self.endpoints]
        if not await self._calls.in_thread(self.ledger.read, outgoing_queries.is_due, names):
            return SendSummary()
        await self._calls.in_thread(self.ledger.write, outgoing_sends.plan_sends, names)
        found = await asyncio.gather(*map(self._send_to, self.endpoints))
        return sum(found, SendSummary())

    async def keep_sending(self, stop: asyncio.Event) -> None:
        """Send what is due, look again, and once more when it is told to stop. What fails is tried later."""
        while True:
            last = stop.is_set()
            try:
                await self.send_due()
            except RenderError as error:
                _LOG.warning("messages could not be sent, and wait: %s", error)
            if last:
                return
            try:
                async with asyncio.timeout(LOOKS_EVERY_S):
                    await stop.wait()
            except TimeoutError:
                continue

    async def aclose(self) -> None:
        """Close connections and threads. An attempt that is cut off here is made again when its lease is over."""
        for client in self._clients.values():
            await client.aclose()
        self._calls.close()

    async def _send_to(self, endpoint: Endpoint) -> SendSummary:
        client, counts, in_a_row = self._client(endpoint), Counter[str](), 0
        while in_a_row < FAILURES_IN_A_ROW:
            send = await self._calls.in_thread(self.ledger.write, outgoing_sends.claim_send, endpoint.name)
            if send is None:
                break
            answer = await post_message(client, endpoint, send, self.secrets, within_s=self.within_s)
            became = await self._calls.in_thread(self._write_down, send, answer)
            counts[became] += 1
            in_a_row = 0 if answer.taken else in_a_row + 1
        return SendSummary(**counts)

    def _client(self, endpoint: Endpoint) -> httpx.AsyncClient:
        return self._clients.get(endpoint.name) or self._clients.setdefault(endpoint.name, client_for(endpoint))

    def _write_down(self, send: Send, answer: Answer) -> str:
        """What became of an attempt, as the field of a summary is called."""
        wait = None if send.is_test else wait_after(send.attempt, answer.status, answer.asked_s, random.random())  # noqa: S311
        if answer.taken:
            became = "delivered"
            self.ledger.write(outgoing_sends.delivered, send, answer.told)
        elif wait is None:
            became = "dead"
            self.ledger.write(outgoing_sends.given_up, send, answer.told)
        else:
            became = "put_off"
            self.ledger.write(outgoing_sends.put_off, send, answer.told, wait)
        decided(
            _LOG, f"message {became.replace('_', ' ')}", message=send.message, endpoint=send.endpoint, why=answer.told
        )
        return became
