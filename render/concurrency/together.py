"""Independent asynchronous work side by side: all of it, or the first error and nothing left behind."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Iterable
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


async def together(jobs: Iterable[Coroutine[None, None, T]]) -> list[T]:
    """All results in the jobs' order; the first failure ends the others and is raised by itself."""
    try:
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(job) for job in jobs]
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return [task.result() for task in tasks]


async def both(one: Coroutine[None, None, T], other: Coroutine[None, None, U]) -> tuple[T, U]:
    """The results of two that differ. See `together`."""
    try:
        async with asyncio.TaskGroup() as group:
            first, second = group.create_task(one), group.create_task(other)
    except BaseExceptionGroup as failures:
        raise failures.exceptions[0] from None
    return first.result(), second.result()
