"""Threads for calls that block: of the ledger and the store, made from a run's one event loop."""

from __future__ import annotations

import asyncio
import contextvars
import functools
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

AT_ONCE = 8
"""Calls that go on at the same time; the others wait."""


class InThread(Protocol):
    """Makes a blocking call elsewhere than in the event loop, and returns what it returned."""

    def __call__(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Awaitable[T]:
        """Make the call."""
        ...


class BlockingCalls:
    """A thread pool of its own, which no ffmpeg or drawing can starve. Made with a run's context, and closed by it."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(AT_ONCE, "ledger")

    async def in_thread(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """Make this call in one of the threads; returns and raises what it does."""
        loop, here = asyncio.get_running_loop(), contextvars.copy_context()
        return await loop.run_in_executor(self._threads, functools.partial(here.run, call, *args, **kwargs))

    def close(self) -> None:
        """Wait for calls that were begun. None can be made any more."""
        self._threads.shutdown(wait=True)
