"""The standard streams of a command, whatever the shell, cron or a service manager gave it for them.

A descriptor that is closed would be given to the next file that is opened: a ledger as descriptor 2 is how data gets
destroyed, and a child process that is to inherit one does not start. So a closed one is the null device from the start.

What cannot be told on standard error must not end a run: the disk may be full, the terminal closed. What cannot be
written to standard output is the result, so that is an error, once.
"""

import io
import logging
import os
import sys
import warnings
from typing import Any

from flows.errors import Unprinted

__all__ = ["keep_libraries_quiet", "stand_on_streams"]

_OURS = frozenset({"flows", "render", "storyboard"})


def stand_on_streams() -> None:
    """Open what is closed, and put streams in place that a full disk or a closed terminal cannot break.

    A terminal that cannot show a letter shows a question mark.
    """
    for number in range(3):
        _open_closed(number)
    sys.stdin = sys.stdin or open(0, closefd=False)  # noqa: SIM115 - as long as the process
    sys.stdout = _text(_Results(1, "wb", closefd=False), like=sys.stdout)
    sys.stderr = _text(_News(2, "wb", closefd=False), like=sys.stderr)


def keep_libraries_quiet() -> None:
    """Let no warning of a library reach the terminal: it speaks of what nobody who makes a series can mend.

    TAILFRAME_DEBUG=1 shows them, and so do Python's own switches.
    """
    if sys.warnoptions or os.environ.get("TAILFRAME_DEBUG", "0") not in {"", "0"}:
        return
    warnings.simplefilter("ignore")
    logging.raiseExceptions = False  # what a log cannot take is no news
    if logging.lastResort is not None:  # what has no handler: ours is told, theirs is not
        logging.lastResort.addFilter(lambda record: record.name.partition(".")[0] in _OURS)


def _open_closed(number: int) -> None:
    try:
        os.fstat(number)
    except OSError:
        os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
        os.set_inheritable(number, True)


def _text(raw: io.FileIO, *, like: Any) -> io.TextIOWrapper:
    return io.TextIOWrapper(
        io.BufferedWriter(raw),
        encoding=getattr(like, "encoding", "utf-8"),
        errors="replace",
        line_buffering=raw.isatty() or raw.fileno() == 2,
        write_through=getattr(like, "write_through", False),
    )


class _News(io.FileIO):
    """Standard error. What cannot be written there is left out, and raises nothing."""

    def write(self, content: Any) -> int:
        """Write what can be written; returns how many bytes. Raises no OSError."""
        try:
            return super().write(content) or len(content)
        except OSError:
            return len(content)


class _Results(io.FileIO):
    """Standard output. Raises once where it cannot be written to, then takes everything: Python flushes at its end."""

    _failed = False

    def write(self, content: Any) -> int:
        """Write; returns how many bytes. Raises Unprinted, or BrokenPipeError where whoever read has seen enough."""
        if self._failed:
            return len(content)
        try:
            return super().write(content)
        except BrokenPipeError:
            self._failed = True
            raise
        except OSError as error:
            self._failed = True
            raise Unprinted(
                f"standard output cannot be written to ({os.strerror(error.errno or 0)}), so the result is not told; "
                "what was done is done",
                "Give it somewhere to write, and run the command again",
            ) from error
