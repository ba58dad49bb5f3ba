"""A command at a real terminal: what it says is waited for, and what a person types goes in."""

from __future__ import annotations

import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from pathlib import Path

from tests.flows.forked_commands import begin_on
from tests.flows.forks import fork, last_words

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0
AT_HOME = "at the terminal"


class Terminal:
    """A command whose three streams are one terminal of 200 columns."""

    def __init__(
        self, ours: int, ends: Callable[[], int], kill: Callable[[], None], send: Callable[[int], None]
    ) -> None:
        self._ours, self._ends, self._kill, self._send = ours, ends, kill, send
        self._over = False
        self.said = ""

    def until(self, words: str, *, after: int = 0) -> None:
        """Wait until the command has said this. AssertionError, with all that it said, where it ends before.

        `after` is how much of what it said is not looked at.
        """
        while words not in self.said[after:]:
            assert self._hear(), f"it ended without {words!r}:\n{self.said}"

    def answer(self, line: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{line}\n".encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._send(signal.SIGINT)

    def end(self) -> tuple[int, str]:
        """Wait for the command's end: its exit code, and all that it said."""
        while self._hear():
            pass
        code, self._over = self._ends(), True
        return code, self.said

    def close(self) -> None:
        """End a command that a test left."""
        if not self._over:
            self._kill()
        os.close(self._ours)

    def _hear(self) -> bool:
        deadline = time.monotonic() + PATIENCE_S
        ready, _, _ = select.select([self._ours], [], [], deadline - time.monotonic())
        assert ready, f"nothing more came:\n{self.said}"
        try:
            heard = os.read(self._ours, 65_536)
        except OSError:  # the last who had the terminal open is gone
            return False
        self.said += heard.decode(errors="replace")
        return bool(heard)


@contextmanager
def terminal(*command: str | Path, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run a command at a terminal of its own."""
    ours, theirs = _opened()
    process = subprocess.Popen(
        [str(part) for part in command],
        cwd=ROOT,
        env={**environment, "TERM": "xterm"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        start_new_session=True,
    )
    os.close(theirs)

    def kill() -> None:
        process.kill()
        process.wait()

    with closing(Terminal(ours, lambda: process.wait(PATIENCE_S), kill, process.send_signal)) as opened:
        yield opened


@contextmanager
def command_terminal(*arguments: str | Path, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Run the `tailframe` command at a terminal of its own, forked: see `tests.flows.forked_commands`."""
    ours, theirs = _opened()
    command = begin_on(theirs, *arguments, environment={**environment, "TERM": "xterm"})
    os.close(theirs)
    with (
        closing(command),
        closing(Terminal(ours, lambda: command.wait(PATIENCE_S), command.kill, command.send_signal)) as opened,
    ):
        yield opened


@contextmanager
def called_at_terminal(call: Callable[..., int], *given: object, environment: Mapping[str, str]) -> Iterator[Terminal]:
    """Call what a command calls, in a process of its own that has everything imported, at a terminal of its own."""
    ours, theirs = _opened()
    called = fork(_call, os.ttyname(theirs), call, given, environment={**environment, "TERM": "xterm"})
    assert called.hear() == AT_HOME
    os.close(theirs)
    with closing(Terminal(ours, lambda: int(called.finish()), called.kill, called.send)) as opened:
        yield opened


def _opened() -> tuple[int, int]:
    """A new terminal: our end, and the command's."""
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (50, 200))
    return ours, theirs


def _call(name: str, call: Callable[..., int], given: tuple[object, ...]) -> int:
    os.setsid()
    with open(name, "r+b", buffering=0) as there:  # noqa: PTH123 - a device
        for stream in range(3):
            os.dup2(there.fileno(), stream)
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w", buffering=1), open(2, "w", buffering=1)  # noqa: SIM115
    last_words(AT_HOME)
    code = call(*given)
    sys.stdout.flush()
    return code
