"""Lets a run end in its own time when it is told to: by Ctrl-C, by a worker, by a container that stops.

An order may be on its way when the signal comes, and its answer names a job that is paid for. So signals cancel the
run's task, which finishes what must not be left half done, however often they come; nothing is torn out of its hands.
"""

import asyncio
import contextlib
import signal
import threading
from collections.abc import Iterator

__all__ = ["ending_gently"]

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def ending_gently() -> Iterator[None]:
    """While this lasts, SIGINT and SIGTERM cancel the task that is running now. Only in a process's main thread."""
    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {number: signal.getsignal(number) for number in _SIGNALS}
    for number in _SIGNALS:
        loop.add_signal_handler(number, task.cancel)
    try:
        yield
    finally:
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
