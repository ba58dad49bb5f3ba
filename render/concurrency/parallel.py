"""Independent blocking work, a few pieces at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

_Item = TypeVar("_Item")
_Result = TypeVar("_Result")


def side_by_side(work: Callable[[_Item], _Result], items: Iterable[_Item], *, at_once: int = 4) -> list[_Result]:
    """The results in the items' order. The first error is raised once what had begun has ended; the rest is left."""
    with ThreadPoolExecutor(at_once) as pool:
        under_way = [pool.submit(work, item) for item in items]
        try:
            return [piece.result() for piece in under_way]
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise
