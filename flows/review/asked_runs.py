"""Runs that were asked for in the room: each an ordinary command in a process of its own, and no part of the room.

Such a run pays, and the room's end is not its end: it is the leader of a session of its own, so that neither Ctrl-C
nor a terminal that is closed reaches it. A room that is started again knows it by the ledger alone. What it says goes
to the project's log folder.
"""

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from flows.review import room_links
from storyboard.paths import refuse_link_out
from storyboard.text.printable import printable

__all__ = ["AskedRun", "AskedRuns"]

KEPT = 50
"""Runs that a room remembers."""

MOST_LOG_BYTES = 64 * 1024
"""Of the end of a log, as a page shows it."""

_WITHHELD = frozenset({"TAILFRAME_REVIEW_TOKEN"})
"""What a run has no business to know."""

_ENDS = {
    0: "done",
    1: "not all is done",
    2: "refused: the input is wrong",
    3: "refused by a budget",
    130: "interrupted",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRun:
    """One run, as pages show it."""

    number: int
    title: str
    by: str
    at: datetime
    log: Path
    shots: frozenset[str]  # EPISODE/SCENE/SHOT that it makes
    code: int | None = None  # its exit code; None while it runs
    words: str = ""  # the last that it said, where it did not end well

    @property
    def state(self) -> str:
        """How it stands, in a word or two."""
        return "running" if self.code is None else _ENDS.get(self.code, f"ended by {self.code}")

    @property
    def link(self) -> str:
        """Its page."""
        return room_links.run_link(self.number)


class AskedRuns:
    """Starts runs and knows how they ended. Safe from any thread; whoever ends a room ends none of them."""

    def __init__(self, project: Path, logs: Path, told: Callable[[], None]) -> None:
        self._project, self._logs, self._told = project, logs, told
        self._turn = threading.Lock()
        self._runs: dict[int, AskedRun] = {}

    def all(self) -> tuple[AskedRun, ...]:
        """The newest first."""
        with self._turn:
            return tuple(reversed(self._runs.values()))

    def run(self, number: int) -> AskedRun | None:
        """The run of this number."""
        with self._turn:
            return self._runs.get(number)

    def running_on(self, shots: frozenset[str]) -> AskedRun | None:
        """A run of this room that is making one of these shots now."""
        return next((run for run in self.all() if run.code is None and run.shots & shots), None)

    def command(self, title: str, by: str, arguments: Sequence[str], shots: frozenset[str] = frozenset()) -> AskedRun:
        """Run a command line of Tailframe's. Raises OSError where no process can be started."""
        return self._start(title, by, ["-m", "flows.cli", *arguments], b"", shots)

    def agreed(self, title: str, by: str, what: Mapping[str, Any], shots: frozenset[str] = frozenset()) -> AskedRun:
        """Run what a person agreed to; see `flows.cli.agreed_run`. Raises OSError where no process can be started."""
        return self._start(title, by, ["-m", "flows.cli.agreed_run"], json.dumps(what).encode(), shots)

    def _start(self, title: str, by: str, arguments: Sequence[str], given: bytes, shots: frozenset[str]) -> AskedRun:
        refuse_link_out(self._project, self._logs)
        self._logs.mkdir(parents=True, exist_ok=True)
        now = datetime.now(UTC)
        with self._turn:
            number = max(self._runs, default=0) + 1
            log = self._logs / f"review-{now:%Y%m%dT%H%M%S}-{os.getpid()}-{number}.log"
            run = AskedRun(number=number, title=title, by=by, at=now, log=log, shots=shots)
            with log.open("wb") as said:
                child = subprocess.Popen(
                    [sys.executable, *arguments],
                    stdin=subprocess.PIPE,
                    stdout=said,
                    stderr=subprocess.STDOUT,
                    env={name: value for name, value in os.environ.items() if name not in _WITHHELD},
                    start_new_session=True,
                )
            self._runs[number] = run
            while len(self._runs) > KEPT:
                del self._runs[min(self._runs)]
        threading.Thread(target=self._wait, args=(child, given, number), daemon=True).start()
        self._told()
        return run

    def _wait(self, child: "subprocess.Popen[bytes]", given: bytes, number: int) -> None:
        child.communicate(given)
        with self._turn:
            run = self._runs.get(number)
            if run is not None:
                words = "" if child.returncode == 0 else " ".join(end_of(run.log)[-3:])
                self._runs[number] = replace(run, code=child.returncode, words=words[-500:])
        self._told()


def end_of(log: Path) -> list[str]:
    """The last lines of a log, fit to be shown."""
    try:
        with log.open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - MOST_LOG_BYTES))
            text = file.read().decode(errors="replace")
    except OSError:
        return []
    return [line for line in (printable(each).rstrip() for each in text.splitlines()) if line]
