"""Steps that must not be left half done."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

import pytest

from render.concurrency.shield import ShieldedSteps


async def _step(done: list[str], stop: asyncio.Event | None = None) -> str:
    await asyncio.sleep(0.05)
    done.append("stopped" if stop is not None and stop.is_set() else "done")
    return "result"


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_step_ends_however_often_its_task_is_cancelled(times: int) -> None:
    """Every cancellation waits for the step, then one of them is raised."""

    async def run() -> list[str]:
        done: list[str] = []
        task = asyncio.create_task(ShieldedSteps().run(_step(done)))
        await asyncio.sleep(0)
        for _ in range(times):
            task.cancel()
            await asyncio.sleep(0)
        with pytest.raises(asyncio.CancelledError):
            await task
        return done

    assert asyncio.run(run()) == ["done"]


def test_a_step_sees_that_nobody_waits_any_more() -> None:
    """What it has not begun yet it need not begin."""

    async def run() -> list[str]:
        done: list[str] = []
        stop = asyncio.Event()
        task = asyncio.create_task(ShieldedSteps().run(_step(done, stop), stop))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return done

    assert asyncio.run(run()) == ["stopped"]


def test_whoever_closes_waits_for_steps_that_nobody_waits_for_any_more() -> None:
    """Their tasks may be gone: one that fails first ends those beside it, and not what they have begun."""

    async def run() -> list[str]:
        done: list[str] = []
        with suppress(asyncio.CancelledError):
            steps = ShieldedSteps()
            task = asyncio.create_task(steps.run(_step(done)))
            await asyncio.sleep(0)
            closing = asyncio.create_task(steps.ended())
            await asyncio.sleep(0)
            closing.cancel()
            task.cancel()
            await closing
        return done

    assert asyncio.run(run()) == ["done"]


def test_orders_that_are_under_way_are_known() -> None:
    """How many, and how long each may take yet."""
    steps = ShieldedSteps()
    with steps.order_under_way(timedelta(seconds=60)), steps.order_under_way(timedelta(seconds=5)):
        first, second = steps.orders_under_way()
        assert 59 < first <= 60
        assert 4 < second <= 5
    assert steps.orders_under_way() == ()


def test_a_result_and_an_error_come_through() -> None:
    """Left alone, it is as if the step were awaited."""

    async def fails() -> None:
        raise ValueError("as it is")

    assert asyncio.run(ShieldedSteps().run(_step([]))) == "result"
    with pytest.raises(ValueError, match="as it is"):
        asyncio.run(ShieldedSteps().run(fails()))
