"""`tailframe restore` that dies at a chosen step on the disk: for tests that kill it.

The steps are found by the command itself: every folder that it makes, every rename, link and removal, and every time
that it opens a ledger.
"""

from __future__ import annotations

import os
import signal
import sys
from itertools import count
from pathlib import Path

from tests.flows.cli.in_process import tailframe

STEPS = frozenset({"os.mkdir", "os.rename", "os.link", "os.remove", "sqlite3.connect"})


def die_restoring(archive: Path, target: Path, fatal: int) -> int:
    """Restore until the step of this number, and die there; the exit code where it came to its end before."""
    steps = count(1)

    def look(event: str, _: object) -> None:
        if event in STEPS and next(steps) == fatal:
            os.kill(os.getpid(), signal.SIGKILL)

    sys.addaudithook(look)
    return tailframe("restore", archive, target).exit_code
