"""Runs steps in threads, as many at once as there are processors; it never ends before those that were begun."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")

Told = Callable[[float], None]
"""Is told which share of the work is done, 0 to 1."""


async def side_by_side(steps: Sequence[Callable[[], T]], told: Told = lambda _: None) -> list[T]:
    """The results in order. The first failure, or a cancellation, leaves the steps undone that were not begun.

    It returns only when no step is under way, so nobody writes into a folder that is being removed.
    """
    loop = asyncio.get_running_loop()
    workers = min(len(steps), os.cpu_count() or 1)
    if not workers:
        return []
    threads = ThreadPoolExecutor(workers, "mix")
    done = 0

    def count(_: object) -> None:
        nonlocal done
        done += 1
        told(done / len(steps))

    try:
        tasks = [loop.run_in_executor(threads, step) for step in steps]
        for task in tasks:
            task.add_done_callback(count)
        return list(await asyncio.gather(*tasks))
    finally:
        threads.shutdown(wait=True, cancel_futures=True)
