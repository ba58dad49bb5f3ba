"""Runs a step that must not be left half done, whatever cancels the task that wants it."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


async def unbroken(step: Coroutine[Any, Any, T], stop: asyncio.Event | None = None) -> T:
    """Run `step` to its end and return what it returns; a cancellation, however often it comes, follows afterwards.

    `stop` is set when the first one comes, so that the step can see that nobody waits for what it has not begun yet.
    """
    task = asyncio.ensure_future(step)
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as error:
            cancelled = error
            if stop is not None:
                stop.set()
    if cancelled is not None:
        if not task.cancelled():
            task.exception()  # seen: what the step met is in the ledger
        raise cancelled
    return task.result()
