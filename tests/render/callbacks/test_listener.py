"""Waiting for a take ends when its vendor calls back, and is a plain sleep where none does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from render.callbacks.listener import CallbackListener
from render.errors import LedgerError
from render.ledger import TakeId

pytestmark = pytest.mark.anyio

MARA, TOMAS, PLAIN = TakeId("mara"), TakeId("tomas"), TakeId("plain")
LONG_S = 20.0


class CallbackLinks:
    """What the ledger would tell of callback links: all takes but `PLAIN` have one."""

    def __init__(self) -> None:
        self.calls: dict[TakeId, datetime] = {}
        self.asked = self.looked_for = 0
        self.broken = False

    def mark_called(self, take: TakeId) -> None:
        self.calls[take] = self.calls.get(take, datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=1)

    async def has_callback_link(self, take: TakeId) -> bool:
        self.looked_for += 1
        if self.broken:
            raise LedgerError("the ledger is away")
        return take != PLAIN

    async def callbacks_received(self) -> Mapping[TakeId, datetime]:
        self.asked += 1
        if self.broken:
            raise LedgerError("the ledger is away")
        return dict(self.calls)

    def callback_listener(self) -> CallbackListener:
        return CallbackListener(self.has_callback_link, self.callbacks_received, every_s=0.01)


async def seconds(wait: Awaitable[None]) -> float:
    begun = time.monotonic()
    await wait
    return time.monotonic() - begun


async def test_a_callback_ends_the_wait_of_its_take_and_of_no_other() -> None:
    """However many wait for it; who waits for another take goes on waiting."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    waits = [asyncio.create_task(callback_listener.wait(take, LONG_S)) for take in (MARA, MARA, TOMAS)]
    await asyncio.sleep(0.05)
    assert not any(wait.done() for wait in waits)

    links.mark_called(MARA)

    async with asyncio.timeout(5):
        await asyncio.gather(*waits[:2])
    await asyncio.sleep(0.05)
    assert not waits[2].done()
    waits[2].cancel()
    await asyncio.gather(waits[2], return_exceptions=True)
    await callback_listener.aclose()


async def test_a_callback_that_came_before_the_wait_counts_once() -> None:
    """Between a poll and the wait after it a callback may come; it ends that wait, and not the next one too."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    links.mark_called(MARA)
    assert await seconds(callback_listener.wait(MARA, LONG_S)) < 5
    assert await seconds(callback_listener.wait(MARA, 0.1)) >= 0.09
    links.mark_called(MARA)
    assert await seconds(callback_listener.wait(MARA, LONG_S)) < 5
    await callback_listener.aclose()


async def test_without_a_callback_a_wait_is_a_sleep() -> None:
    """With a callback link or without one."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    for take in (MARA, PLAIN):
        assert 0.09 <= await seconds(callback_listener.wait(take, 0.1)) < 5
    await callback_listener.aclose()


async def test_nothing_is_asked_for_takes_without_a_callback_link() -> None:
    """And whether one has a link is asked once, not before every poll."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    for _ in range(3):
        await callback_listener.wait(PLAIN, 0.02)
    assert (links.asked, links.looked_for) == (0, 1)
    await callback_listener.aclose()


async def test_all_waits_share_one_question() -> None:
    """A hundred shots ask the ledger no more often than one; when none waits, nothing is asked."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    await asyncio.gather(*(callback_listener.wait(TakeId(f"take {number}"), 0.3) for number in range(100)))
    assert 1 <= links.asked <= 31
    await asyncio.sleep(0.03)
    asked = links.asked
    await asyncio.sleep(0.05)
    assert links.asked == asked
    await callback_listener.aclose()


async def test_a_ledger_that_stumbles_ends_no_wait_and_is_asked_again() -> None:
    """A run without callbacks goes on polling; so does one whose callbacks are not heard for a while."""
    links = CallbackLinks()
    callback_listener, links.broken = links.callback_listener(), True
    assert 0.09 <= await seconds(callback_listener.wait(MARA, 0.1)) < 5
    links.broken = False
    await callback_listener.wait(MARA, 0.01)
    links.broken = True
    assert 0.09 <= await seconds(callback_listener.wait(MARA, 0.1)) < 5
    waiting = asyncio.create_task(callback_listener.wait(MARA, LONG_S))
    await asyncio.sleep(0.03)
    links.broken = False
    links.mark_called(MARA)
    async with asyncio.timeout(5):
        await waiting
    await callback_listener.aclose()


async def test_it_ends_while_somebody_waits() -> None:
    """A run that is called off leaves no task behind, and a listener that nobody ever waited on closes too."""
    links = CallbackLinks()
    callback_listener = links.callback_listener()
    waiting = asyncio.create_task(callback_listener.wait(MARA, LONG_S))
    await asyncio.sleep(0.03)
    waiting.cancel()
    await callback_listener.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert "callbacks" not in {task.get_name() for task in asyncio.all_tasks()}
    await links.callback_listener().aclose()
