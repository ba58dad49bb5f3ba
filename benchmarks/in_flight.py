"""Measures a thousand shots in flight in one process: real flow, real tasks, the real order of chains, simulated work.

    python benchmarks/in_flight.py

200 chains of five shots, all under way at once, each shot twenty seconds long, bounded to a vendor's account of 1000
jobs. No run can end before its longest chain; this one may take a tenth more, and 300 MiB. Ends with 1 where a claim
does not hold.
"""

import asyncio
import resource
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from storyboard.shot import Episode

CHAINS, LINKS, SHOT_S, BOUND = 200, 5, 20.0, 1000
LONGEST_AT_MOST = 1.1
MIB_AT_MOST = 300


class Simulated:
    """A production whose shots take their time and nothing else."""

    def __init__(self) -> None:
        self.free = asyncio.Semaphore(BOUND)
        self.made = 0

    async def make(self, key: str) -> object:
        """Sleep as long as a vendor would work."""
        from render.takes.outcomes import Outcome, ShotState

        async with self.free:
            await asyncio.sleep(SHOT_S)
        self.made += 1
        return Outcome(key=key, state=ShotState.DONE, made=True)


def thousand_shots(folder: Path) -> "Episode":
    """An episode of 200 scenes with five shots each."""
    from storyboard.expand.expansion import expand
    from storyboard.loading import load_project

    shots = "".join(f'      - {{id: "{number:03}", prompt: A wave}}\n' for number in range(LINKS))
    scenes = "".join(f"  - id: scene{number:03}\n    shots:\n{shots}" for number in range(CHAINS))
    (folder / "episodes").mkdir()
    (folder / "series.yaml").write_text("version: 1\nseries: waves\ntitle: Waves\ndefaults: {max_chain: 5}\n")
    (folder / "episodes" / "e01.yaml").write_text(f"version: 1\nepisode: e01\ntitle: Waves\nscenes:\n{scenes}")
    return expand(load_project(folder), "e01")


def measure(folder: Path) -> tuple[float, int]:
    """Seconds from the first shot's start to the last one's end, and how many were made."""
    from flows.prefect.server import prefect_server

    with prefect_server() as server:
        episode = thousand_shots(folder)
        with server.connected():
            from prefect import flow

            from flows.prefect.produce import as_tasks
            from flows.run.chain_order import along_chains

            @flow(name="simulated", persist_result=False)
            async def simulated() -> tuple[float, int]:
                work = Simulated()
                make = as_tasks(work)

                async def attempt(key: str) -> None:
                    await make(key)

                began = time.perf_counter()
                await along_chains(episode, attempt)
                return time.perf_counter() - began, work.made

            return asyncio.run(simulated())


def main() -> int:
    """Measure, print, judge."""
    with TemporaryDirectory() as folder:
        seconds, made = measure(Path(folder))
    mib = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    longest = LINKS * SHOT_S * max(1.0, CHAINS / BOUND)
    print(f"{made} shots in {CHAINS} chains of {LINKS}, {SHOT_S:g} s each")
    print(f"{'the longest chain':42} {longest:8.1f} s")
    print(f"{'the whole run':42} {seconds:8.1f} s")
    print(f"{'  of the longest chain':42} {seconds / longest:8.2f}x  (at most {LONGEST_AT_MOST:g}x)")
    print(f"{'memory of the process at its most':42} {mib:8.0f} MiB (at most {MIB_AT_MOST})")
    return 0 if seconds <= LONGEST_AT_MOST * longest and mib <= MIB_AT_MOST and made == CHAINS * LINKS else 1


if __name__ == "__main__":
    sys.exit(main())
