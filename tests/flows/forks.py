"""Starts processes that have everything imported from birth: forked, one for each call, from a server that did it once.

A test that kills starts hundreds of processes, and imports would take ten times as long as what it looks at. The
standard library's fork server keeps them apart: each child is a process of its own, with nothing of the test's in it.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import os
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess
from typing import Any

FORKS = multiprocessing.get_context("forkserver")
FORKS.set_forkserver_preload(["tests.flows.imported", "tests.acme.server"])
_PATIENCE_S = 100


@dataclass(frozen=True, slots=True)
class Fork:
    """A process on its way."""

    _process: ForkServerProcess
    _words: Connection

    def finish(self) -> Any:
        """What the call returned. AssertionError with its complaint where it crashed."""
        killed, words = self.end()
        assert not killed, f"killed: {words}"
        return words

    def hear(self) -> Any:
        """The next word that it leaves, while it lives on. AssertionError where it leaves none."""
        assert self._words.poll(_PATIENCE_S), f"it said nothing within {_PATIENCE_S} s"
        return self._words.recv()

    def end(self) -> tuple[bool, Any]:
        """Wait for its end. Whether it was killed; and what the call returned, or the last word before it died."""
        said = self._listen()
        self._process.join(1)
        code = self._process.exitcode
        if code is None:
            self._process.kill()
            self._process.join()
        self._process.close()
        self._words.close()
        assert code is not None, f"it did not end within {_PATIENCE_S} s"
        assert code <= 0, said
        return code < 0, said

    def lives(self) -> bool:
        """Whether it has not ended yet."""
        return self._process.is_alive()

    def send(self, number: int) -> None:
        """Send it a signal."""
        assert self._process.pid is not None
        os.kill(self._process.pid, number)

    def kill(self) -> None:
        """Kill it (SIGKILL), and wait for its end."""
        self._process.kill()
        self._process.join()

    def _listen(self) -> Any:
        """The last that it says."""
        said = None
        with contextlib.suppress(EOFError):
            while self._words.poll(_PATIENCE_S):
                said = self._words.recv()
        return said


def fork(call: Callable[..., Any], *given: Any, environment: Mapping[str, str] | None = None) -> Fork:
    """Begin `call(*given)` in a process of its own, under this environment (as is: the one of this process).

    What is given and returned travels pickled.
    """
    words, mouth = FORKS.Pipe(duplex=False)
    child = FORKS.Process(
        target=_live, args=(mouth, dict(os.environ if environment is None else environment), call, given)
    )
    child.start()
    mouth.close()
    return Fork(child, words)


def last_words(words: Any) -> None:
    """Leave word to whoever waits for this process, which may not live to return."""
    assert _mouth is not None, "only a fork has somebody to speak to"
    _mouth.send(words)


_mouth: Connection | None = None


def _live(mouth: Connection, environment: Mapping[str, str], call: Callable[..., Any], given: tuple[Any, ...]) -> None:
    global _mouth  # noqa: PLW0603 - one a process
    _mouth = mouth
    os.environ.clear()
    os.environ.update(environment)
    try:
        mouth.send(call(*given))
    except BaseException:
        mouth.send(traceback.format_exc())
        raise SystemExit(1) from None
