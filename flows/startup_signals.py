"""Signals while Python still imports the command: nothing has begun, so it is left at once, and without a traceback.

This is imported before anything that takes time, so it imports nothing itself but what Python has at hand.
"""

import contextlib
import os
import signal
from types import FrameType

__all__ = ["SIGNALS", "heard", "leave_on_signals"]

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
"""The signals that ask a process to end, and that it may handle."""


def heard() -> list[signal.Signals]:
    """Those of `SIGNALS` that get a handler: SIGHUP does not where it is ignored (nohup)."""
    return [each for each in SIGNALS if each != signal.SIGHUP or signal.getsignal(each) != signal.SIG_IGN]


def leave_on_signals(code: int) -> None:
    """End this process at once on any signal, with this exit code, until others listen."""

    def leave(_number: int, _frame: FrameType | None) -> None:
        with contextlib.suppress(OSError):
            os.write(2, b"interrupted; nothing was begun\n")
        os._exit(code)

    for number in heard():
        signal.signal(number, leave)
