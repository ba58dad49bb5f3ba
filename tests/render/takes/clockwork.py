"""An event loop in which nothing is waited for: its clock jumps to whatever is due next.

All that would run in threads runs in place. So hours pass in milliseconds, and the same program takes the same course
every time: what a property test needs to try interleavings, and to show the same one again.
"""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Callable
from typing import Any


class _Jumping(selectors.DefaultSelector):
    """A selector that lets time pass instead of sleeping through it."""

    def __init__(self) -> None:
        super().__init__()
        self.now_s = 0.0

    def select(self, timeout: float | None = None) -> Any:
        assert timeout is not None, "everything waits for something that never comes"
        self.now_s += timeout
        return super().select(0)


class Clockwork(asyncio.SelectorEventLoop):
    """The loop. Its time begins at 0 s."""

    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        """Seconds since it began."""
        return self._jumping.now_s

    def run_in_executor(self, _executor: Any, call: Callable[..., Any], *args: Any) -> Any:  # type: ignore[override]
        """Call it now."""
        future = self.create_future()
        try:
            future.set_result(call(*args))
        except BaseException as error:
            future.set_exception(error)
        return future
