"""A command at a real terminal: what it says is waited for, and what a person types goes in."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import termios
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parents[2]
PATIENCE_S = 120.0


class Terminal:
    """A command whose three streams are one terminal of 200 columns."""

    def __init__(self, command: Sequence[str | Path], environment: Mapping[str, str]) -> None:
        self._ours, theirs = pty.openpty()
        termios.tcsetwinsize(theirs, (50, 200))
        self._process = subprocess.Popen(
            [str(part) for part in command],
            cwd=ROOT,
            env={**environment, "TERM": "xterm"},
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
            start_new_session=True,
        )
        os.close(theirs)
        self.said = ""

    def until(self, words: str) -> None:
        """Wait until the command has said this. AssertionError, with all that it said, where it ends before."""
        while words not in self.said:
            assert self._hear(), f"it ended without {words!r}:\n{self.said}"

    def answer(self, line: str) -> None:
        """Type a line."""
        os.write(self._ours, f"{line}\n".encode())

    def end(self) -> tuple[int, str]:
        """Wait for the command's end: its exit code, and all that it said."""
        while self._hear():
            pass
        return self._process.wait(PATIENCE_S), self.said

    def close(self) -> None:
        """End a command that a test left."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
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
    opened = Terminal(command, environment)
    try:
        yield opened
    finally:
        opened.close()
