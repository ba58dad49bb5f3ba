"""Measures a night: a series of fifty episodes of twenty shots, made by three workers of a whole studio.

    python benchmarks/night.py [--episodes N] [--long SHOTS] [--jobs N] [--seconds S]

The studio is that of `make drills`: a Prefect server and the ledger on PostgreSQL, three workers that share no folder,
an S3 server, and the sandbox with its own books, all of it on the processors that the workers have too. The vendor lets
`--jobs` jobs run at once, each of `--seconds`. No night can be shorter than all of its jobs, so many at a time, nor
than its longest chain; the claim is that the whole night, from asking for the series to its account, takes at most 1.05
times that. `--long` makes one episode of so many shots instead, spread over the workers. Ends with 1 where a claim does
not hold, or where the books of ledger and sandbox differ. It takes thirty-five minutes.
"""

from __future__ import annotations

import argparse
import logging
import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path

import psutil

from render.ledger import open_ledger, queries

sys.path.insert(0, str(Path(__file__).parents[1]))

from tests.drills.studio import Studio, opened_studio
from tests.projects import episode_file, png, scene, series_file, shot, write_project

AT_MOST = 1.05
SHOTS, IN_A_CHAIN, SHOT_S = 20, 4, 4
PLACES = 4  # of each worker, as docs/operations.md has it for two processors
ENDS = frozenset({"COMPLETED", "FAILED", "CRASHED", "CANCELLED"})
VENDOR, MARA = "kinovi", "references/cast/mara.png"


@dataclass(frozen=True, slots=True, kw_only=True)
class Night:
    """What is made: so many episodes of so many shots, by a vendor that takes so many jobs of so many seconds."""

    episodes: int
    shots: int
    jobs_at_once: int
    job_s: float
    spread: int = 1

    @property
    def least_s(self) -> float:
        """What it takes at least."""
        all_s = self.episodes * self.shots * self.job_s / self.jobs_at_once
        return max(all_s, min(IN_A_CHAIN, self.shots) * self.job_s)


def write_series(folder: Path, night: Night) -> Path:
    """A series whose episodes have chains of four shots."""
    series = series_file(
        series="night",
        cast={"mara": {"name": "Mara", "references": [MARA]}},
        locations=None,
        props=None,
        styles=None,
        defaults={"provider": VENDOR, "resolution": "480p"},
        delivery={"master": {"width": 160, "height": 90, "fps": 24}, "loudness": "none"},
        budget=None,
    )
    written = {id_: episode_file(id_, *_scenes(id_, night.shots), style=None) for id_ in names(night)}
    return write_project(folder, series=series, episodes=written, files={MARA: png(400, 400)})


def names(night: Night) -> list[str]:
    """The ids of its episodes."""
    return [f"e{number:03}" for number in range(1, night.episodes + 1)]


def _scenes(episode: str, shots: int) -> list[dict[str, object]]:
    def written(place: int) -> dict[str, object]:
        follows = {"continuity": "tail_frame"} if place % IN_A_CHAIN else {}
        prompt = f"{{{{ mara }}}} waits for boat {episode} {place}"
        return shot(f"{place % IN_A_CHAIN:03}", prompt, duration=SHOT_S, **follows)

    chains = [range(start, min(start + IN_A_CHAIN, shots)) for start in range(0, shots, IN_A_CHAIN)]
    return [scene(f"s{number:03}", *map(written, chain), location=None) for number, chain in enumerate(chains)]


def made(studio: Studio, project: str, night: Night) -> tuple[float, str]:
    """Ask for the series, follow it to its end; seconds, and what its run says."""
    found = studio.ask("GET", "/deployments/name/series/series")
    parameters = {"project": project, "spread": night.spread}
    began = time.monotonic()
    asked = {"parameters": parameters, "state": {"type": "SCHEDULED"}}
    run = studio.ask("POST", f"/deployments/{found['id']}/create_flow_run", json=asked)
    while run["state_type"] not in ENDS:
        time.sleep(1)
        run = studio.ask("GET", f"/flow_runs/{run['id']}")
    return time.monotonic() - began, f"{run['state_name']}: {(run['state'] or {}).get('message')}"


def processor_s(studio: Studio) -> dict[str, float]:
    """What each part of the studio has taken of all processors, in seconds, with all that it started and that ended.

    The S3 server is in this process, and so is who asks how things are.
    """
    parts = {"Prefect's server": [studio.server], "workers and their runs": [*studio.workers.values()]}
    trees = {name: [each for service in services for each in service.tree()] for name, services in parts.items()}
    found = {name: sum(map(_used_s, tree)) for name, tree in trees.items()}
    rest = [each for each in psutil.Process().children(recursive=True) if "postgres" in each.name()]
    return {
        **found,
        "PostgreSQL": sum(map(_used_s, rest)),
        "S3 server, and asking": _used_s(psutil.Process(), own=True),
    }


def _used_s(process: psutil.Process, *, own: bool = False) -> float:
    try:
        used = process.cpu_times()
    except psutil.NoSuchProcess:
        return 0.0
    return used.user + used.system + (0.0 if own else used.children_user + used.children_system)


def books_agree(studio: Studio, night: Night) -> str:
    """Why the books do not agree; empty where every shot was made once and paid once."""
    with closing(open_ledger(studio.ledger_url)) as ledger:
        takes = ledger.read(queries.takes, "night")
        spent = sum(
            (line.spent_usd for line in ledger.read(queries.budgets, "night") if line.scope == "series"), Decimal(0)
        )
    with closing(sqlite3.connect(studio.sandbox.state / "sandbox.sqlite", timeout=10)) as books:
        jobs = books.execute("SELECT id, price FROM jobs").fetchall()
    if Counter(take.state.value for take in takes) != {"done": night.episodes * night.shots}:
        return f"takes: {Counter(take.state.value for take in takes)}"
    if {job for job, _ in jobs} != {take.job_id for take in takes}:
        return f"{len(jobs)} jobs at the sandbox, {len(takes)} takes"
    charged = sum((Decimal(price) for _, price in jobs), Decimal(0))
    return "" if spent == charged else f"${spent} in the ledger, ${charged} at the sandbox"


def measure(night: Night) -> int:
    """One night on a new studio; prints what it took."""
    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)  # a line for each request to S3
    folder = Path(tempfile.mkdtemp(prefix="tailframe-night-"))
    folder.chmod(0o755)
    os.environ["KINOVI_CONCURRENT_JOBS"] = str(night.jobs_at_once)
    try:
        with opened_studio(folder, night.job_s, PLACES) as studio:
            project = studio.push(write_series(folder / "projects", night))
            before = processor_s(studio)
            took_s, told = made(studio, project, night)
            used = {name: seconds - before[name] for name, seconds in processor_s(studio).items()}
            differ = books_agree(studio, night)
    finally:
        shutil.rmtree(folder)
    share = took_s / night.least_s
    print(f"{night.episodes} episodes of {night.shots} shots, {night.jobs_at_once} jobs of {night.job_s:g} s at once")
    print(f"  took {took_s:.0f} s, at least {night.least_s:.0f} s: {share:.3f}x   (at most {AT_MOST:g}x)")
    print(f"  {told[:400]}")
    for name, seconds in used.items():
        print(f"  {name:24}{seconds:8.0f} s of all processors")
    print(f"  {differ or 'the books of ledger and vendor agree: every shot made once'}")
    return 0 if share <= AT_MOST and not differ else 1


def main() -> int:
    """Measure, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--episodes", type=int, default=50)
    parser.add_argument("--long", type=int, default=0, metavar="SHOTS")
    parser.add_argument("--jobs", type=int, default=20)
    parser.add_argument("--seconds", type=float, default=40)
    asked = parser.parse_args()
    night = Night(episodes=asked.episodes, shots=SHOTS, jobs_at_once=asked.jobs, job_s=asked.seconds)
    return measure(replace(night, episodes=1, shots=asked.long, spread=6) if asked.long else night)


if __name__ == "__main__":
    sys.exit(main())
