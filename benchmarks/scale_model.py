"""Calculates a night of a thousand series: what is busy first, and what turning it gives.

    python benchmarks/scale_model.py [--series N]

A simulation of queues. Every series of the night is asked for at once, by its schedule; it makes one episode of twenty
shots in chains of four, each shot a job of three minutes at a vendor. Whatever can be busy is a resource with places,
taken in the order of asking: the deployments' own bounds, the workers' places and processors, the vendor's jobs at
once, Prefect's server, the claims of an account in the ledger. What each costs was measured elsewhere, and is written
down in `Costs` with its source.

Prints, for a studio as it is deployed and then for one setting after the other turned up: how long the night takes,
which resource was busy for how much of it, and what the flow runs of the fullest moment take of memory and of
PostgreSQL's connections. The claim is that the last studio is done in eight hours, and the first is not.
"""

from __future__ import annotations

import argparse
import heapq
import itertools
import sys
from collections import deque
from collections.abc import Generator, Sequence
from dataclasses import dataclass, field, replace

HOUR = 3600.0
NIGHT_S = 8 * HOUR


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """Seconds. Of processors, but for the job and the claim."""

    job: float = 180.0  # assumed
    begin_run: float = 6.0  # a flow run's process: docs/operations.md
    shot: float = 4.5  # the dear case, each clip conformed from 480p to 720p: docs/speed.md
    cut: float = 5.0  # of twenty shots after a run: docs/speed.md
    server_run: float = 1.5  # Prefect's server, of one run; with what follows 277 s for 51 runs and 1,000 shots
    server_shot: float = 0.2  # and of one shot's task in it: docs/scale.md
    claim: float = 0.008  # on PostgreSQL, one after the other for one account: docs/scale.md


RUN_GIB, WAITING_RUN_GIB, CONNECTIONS = 0.33, 0.16, 5
"""Of memory a run in its cut, and one that waits for its episodes; and how many connections a run was seen to have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Studio:
    """What may be turned."""

    series_at_once: int = 4  # `concurrency_limit` of nightly, as it is deployed
    episodes_at_once: int = 16  # of produce
    workers: int = 3
    places: int = 4  # flow runs that one worker takes
    cores: int = 2  # of one worker
    jobs_at_once: int = 10  # at one account
    accounts: int = 1
    servers: int = 1  # processes of Prefect's server that take requests; each has one processor's worth


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A night."""

    series: int = 1000
    chains: int = 5
    shots_a_chain: int = 4

    @property
    def shots(self) -> int:
        """All of them."""
        return self.series * self.chains * self.shots_a_chain


@dataclass(slots=True)
class Resource:
    """Places that are taken in the order of asking; `busy_s` is of all of them together."""

    name: str
    places: int
    taken: int = 0
    most: int = 0
    busy_s: float = 0.0
    waiting: deque[Process] = field(default_factory=deque)


@dataclass(slots=True)
class Event:
    """Something that processes wait for; `count` of them must have ended."""

    count: int
    waiting: list[Process] = field(default_factory=list)


Step = float | tuple[str, Resource] | Event
Process = Generator[Step, None, None]


class Simulation:
    """Runs processes: each yields seconds to let pass, `("take", R)`, `("give", R)`, or an Event to wait for."""

    def __init__(self) -> None:
        self.now_s = 0.0
        self._due: list[tuple[float, int, Process]] = []
        self._numbers = itertools.count()

    def begin(self, process: Process, after_s: float = 0.0) -> None:
        """Let a process go on so much later."""
        heapq.heappush(self._due, (self.now_s + after_s, next(self._numbers), process))

    def run(self) -> float:
        """Until nothing is left to do; the seconds that it took."""
        while self._due:
            self.now_s, _, process = heapq.heappop(self._due)
            self._step(process)
        return self.now_s

    def ended(self, event: Event) -> None:
        """One of those that the event counts has ended."""
        event.count -= 1
        if event.count == 0:
            for process in event.waiting:
                self.begin(process)

    def _step(self, process: Process) -> None:
        for step in process:
            if isinstance(step, float):
                self.begin(process, step)
                return
            if isinstance(step, Event):
                if step.count:
                    step.waiting.append(process)
                    return
                continue
            kind, resource = step
            if kind == "give":
                self._give(resource)
            elif resource.taken < resource.places:
                resource.taken += 1
                resource.most = max(resource.most, resource.taken)
            else:
                resource.waiting.append(process)
                return

    def _give(self, resource: Resource) -> None:
        if resource.waiting:
            self.begin(resource.waiting.popleft())  # which has the place that is given
        else:
            resource.taken -= 1


class Night:
    """One night in one studio."""

    def __init__(self, studio: Studio, work: Work, costs: Costs) -> None:
        self.work, self.costs, self.simulation = work, costs, Simulation()
        self.series = Resource("series at once (`concurrency_limit` of `nightly`)", studio.series_at_once)
        self.episodes = Resource("episodes at once (`concurrency_limit` of `produce`)", studio.episodes_at_once)
        self.places = Resource("places of workers (`--limit`)", studio.workers * studio.places)
        self.processors = Resource("processors of workers", studio.workers * studio.cores)
        self.jobs = Resource("jobs at once at the vendor", studio.jobs_at_once * studio.accounts)
        self.server = Resource("Prefect's server", studio.servers)
        self.claims = Resource("claims in the ledger", studio.accounts)

    @property
    def resources(self) -> tuple[Resource, ...]:
        """All that may be busy."""
        return (self.series, self.episodes, self.places, self.processors, self.jobs, self.server, self.claims)

    def took_s(self) -> float:
        """How long all of it takes."""
        for _ in range(self.work.series):
            self.simulation.begin(self._series())
        return self.simulation.run()

    def _held(self, resource: Resource, seconds: float) -> Process:
        yield ("take", resource)
        resource.busy_s += seconds
        yield seconds
        yield ("give", resource)

    def _series(self) -> Process:
        yield ("take", self.series)
        began_s = self.simulation.now_s
        yield from self._begun()
        done = Event(1)
        self.simulation.begin(self._episode(done))
        yield done
        self.series.busy_s += self.simulation.now_s - began_s
        yield ("give", self.series)

    def _begun(self) -> Process:
        yield from self._held(self.server, self.costs.server_run)
        yield from self._held(self.processors, self.costs.begin_run)

    def _episode(self, done: Event) -> Process:
        yield ("take", self.episodes)
        yield ("take", self.places)
        began_s = self.simulation.now_s
        yield from self._begun()
        chains = Event(self.work.chains)
        for _ in range(self.work.chains):
            self.simulation.begin(self._chain(chains))
        yield chains
        yield from self._held(self.processors, self.costs.cut)
        for held in (self.episodes, self.places):
            held.busy_s += self.simulation.now_s - began_s
            yield ("give", held)
        self.simulation.ended(done)

    def _chain(self, chains: Event) -> Process:
        for _ in range(self.work.shots_a_chain):
            yield from self._held(self.server, self.costs.server_shot)
            yield from self._held(self.claims, self.costs.claim)
            yield from self._held(self.jobs, self.costs.job)
            yield from self._held(self.processors, self.costs.shot)
        self.simulation.ended(chains)


def turned() -> Sequence[tuple[str, Studio]]:
    """One setting after the other, as whatever was busiest asks for it."""
    steps: list[tuple[str, dict[str, int]]] = [
        ("as deployed: three workers of four places, ten jobs at once", {}),
        ("150 jobs at once: a larger plan, or several accounts", {"jobs_at_once": 50, "accounts": 3}),
        ("60 series at once, and 60 episodes", {"series_at_once": 60, "episodes_at_once": 60}),
        ("ten workers of four places", {"workers": 10}),
    ]
    found, studio = [], Studio()
    for words, changes in steps:
        studio = replace(studio, **changes)
        found.append((words, studio))
    return found


def main() -> int:
    """Simulate, print, judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=1000)
    work, costs = Work(series=parser.parse_args().series), Costs()
    print(f"{work.series} series of one episode, {work.shots} shots")
    nights = []
    for words, studio in turned():
        night = Night(studio, work, costs)
        nights.append(took_s := night.took_s())
        print(f"{took_s / HOUR:7.1f} h  {words}")
        for each in sorted(night.resources, key=lambda each: -each.busy_s / each.places):
            print(f"{each.busy_s / each.places / took_s:16.0%}  {each.name}: {each.places}")
        making, waiting = night.places.most, night.series.most
        memory_gib, connections = making * RUN_GIB + waiting * WAITING_RUN_GIB, (making + waiting) * CONNECTIONS
        print(f"{'':10}at most {making + waiting} runs: {memory_gib:.0f} GiB, {connections} connections of PostgreSQL")
    return 0 if nights[-1] <= NIGHT_S < nights[0] else 1


if __name__ == "__main__":
    sys.exit(main())
