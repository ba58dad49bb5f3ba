"""The memory of one process that makes episode after episode for a simulated week, against the sandbox.

    python benchmarks/worker_week.py          # 300 runs
    python benchmarks/worker_week.py 60       # fewer

Each run makes an episode of two shots anew, as a worker does it: frozen, planned, ordered, fetched, cut and archived.
From the end of the first tenth on, the process may grow by 8 MiB, and by no thread and no open file. Exits with 1
where that does not hold.
"""

from __future__ import annotations

import asyncio
import gc
import os
import sys
import tempfile
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from flows.run.beginning import begin  # noqa: E402
from flows.run.session import RunOptions  # noqa: E402
from flows.run.workspace import open_workspace  # noqa: E402
from render.sandbox.child_process import sandbox_beside  # noqa: E402

RUNS, WARM = 300, 0.1
MOST_MIB = 8.0
JOB_S = 0.05
SERIES = """\
version: 1
series: week
title: A week
defaults: {provider: evolink, resolution: 480p, audio: false}
delivery: {master: {width: 160, height: 90, fps: 24}, loudness: none}
"""
EPISODE = """\
version: 1
episode: e01
title: Night NUMBER
scenes:
  - id: sea
    shots:
      - {id: "010", prompt: "A wave, seen in night NUMBER", duration: 1}
      - {id: "020", prompt: "The next wave, seen in night NUMBER", duration: 1}
"""


@dataclass(frozen=True, slots=True)
class Held:
    """What this process holds."""

    mib: float
    threads: int
    files: int
    objects: int

    @classmethod
    def now(cls) -> Held:
        """After garbage was collected."""
        gc.collect()
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        files = len(os.listdir("/proc/self/fd"))  # noqa: PTH208
        return cls(pages * os.sysconf("SC_PAGE_SIZE") / 2**20, threading.active_count(), files, len(gc.get_objects()))

    def __str__(self) -> str:
        return f"{self.mib:7.1f} MiB  {self.threads:3} threads  {self.files:3} files  {self.objects:7} objects"


def main() -> int:
    """Run, print what is held now and then, and judge."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else RUNS
    with tempfile.TemporaryDirectory() as folder, sandbox_beside(Path(folder) / "sandbox", job_seconds=JOB_S) as beside:
        os.environ |= _environment(beside.environment)
        held = _week(Path(folder) / "project", runs)
    first, last = held[max(1, int(runs * WARM))], held[runs]
    grown = last.mib - first.mib
    print(f"grown by {grown:.1f} MiB since the first tenth (at most {MOST_MIB:g})")
    flat = grown <= MOST_MIB and last.threads <= first.threads and last.files <= first.files
    print("every claim holds" if flat else "a claim does not hold")
    return 0 if flat else 1


def _environment(sandbox: Mapping[str, str]) -> dict[str, str]:
    return {**sandbox, "TAILFRAME_POLL_INTERVAL": "0.05"}


def _week(project: Path, runs: int) -> dict[int, Held]:
    """What was held after so many runs."""
    (project / "episodes").mkdir(parents=True)
    (project / "series.yaml").write_text(SERIES)
    shown = {max(1, runs * part // 10) for part in range(1, 11)} | {1, max(1, int(runs * WARM))}
    held: dict[int, Held] = {}
    worked = time.process_time()
    for number in range(1, runs + 1):
        (project / "episodes" / "e01.yaml").write_text(EPISODE.replace("NUMBER", str(number)))
        assert asyncio.run(_run(project)) == 0
        if number in shown:
            held[number] = Held.now()
            print(f"{number:4} runs  {held[number]}  {time.process_time() - worked:7.1f} s worked here", flush=True)
    return held


async def _run(project: Path) -> int:
    async with open_workspace(project) as workspace, begin(workspace, RunOptions(episode="e01")) as session:
        await session.make_all(session.production.make)
        return (await session.finish()).exit_code


if __name__ == "__main__":
    sys.exit(main())
