"""Waiting for a take ends when its door rings, and is a plain sleep where none does."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from render.bell import Bell
from render.errors import LedgerError
from render.ledger import TakeId

pytestmark = pytest.mark.anyio

MARA, TOMAS, PLAIN = TakeId("mara"), TakeId("tomas"), TakeId("plain")
LONG_S = 20.0


class Doors:
    """What the ledger would tell of doors: all but `plain` have one."""

    def __init__(self) -> None:
        self.rings: dict[TakeId, datetime] = {}
        self.asked = self.looked_for = 0
        self.broken = False

    def ring(self, take: TakeId) -> None:
        self.rings[take] = self.rings.get(take, datetime(2026, 1, 1, tzinfo=UTC)) + timedelta(seconds=1)

    async def has_door(self, take: TakeId) -> bool:
        self.looked_for += 1
        if self.broken:
            raise LedgerError("the ledger is away")
        return take != PLAIN

    async def rung(self) -> Mapping[TakeId, datetime]:
        self.asked += 1
        if self.broken:
            raise LedgerError("the ledger is away")
        return dict(self.rings)

    def bell(self) -> Bell:
        return Bell(self.has_door, self.rung, every_s=0.01)


async def seconds(wait: Awaitable[None]) -> float:
    begun = time.monotonic()
    await wait
    return time.monotonic() - begun


async def test_a_ring_ends_the_wait_of_its_take_and_of_no_other() -> None:
    """However many wait for it; who waits for another take goes on waiting."""
    doors = Doors()
    bell = doors.bell()
    waits = [asyncio.create_task(bell.wait(take, LONG_S)) for take in (MARA, MARA, TOMAS)]
    await asyncio.sleep(0.05)
    assert not any(wait.done() for wait in waits)

    doors.ring(MARA)

    async with asyncio.timeout(5):
        await asyncio.gather(*waits[:2])
    await asyncio.sleep(0.05)
    assert not waits[2].done()
    waits[2].cancel()
    await asyncio.gather(waits[2], return_exceptions=True)
    await bell.aclose()


async def test_a_ring_that_came_before_the_wait_counts_once() -> None:
    """Between a poll and the wait after it a ring may come; it ends that wait, and not the next one too."""
    doors = Doors()
    bell = doors.bell()
    doors.ring(MARA)
    assert await seconds(bell.wait(MARA, LONG_S)) < 5
    assert await seconds(bell.wait(MARA, 0.1)) >= 0.09
    doors.ring(MARA)
    assert await seconds(bell.wait(MARA, LONG_S)) < 5
    await bell.aclose()


async def test_without_a_ring_a_wait_is_a_sleep() -> None:
    """With a door or without one."""
    doors = Doors()
    bell = doors.bell()
    for take in (MARA, PLAIN):
        assert 0.09 <= await seconds(bell.wait(take, 0.1)) < 5
    await bell.aclose()


async def test_nothing_is_asked_for_takes_without_a_door() -> None:
    """And whether one has a door is asked once, not before every poll."""
    doors = Doors()
    bell = doors.bell()
    for _ in range(3):
        await bell.wait(PLAIN, 0.02)
    assert (doors.asked, doors.looked_for) == (0, 1)
    await bell.aclose()


async def test_all_waits_share_one_question() -> None:
    """A hundred shots ask the ledger no more often than one; when none waits, nothing is asked."""
    doors = Doors()
    bell = doors.bell()
    await asyncio.gather(*(bell.wait(TakeId(f"take {number}"), 0.3) for number in range(100)))
    assert 1 <= doors.asked <= 31
    await asyncio.sleep(0.03)
    asked = doors.asked
    await asyncio.sleep(0.05)
    assert doors.asked == asked
    await bell.aclose()


async def test_a_ledger_that_stumbles_ends_no_wait_and_is_asked_again() -> None:
    """A run without callbacks goes on polling; so does one whose callbacks are not heard for a while."""
    doors = Doors()
    bell, doors.broken = doors.bell(), True
    assert 0.09 <= await seconds(bell.wait(MARA, 0.1)) < 5
    doors.broken = False
    await bell.wait(MARA, 0.01)
    doors.broken = True
    assert 0.09 <= await seconds(bell.wait(MARA, 0.1)) < 5
    waiting = asyncio.create_task(bell.wait(MARA, LONG_S))
    await asyncio.sleep(0.03)
    doors.broken = False
    doors.ring(MARA)
    async with asyncio.timeout(5):
        await waiting
    await bell.aclose()


async def test_it_ends_while_somebody_waits() -> None:
    """A run that is called off leaves no task behind, and closing a bell that never rang is nothing."""
    doors = Doors()
    bell = doors.bell()
    waiting = asyncio.create_task(bell.wait(MARA, LONG_S))
    await asyncio.sleep(0.03)
    waiting.cancel()
    await bell.aclose()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert "callbacks" not in {task.get_name() for task in asyncio.all_tasks()}
    await doors.bell().aclose()
