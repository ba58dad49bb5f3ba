"""Lets a run end in its own time when it is told to: by Ctrl-C, by a worker, by a terminal that is closed.

An order may be on its way when the signal comes, and its answer names a job that is paid for. So a signal cancels the
run's task, which finishes what must not be left half done; nothing is torn out of its hands. Signals come in bursts (a
key that is pressed again, a terminal and a shell that both hang up), and a burst is one wish: what follows within
`BURST_S` changes nothing, and nothing does while orders are on their way.

    end_on_signals()              # a command, once, at its start: any code may be interrupted from here on
    run_in_order(coroutine)       # instead of asyncio.run
    with ending_in_order(tell):   # within a coroutine that somebody else runs, such as a worker
"""

import atexit
import contextlib
import contextvars
import math
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterator
from contextvars import ContextVar
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from flows.startup_signals import SIGNALS, heard
from storyboard.errors import ExitCode

if TYPE_CHECKING:
    import asyncio

    from render.concurrency.shield import ShieldedSteps

__all__ = ["end_on_signals", "end_process", "ending_in_order", "run_in_order", "steps_here"]

T = TypeVar("T")
Tell = Callable[[str], None]

BURST_S = 2.0
"""A signal that follows another within so many seconds is the same wish."""


class _Wishes:
    """When this process last got a signal to end, so that a burst of them counts as one."""

    def __init__(self) -> None:
        self._last_s: float | None = None

    def is_new(self) -> bool:
        """Take note of a signal. False where it follows another within `BURST_S` seconds."""
        now = time.monotonic()
        new = self._last_s is None or now - self._last_s >= BURST_S
        self._last_s = now if new else self._last_s
        return new


_wishes = _Wishes()
"""Signals come to a process, and it has one handler for each: so this and `_endings` are the process's own."""

_STEPS: "ContextVar[ShieldedSteps | None]" = ContextVar("tailframe_steps", default=None)
"""The steps that are waited for where signals end the task that is running now."""


class _Ending:
    """One task that signals end, and what whoever waits for that end is told."""

    def __init__(self, task: "asyncio.Task[Any]", tell: Tell) -> None:
        import asyncio

        from render.concurrency.shield import ShieldedSteps

        self._task, self._tell, self._told = task, tell, False
        self._loop, self._context = asyncio.get_running_loop(), contextvars.copy_context()
        self.steps = ShieldedSteps()
        self.cancelled = False

    def listen(self) -> None:
        """Hear signals from now on, whoever else heard them before."""
        for number in heard():
            self._loop.add_signal_handler(number, self._receive)

    def leave(self) -> None:
        """Hear no more."""
        for number in SIGNALS:
            self._loop.remove_signal_handler(number)

    def _receive(self) -> None:
        new, waits_s = _wishes.is_new(), self.steps.orders_under_way()
        if not self.cancelled or (new and not waits_s):
            self.cancelled = self._task.cancel()
        if waits_s and (new or not self._told):  # once for a burst
            self._told = True
            self._context.copy().run(self._tell, _awaited(waits_s))


_endings: list[_Ending] = []
"""Those that are under way, the innermost last: it alone hears signals."""


@contextlib.contextmanager
def ending_in_order(tell: Tell) -> Iterator[None]:
    """While this lasts, signals cancel the task that is running now. Only in a process's main thread.

    `tell` says what is waited for. SIGHUP stays ignored where it was (nohup).
    """
    import asyncio

    task = asyncio.current_task()
    if task is None or threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {number: signal.getsignal(number) for number in SIGNALS}
    ending = _Ending(task, tell)
    _endings.append(ending)
    ending.listen()
    token = _STEPS.set(ending.steps)
    try:
        yield
    finally:
        _STEPS.reset(token)
        _endings.remove(ending)
        with _signals_held():
            ending.leave()
            for number, handler in before.items():
                signal.signal(number, handler)
            if _endings:
                _endings[-1].cancelled |= ending.cancelled
                _endings[-1].listen()


def steps_here() -> "ShieldedSteps":
    """Where a run keeps the steps that signals wait for; one of its own where no signal ends it in order."""
    from render.concurrency.shield import ShieldedSteps

    return _STEPS.get() or ShieldedSteps()


def run_in_order(coroutine: Coroutine[Any, Any, T], tell: Tell | None = None) -> T:
    """`asyncio.run`, ended in order by signals: then CancelledError is raised."""
    import asyncio

    async def run() -> T:
        with ending_in_order(tell or _say):
            return await coroutine

    return asyncio.run(run())  # noqa: TID251 - here alone


def end_on_signals() -> None:
    """Let signals interrupt this process as Ctrl-C does: KeyboardInterrupt, once for a burst.

    A shell starts what runs in the background with SIGINT and SIGQUIT ignored; such a command is left in order too.
    """

    def interrupt(_number: int, _frame: FrameType | None) -> None:
        if _wishes.is_new():
            raise KeyboardInterrupt

    signal.signal(signal.SIGINT, interrupt)
    for number in heard()[1:]:
        signal.signal(number, lambda *_: signal.raise_signal(signal.SIGINT))  # whoever hears SIGINT at that moment
    atexit.register(_ignore_signals)  # before any library's own, so that it is called after them


def _ignore_signals() -> None:
    """The last that Python calls: from here on it would give each signal back to the system, which kills, and the
    exit code would be lost."""
    for number in heard():
        signal.signal(number, signal.SIG_IGN)


def end_process(work: Callable[[], int]) -> NoReturn:
    """Do the work and end this process by the exit code that it gives, whenever a signal comes: also in the instant
    after the work, when nothing waits for an interruption any more.
    """
    code: int = ExitCode.INTERRUPTED
    try:
        code = work()
        _end_at_once_on_signals(code)
    except KeyboardInterrupt:  # there is no second one: a burst counts as one
        _end_at_once_on_signals(code)
    sys.exit(code)


def _end_at_once_on_signals(code: int) -> None:
    """All is done and said: what still comes of a burst changes nothing, and a new signal ends the process at once."""

    def end(_number: int, _frame: FrameType | None) -> None:
        if _wishes.is_new():
            os._exit(code)

    for number in heard():
        signal.signal(number, end)


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """Signals wait for a moment: between two handlers, one would meet the system's own, which ends the process."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _awaited(waits_s: tuple[float, ...]) -> str:
    many = len(waits_s) > 1
    return (
        f"{len(waits_s)} {'orders are' if many else 'order is'} on {'their' if many else 'its'} way and may be paid "
        f"for; waiting for {'their answers' if many else 'its answer'}, at most {math.ceil(max(waits_s))} s. To end at "
        f"once: kill -9 {os.getpid()}, and what was being sent is then unknown. What is out goes on at its vendor, "
        "unless `tailframe cancel` ends it there"
    )


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError):
        sys.stderr.write(f"{text}\n")
        sys.stderr.flush()
