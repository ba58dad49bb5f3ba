"""One series of tiny episodes that a studio makes, followed to its end without a person, and the time that it took."""

from __future__ import annotations

import threading
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.drills.studio import SILENT_S, Studio, until
from tests.drills.tiny_series import episodes, write_series

SCHEDULE_S = 10
"""How long after a series that failed its schedule comes round again; with a studio it is an hour, or a night."""

SWEEP_S = 60
"""How often the schedule of the sweep comes round; with a studio every quarter of an hour."""

ENDS = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})


class Production:
    """Begun when it is made; `finish` waits for its end. A thread follows it meanwhile."""

    def __init__(self, studio: Studio, series: str, count: int = 4) -> None:
        self.studio, self.series, self.episodes = studio, series, episodes(count)
        self.project = studio.push(write_series(Path(studio.folder, "projects", series), series, count))
        self.told: list[str] = []
        self._ended: set[str] = set()
        self._problem = ""
        self._over = threading.Event()
        self.began = datetime.now(UTC)
        self._follow = threading.Thread(target=self._followed, daemon=True)
        self._follow.start()

    def until_jobs(self, count: int) -> None:
        """Wait until the sandbox has taken so many orders of it."""
        until(lambda: self.jobs() >= count, 180, f"{self.series} has ordered {self.jobs()} jobs, not {count}")

    def jobs(self) -> int:
        """How many orders of it the sandbox has taken."""
        return sum(f"boat {self.series} " in job["prompt"] for job in self.studio.sandbox.jobs())

    def finish(self, seconds: float) -> float:
        """Wait until every episode is complete; how long all of it took, in seconds."""
        until(self._over.is_set, seconds, f"{self.series} is not complete: {self.told[-6:]}")
        assert not self._problem, self._problem
        return (self.ended - self.began).total_seconds()

    def _followed(self) -> None:
        try:
            self._follow_all()
        except Exception:
            self._problem = traceback.format_exc()
        self.ended = datetime.now(UTC)
        self._over.set()

    def _follow_all(self) -> None:
        """As schedules do: the series is asked for, and asked for again while some of it is not made; and the sweep."""
        self._ask("series/series")
        next_sweep_s = time.monotonic() + SWEEP_S
        while True:
            runs = self.runs("series")
            if any(run["state_type"] == "COMPLETED" for run in runs):
                return
            for run in runs:
                if run["state_type"] in ENDS and run["id"] not in self._ended:
                    self._ended.add(run["id"])
                    self.told.append(f"{run['state_name']}: {(run['state'] or {}).get('message')}")
                    if run["state_type"] == "FAILED":  # what crashed is the sweep's to ask for again
                        time.sleep(SCHEDULE_S)
                        self._ask("series/series")
            if time.monotonic() >= next_sweep_s:
                self._ask("sweep/sweep", silent_s=SILENT_S)
                next_sweep_s += SWEEP_S
            time.sleep(1)

    def runs(self, flow: str) -> list[dict[str, Any]]:
        """Every run of a flow for this series, whoever asked for it; the newest first."""
        wanted = {"flows": {"name": {"any_": [flow]}}, "sort": "EXPECTED_START_TIME_DESC", "limit": 200}
        found = self.studio.ask("POST", "/flow_runs/filter", json=wanted)
        return [run for run in found if run["parameters"].get("project") == self.project]

    def _ask(self, deployment: str, **more: object) -> None:
        found = self.studio.ask("GET", f"/deployments/name/{deployment}")
        asked = {"parameters": {"project": self.project, **more}, "state": {"type": "SCHEDULED"}}
        self.studio.ask("POST", f"/deployments/{found['id']}/create_flow_run", json=asked)
