"""Starts a sandbox as a child process, which ends with the process that started it."""

from __future__ import annotations

import contextlib
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from render.sandbox.sandbox_server import listen

_PATIENCE_S = 5.0


@dataclass(frozen=True, slots=True)
class Beside:
    """A sandbox in a child process: its address, the environment to buy there with, the file of its standard error."""

    url: str
    environment: Mapping[str, str]
    log: Path


@contextlib.contextmanager
def sandbox_beside(state: Path, *, job_seconds: float) -> Iterator[Beside]:
    """A sandbox in a process of its own, with its database in `state`. It ends with this block, and with this process.

    Its socket listens before it starts, so whoever asks at once is answered as soon as it can.
    """
    state.mkdir(parents=True, exist_ok=True, mode=0o700)
    standing, log = listen(0, state), state / "sandbox.log"
    beside = Beside(standing.url, standing.environment, log)
    with standing.listening as listening, log.open("wb") as errors:
        child = subprocess.Popen(
            [sys.executable, "-P", "-m", "render.sandbox", str(listening.fileno()), str(state), str(job_seconds)],
            pass_fds=(listening.fileno(),),
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            start_new_session=True,  # Ctrl-C is for the command; it ends its sandbox itself
        )
    try:
        yield beside
    finally:
        _end(child)


def _end(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with contextlib.suppress(BrokenPipeError):
        child.stdin.close()
    try:
        child.wait(timeout=_PATIENCE_S)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()
