"""A drill: a series is under way, one part of the studio breaks, and the series completes all the same.

What is measured, in seconds: how long the fault lasted; how long after its end the ledger wrote the first transition of
a take; and what was lost beyond the fault itself: how long the series took, less the fault, less what it takes when
nothing breaks (`undisturbed_s`, measured in the same session). It goes into the file that DRILL_FIGURES names.
"""

from __future__ import annotations

import contextlib
import json
import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.drills.account import Books, first_step_after, hold_to_account
from tests.drills.production import Production
from tests.drills.studio import Studio
from tests.thinning import WHOLE_DRILLS

WHOLE = WHOLE_DRILLS
"""Whether faults last as long as they should (`make drills`), or as CI has time for."""

undisturbed_s: list[float] = []
"""How long a series takes when nothing breaks; the newest last."""


def lasting(usual: float, whole: float) -> float:
    """How many seconds a fault lasts: in CI, and in `make drills`."""
    return whole if WHOLE else usual


class Drill:
    """One of them, on a studio whose every part stands. `name` is what the table calls it, `series` its series."""

    def __init__(self, studio: Studio, series: str, name: str, *, count: int = 4) -> None:
        if not undisturbed_s:
            calm = Production(studio, "calm")
            undisturbed_s.append(calm.finish(300))
            hold_to_account(studio, calm.series, calm.episodes)
            assert len(calm.runs("series")) == 1
        self.studio, self.name = studio, name
        self.production = Production(studio, series, count)
        self._from = self._until = datetime.now(UTC)

    @contextlib.contextmanager
    def fault(self, jobs: int = 4) -> Iterator[None]:
        """Wait until so many orders are out; then let something break while the block lasts."""
        self.production.until_jobs(jobs)
        self._from = datetime.now(UTC)
        try:
            yield
        finally:
            self._until = datetime.now(UTC)

    def end(self, within_s: float = 400) -> Books:
        """Wait until the series is complete, hold it to account, and write down how long that took."""
        took_s = self.production.finish(within_s)
        lasted_s = (self._until - self._from).total_seconds()
        step = first_step_after(self.studio, self.production.series, self._until)
        told: dict[str, Any] = {
            "drill": self.name,
            "fault_s": round(lasted_s, 1),
            "first_step_s": None if step is None else round((step - self._until).total_seconds(), 1),
            "undisturbed_s": round(undisturbed_s[-1], 1),
            "took_s": round(took_s, 1),
            "lost_s": round(took_s - lasted_s - undisturbed_s[-1], 1),
            "scheduled": len(self.production.runs("series")),
            "runs": len(self.production.runs("produce")),
            "told": self.production.told,
        }
        _write_down(told)
        return hold_to_account(self.studio, self.production.series, self.production.episodes)


def wait_s(seconds: float) -> None:
    """Let a fault last."""
    time.sleep(seconds)


def _write_down(told: dict[str, Any]) -> None:
    print(json.dumps(told))
    if file := os.environ.get("DRILL_FIGURES"):
        with Path(file).open("a", encoding="utf-8") as figures:
            figures.write(f"{json.dumps(told)}\n")
