"""Runs the `tailframe` command in a process of its own that has everything imported: see `tests.flows.command_parent`.

Importing Prefect takes longer than most of what a test looks at. One parent serves all commands whose interpreter and
whose Prefect would read the same; what is read later is each command's own. Tests that look at the start itself use the
real one, and so does one of each kind: `tests/flows/cli/test_early_signals.py` (signals, light imports),
`tests/flows/cli/test_running.py` (a run with a server of its own), `tests/flows/cli/test_signals.py` (a server that is
named), `tests/flows/terminal/test_streams.py` (commands that only look), `tests/flows/cli/test_sandbox.py`.
"""

from __future__ import annotations

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from typing import IO

ROOT = Path(__file__).parents[2]
PATIENCE_S = 100.0
LATER = {"PYTHONPATH", "PYTHONUNBUFFERED", "TERM", "XDG_STATE_HOME"}
LATER_BEGINNINGS = ("ACME_", "PYTEST_", "TAILFRAME_")
LATER_ENDS = ("_ACCOUNT", "_API_KEY", "_BASE_URL", "_FILES_URL")


class ForkedCommand:
    """A command on its way. What tests ask of a `subprocess.Popen` can be asked of it."""

    def __init__(self, told: int, out: IO[str] | None = None, err: IO[str] | None = None) -> None:
        self._told, self.stdout, self.stderr = open(told, "rb", buffering=0), out, err  # noqa: SIM115
        self.pid = int(self._told.readline())
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Its exit code, or None while it lives."""
        return self._ended_within(0)

    def wait(self, timeout: float = PATIENCE_S) -> int:
        """Its exit code. TimeoutExpired where it lives on."""
        code = self._ended_within(timeout)
        if code is None:
            raise subprocess.TimeoutExpired(f"command {self.pid}", timeout)
        return code

    def communicate(self, timeout: float = PATIENCE_S) -> tuple[str, str]:
        """All that it says from here on, once it has ended. TimeoutExpired, and it is killed, where it lives on."""
        deadline = time.monotonic() + timeout
        with ThreadPoolExecutor(2) as readers:
            said = [readers.submit(each.read) if each else None for each in (self.stdout, self.stderr)]
            try:
                out, err = (each.result(deadline - time.monotonic()) if each else "" for each in said)
                self.wait(max(0.0, deadline - time.monotonic()))
            except (TimeoutError, subprocess.TimeoutExpired):
                self.kill()
                raise subprocess.TimeoutExpired(f"command {self.pid}", timeout) from None
        self._let_go()
        return out, err

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill it (SIGKILL)."""
        self.send_signal(signal.SIGKILL)

    def close(self) -> None:
        """End it."""
        self.kill()
        self.wait()
        self._let_go()

    def _ended_within(self, seconds: float) -> int | None:
        if self.returncode is None and select.select([self._told], [], [], seconds)[0]:
            self.returncode = int(self._told.readline())
        return self.returncode

    def _let_go(self) -> None:
        for stream in (self._told, self.stdout, self.stderr):
            if stream is not None:
                stream.close()


def begin(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, module: str = "flows.cli"
) -> ForkedCommand:
    """Begin a command that has nothing to read, under this environment (as is: the one of this process)."""
    (out, theirs_out), (err, theirs_err) = os.pipe(), os.pipe()
    streams = (os.open(os.devnull, os.O_RDONLY), theirs_out, theirs_err)
    around = os.environ if environment is None else environment
    told = _asked(streams, around, module=module, arguments=arguments, session=False)
    for each in streams:
        os.close(each)
    return ForkedCommand(told, open(out), open(err))  # noqa: PTH123


def begin_on(stream: int, *arguments: str | Path, environment: Mapping[str, str]) -> ForkedCommand:
    """Begin a command whose three streams are this one, in a session of its own."""
    return ForkedCommand(_asked((stream, stream, stream), environment, arguments=arguments, session=True))


def run(
    *arguments: str | Path, environment: Mapping[str, str] | None = None, timeout: float = PATIENCE_S
) -> tuple[int, str, str]:
    """Run a command to its end: its exit code, its results, its news."""
    command = begin(*arguments, environment=environment)
    out, err = command.communicate(timeout)
    return command.wait(), out, err


def _asked(
    streams: tuple[int, int, int],
    around: Mapping[str, str],
    *,
    arguments: Sequence[str | Path],
    session: bool,
    module: str = "flows.cli",
) -> int:
    """Ask for a command; where its process id and, in time, its exit code will be told."""
    told, teller = os.pipe()
    words = {"module": module, "arguments": [*map(str, arguments)], "environment": dict(around), "session": session}
    at_the_start = frozenset((name, value) for name, value in around.items() if not _read_later(name))
    socket.send_fds(_parent(at_the_start), [json.dumps(words).encode()], [*streams, teller])
    os.close(teller)
    return told


def _read_later(name: str) -> bool:
    """Whether no module reads this variable when it is imported. PYTHONPATH is brought by the parent."""
    if name == "TAILFRAME_DEBUG":  # by which Prefect's log is set up
        return False
    return name in LATER or name.startswith(LATER_BEGINNINGS) or name.endswith(LATER_ENDS)


@cache
def _parent(at_the_start: frozenset[tuple[str, str]]) -> socket.socket:
    """Where to ask for commands whose interpreter would have read this."""
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    guard = {name: os.environ[name] for name in ("PYTHONPATH",) if name in os.environ}
    command = [sys.executable, "-m", "tests.flows.command_parent"]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(at_the_start) | guard, stdin=theirs.fileno())
    theirs.close()

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours
