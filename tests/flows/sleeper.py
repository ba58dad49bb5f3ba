"""Runs one produce that stops at a chosen moment of its first order, as a machine does that goes to sleep there.

The process stops itself (SIGSTOP) and goes on where it stood once it is told to (SIGCONT). Its leases are short, so
that they run out while it stands still. The event loop's clock does not count what it slept, as that of a machine
that sleeps; all else is real.
"""

from __future__ import annotations

import asyncio
import os
import signal
import time
from asyncio.selector_events import _SelectorSocketTransport  # type: ignore[attr-defined]
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpcore

from flows.run.session import RunOptions
from render.concurrency import lease
from render.ledger import Ledger, claims
from render.net.transport import CheckedBackend
from render.providers.hosted import Hosted
from render.takes import order_claim
from tests.flows.forks import last_words
from tests.flows.mortal import produce

LEASE_PARTS = timedelta(seconds=1.5)
"""Of which a lease has two: the longest create, and a margin."""

MOMENTS = ("after the claim", "after the first look", "once connected", "within the request")
"""Between the claim and the order's last byte, in the order in which they come."""

TOO_LATE = "after the last look"
"""Where nothing can be seen any more: the very next step is the kernel's."""

_slept_s = [0.0]


def produce_asleep(root: Path, moment: str, parts: timedelta = LEASE_PARTS) -> dict[str, Any]:
    """One run of e01 that sleeps at that moment."""
    order_claim.LEASE_MARGIN = parts
    lease.SEND_MARGIN = timedelta(seconds=0.2)
    Hosted.create_timeout = property(lambda _: parts)  # type: ignore[method-assign,assignment]
    sleep = _once(lambda: _sleep(moment))
    claimed = _after("write", claims.claim, sleep if moment == "after the claim" else lambda: None)
    if moment == "after the first look":
        _after("read", claims.holds_lease, sleep)
    if moment == TOO_LATE:
        _before_the_kernel(claimed, sleep)
    asyncio.BaseEventLoop.time = lambda _: time.monotonic() - _slept_s[0]  # type: ignore[method-assign]
    _watch_connections(claimed, moment, sleep)
    return produce(root, RunOptions(episode="e01"), cut=False)


def _sleep(moment: str) -> None:
    last_words((os.getpid(), moment))
    began = time.monotonic()
    os.kill(os.getpid(), signal.SIGSTOP)
    _slept_s[0] += time.monotonic() - began


def _once(call: Callable[[], None]) -> Callable[[], None]:
    passed: list[bool] = []

    def first() -> None:
        if not passed:
            passed.append(True)
            call()

    return first


def _after(method: str, asked: Callable[..., Any], then: Callable[[], None]) -> list[bool]:
    """Do something each time the ledger has made this step (`write`) or answered this query (`read`).

    The list is empty until the first one is over.
    """
    call, over = getattr(Ledger, method), []

    def watched(self: Ledger, step: Callable[..., Any], /, *given: Any, **named: Any) -> Any:
        result = call(self, step, *given, **named)
        if step is asked:
            over.append(True)
            then()
        return result

    setattr(Ledger, method, watched)
    return over


def _watch_connections(claimed: list[bool], moment: str, sleep: Callable[[], None]) -> None:
    """Connections that are made once something is claimed carry an order."""
    connect = CheckedBackend.connect_tcp

    async def watched(self: CheckedBackend, *given: Any, **named: Any) -> httpcore.AsyncNetworkStream:
        stream = await connect(self, *given, **named)
        if not claimed:
            return stream
        if moment == "once connected":
            sleep()
        return _Stream(stream, moment, sleep)

    CheckedBackend.connect_tcp = watched  # type: ignore[method-assign]


def _before_the_kernel(claimed: list[bool], sleep: Callable[[], None]) -> None:
    """Between an order's body and the system's own buffers."""
    write = _SelectorSocketTransport.write

    def watched(self: Any, content: bytes) -> None:
        if claimed and bytes(content).startswith(b"{"):
            sleep()
        write(self, content)

    _SelectorSocketTransport.write = watched


class _Stream(httpcore.AsyncNetworkStream):
    """A connection on which one may fall asleep after the first write."""

    def __init__(self, stream: httpcore.AsyncNetworkStream, moment: str, sleep: Callable[[], None]) -> None:
        self._stream, self._moment, self._sleep = stream, moment, sleep

    async def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ASYNC109 - httpcore's
        return await self._stream.read(max_bytes, timeout)

    async def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ASYNC109 - httpcore's
        await self._stream.write(buffer, timeout)
        if self._moment == "within the request":
            self._sleep()

    async def aclose(self) -> None:
        await self._stream.aclose()

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
