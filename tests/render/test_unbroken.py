"""Steps that must not be left half done."""

from __future__ import annotations

import asyncio

import pytest

from render.unbroken import unbroken


async def _step(done: list[str], stop: asyncio.Event | None = None) -> str:
    await asyncio.sleep(0.05)
    done.append("stopped" if stop is not None and stop.is_set() else "done")
    return "result"


@pytest.mark.parametrize("times", [1, 2, 5])
def test_a_step_ends_however_often_its_task_is_cancelled(times: int) -> None:
    """Every cancellation waits for the step, then one of them is raised."""

    async def run() -> list[str]:
        done: list[str] = []
        task = asyncio.create_task(unbroken(_step(done)))
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
        task = asyncio.create_task(unbroken(_step(done, stop), stop))
        await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return done

    assert asyncio.run(run()) == ["stopped"]


def test_a_result_and_an_error_come_through() -> None:
    """Left alone, it is as if the step were awaited."""

    async def fails() -> None:
        raise ValueError("as it is")

    assert asyncio.run(unbroken(_step([]))) == "result"
    with pytest.raises(ValueError, match="as it is"):
        asyncio.run(unbroken(fails()))
