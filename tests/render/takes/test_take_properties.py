"""Whatever dies, answers or hurries by, in whatever order: no order runs twice, no cap is passed, no paid clip is lost.

Several runs work on the same takes, each in a process that may die before or after any step, while a vendor loses
answers, fails jobs and damages clips. Everything but the vendor is real: the takes' life, the ledger, the store.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from render.callbacks.listener import CallbackListener
from render.concurrency.process_lock import Owner
from render.errors import RenderError, Transient
from render.ledger import Ledger, Take, TakeId, Want, jobs, open_ledger, queries, runs, settlement, take_slots
from render.store import Store, open_store
from render.takes.life import Compose, make_take
from render.takes.reconcile import bury_dead_senders, look_up_all
from storyboard.auto_length import AutoLength
from storyboard.capabilities import Capabilities
from storyboard.identity import fingerprint
from storyboard.request import Request
from storyboard.shot import Caps
from storyboard.takes import LIVE, TakeState
from tests.acme.orders import order
from tests.clips import make_clip
from tests.render.ledger.stage import audit
from tests.render.takes.clockwork import Clockwork
from tests.render.takes.fates import PRICE_USD, Counter, Gibberish, Killed, MortalContext, Process, Vendor
from tests.thinning import examples

PROMPTS = {"e01/a/1": "waves", "e01/a/2": "a lamp", "e01/b/1": "waves"}
"""Two of the three shots are the same order to the letter."""

AUTO = "a lamp"
"""The prompt of the shot whose length its vendor chooses."""

AS_LONG_AS_IT_LIKES: dict[str, Any] = {
    "duration_s": None,
    "billed_s": Decimal(15),
    "auto_length": AutoLength(shortest_s=Decimal(4), longest_s=Decimal(15), step_s=Decimal(1)),
}
CAPS = Caps(series=Decimal(6), episode=Decimal(5), day=Decimal(5), run=Decimal(2))
BOUND = 2
LONGEST_RUN_S = 900
NUMBERS = st.binary(min_size=300, max_size=300)
BEGINNINGS_S = st.tuples(st.integers(0, 30), st.integers(0, 60))
_SERIES = count(1)


@dataclass(frozen=True)
class Ground:
    """What all examples share, each in a series of its own."""

    ledger: Ledger
    books: sqlite3.Connection  # the ledger's file, looked at from outside
    store: Store
    clip: Path
    folder: Path


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    folder = tmp_path_factory.mktemp("ground")
    file = folder / "ledger.sqlite"
    clip = make_clip(folder / "clip.mp4", frames=96, movflags="+faststart")  # so that a part of it is a damaged clip
    with open_ledger(f"sqlite:///{file}") as ledger, closing(sqlite3.connect(file, isolation_level=None)) as books:
        books.row_factory = sqlite3.Row
        yield Ground(ledger, books, open_store(str(folder / "blobs"), cache=folder / "cache"), clip, folder)


class World:
    """One series, its vendor, and everybody who works on it."""

    def __init__(self, ground: Ground, fates: bytes, answers: bytes, tells: int) -> None:
        self.ground, self.fates = ground, iter(fates)
        self.series = f"series-{next(_SERIES)}"
        self.account = f"acme:{self.series}"
        sold = Capabilities(
            provider="acme",
            origin="https://api.acme.example",
            account_name=self.series,
            models={},
            default_model="acme-1",
            tokens={},
            concurrent_jobs=BOUND,
            replays_by_key=tells == 3,
        )
        self.vendor = Vendor(sold, ground.clip, iter(answers), self.one_live_job_an_order, tells)
        self.settled: set[str] = set()  # jobs of which a person said that they are charged and lost

    def request(self, take: Take) -> Request:
        """What is ordered for a take."""
        return order(
            series=self.series,
            shot=take.shot,
            account=self.account,
            prompt=PROMPTS[take.shot],
            wish=take.wish,
            variation=take.variation,
            width=160,
            height=90,
            estimated_usd=PRICE_USD,
            **(AS_LONG_AS_IT_LIKES if PROMPTS[take.shot] == AUTO else {}),
        )

    def wants(self, *, new: bool) -> list[Want]:
        """All shots; with `new`, another take of one of them."""
        shots = list(PROMPTS)[:1] if new else list(PROMPTS)
        vendor = {"provider": "acme", "account": self.account, "model": "acme-1"}
        return [Want(shot=shot, ordinal=0, wish=f"wish of {shot}", variation=0, new=new, **vendor) for shot in shots]

    # What is done

    async def live(self, *, after_s: int = 0, new: bool = False, fates: Iterator[int] | None = None) -> None:
        """One run, in a process of its own, until its end, its death, or somebody's Ctrl-C."""
        await asyncio.sleep(after_s)
        process = self.process(self.fates if fates is None else fates)
        context = self.run_context(process)
        try:
            async with asyncio.timeout(LONGEST_RUN_S):
                await self.make_all(context, new=new)
        except (Killed, TimeoutError, Gibberish):
            pass
        finally:
            await context.aclose()
            process.end()

    def process(self, fates: Iterator[int]) -> Process:
        """A process that has just begun."""
        return Process(Owner.acquire(self.ground.folder / "owners"), fates, self.hold, self.let_leases_run_out)

    def run_context(self, process: Process) -> MortalContext:
        """A run that has begun."""
        run = self.ground.ledger.write(runs.begin_run, self.series, "e01", "snapshot", caps=CAPS)
        ledger = self.ground.ledger.during(run)
        return MortalContext(
            series=self.series,
            run=run,
            ledger=ledger,
            callback_listener=CallbackListener.of(ledger, self.series, process.ask),
            store=self.ground.store,
            providers={"acme": Counter(self.vendor, process)},
            scratch=self.ground.folder / "scratch",
            owner=process.owner,
            patience=timedelta(days=1),
            process=process,
        )

    async def make_all(self, context: MortalContext, *, new: bool) -> None:
        """As a session does it: look for what is lost, open takes, make them and carry on what the vendor has."""
        await look_up_all(context)
        opened = [take.id for take in await context.write(take_slots.open_takes, context.run, self.wants(new=new))]
        unfinished = [take.id for take in await context.read(queries.unfinished, self.series)]
        carried = [self.attempt(context, take, None) for take in unfinished if take not in opened]
        makes = [self.attempt(context, take, self.request) for take in opened]
        for ended in await asyncio.gather(*makes, *carried, return_exceptions=True):
            if isinstance(ended, BaseException) and not isinstance(ended, RenderError | Gibberish):
                raise ended
        await context.write(runs.end_run, context.run)

    async def attempt(self, context: MortalContext, take: TakeId, compose: Compose | None) -> None:
        """Make one take, again where that may help."""
        for _ in range(3):
            try:
                await make_take(context, take, compose)
            except Transient:
                await asyncio.sleep(15)
            else:
                return

    def let_leases_run_out(self) -> None:
        """Somebody slept through the time that was theirs."""
        self.ground.books.execute(
            "UPDATE leases SET expires_at = ? WHERE take IN (SELECT id FROM takes WHERE series = ?)",
            ("2000-01-01 00:00:00.000000", self.series),
        )

    async def let_time_pass(self) -> None:
        """Leases end by themselves."""
        while True:
            await asyncio.sleep(200)
            self.let_leases_run_out()

    async def calm_down(self) -> None:
        """No more faults: runs, and a person who looks at the vendor's own page, bring everything to its end."""
        self.vendor.kind = True
        for _ in range(2):
            await self.live(fates=iter(()))
            await self.reconcile()
        await self.live(fates=iter(()))
        self.vendor.kind = False

    async def reconcile(self) -> None:
        """As the command does it: whoever died while sending is found out, then a person speaks."""
        process = self.process(iter(()))
        context = self.run_context(process)
        await bury_dead_senders(context)
        for take in self.takes(TakeState.UNKNOWN):
            self.settle(take, adopt=next(self.fates, 0) % 2 == 0)
        await context.aclose()
        process.end()

    def settle(self, take: Take, *, adopt: bool) -> None:
        """Say truly what became of a lost order."""
        job = next((job for job in self.vendor.jobs.values() if job.take == take.id), None)
        if job is None:
            self.ground.ledger.write(settlement.settle_unknown, take.id, "there is no such job", charged=False)
        elif adopt or job.charged_usd != PRICE_USD:
            self.ground.ledger.write(jobs.adopt, take.id, job.id, "there it is")
        else:
            self.ground.ledger.write(settlement.settle_unknown, take.id, "it is on the bill", charged=True)
            self.settled.add(job.id)

    # What must hold

    def takes(self, *states: TakeState) -> tuple[Take, ...]:
        return self.ground.ledger.read(queries.takes, self.series, states=states)

    def one_live_job_an_order(self, take_id: TakeId, request: Request) -> None:
        """The vendor takes an order: every job that was ever made of the same one has ended for good."""
        for job in self.vendor.jobs.values():
            assert job.take != take_id, "a take was ordered twice"
            if fingerprint(job.request) == fingerprint(request):
                assert self.ground.ledger.read(queries.take, job.take).state not in LIVE, (
                    "a second live job of one order"
                )

    def hold(self) -> None:
        """After every step of anybody."""
        takes = self.rows("SELECT * FROM takes WHERE series = ?")
        live = [take["fingerprint"] for take in takes.values() if take["state"] in LIVE and take["fingerprint"]]
        assert len(live) == len(set(live)), "two live takes of one order"
        self.hold_caps(sum(take["reserved_micros"] for take in takes.values()), _spent(takes))
        for job in self.vendor.jobs.values():
            take = takes[job.take]
            held = Decimal(take["reserved_micros"] + (take["cost_micros"] or 0)) / 10**6
            assert job.charged_usd <= held, f"{job} is charged and not in the books"
            nobody_knows = take["state"] in {TakeState.SUBMITTING, TakeState.UNKNOWN} or job.id in self.settled
            assert nobody_knows or take["job_id"] == job.id, f"{job} is on no take's record"
        for take in takes.values():
            assert take["state"] != TakeState.DONE or self.has_clip(take["clip"])

    def hold_caps(self, reserved: int, spent: int) -> None:
        """No cap is passed, and every row of the books says what the takes say."""
        lines = self.ground.books.execute("SELECT * FROM budgets WHERE series = ?", (self.series,)).fetchall()
        for line in lines:
            cap = line["cap_micros"]
            assert cap is None or line["spent_micros"] + line["reserved_micros"] <= cap, "over the cap"
        for scope in {line["scope"] for line in lines}:
            mine = [line for line in lines if line["scope"] == scope]
            assert sum(line["reserved_micros"] for line in mine) == reserved, f"{scope}: reserved beside the takes"
            assert sum(line["spent_micros"] for line in mine) == spent, f"{scope}: spent beside the takes"

    def has_clip(self, clip: str) -> bool:
        """Whether a take's clip is in the store."""
        (sha256,) = self.ground.books.execute("SELECT json_extract(?, '$.sha256')", (clip,)).fetchone()
        return self.ground.store.has(sha256)

    def rows(self, sql: str) -> dict[str, sqlite3.Row]:
        return {row["id"]: row for row in self.ground.books.execute(sql, (self.series,))}

    def hold_at_the_end(self) -> None:
        """All is told: each job is one take's, and the books say what the bill says."""
        audit(self.ground.ledger, self.series)
        over = {TakeState.PLANNED, TakeState.DONE, TakeState.FAILED, TakeState.CANCELLED}
        assert {take.state for take in self.takes()} <= over
        told = [take.job_id for take in self.takes() if take.job_id is not None]
        assert sorted(told) == sorted(set(self.vendor.jobs) - self.settled)
        assert self.ground.ledger.read(queries.money, self.series) == (self.vendor.charged_usd(), 0)
        assert not [alarm for alarm in self.ground.ledger.read(queries.alarms) if alarm.account == self.account]


def _spent(takes: dict[str, sqlite3.Row]) -> int:
    return sum(take["cost_micros"] or 0 for take in takes.values())


async def story(world: World, begins_s: tuple[int, int], *, new: bool) -> None:
    """Three runs that overlap as they please, then calm; and once more, on what these left behind."""
    time = asyncio.create_task(world.let_time_pass())
    second, third = begins_s
    for _ in range(2):
        await asyncio.gather(world.live(), world.live(after_s=second), world.live(after_s=third, new=new))
        await world.calm_down()
        world.hold_at_the_end()
    time.cancel()


@settings(max_examples=examples(20), deadline=None, phases=(Phase.explicit, Phase.reuse, Phase.generate, Phase.shrink))
@given(fates=NUMBERS, answers=NUMBERS, tells=st.integers(0, 3), begins_s=BEGINNINGS_S, new=st.booleans())
def test_whatever_happens_nothing_is_paid_twice_or_lost(ground: Ground, new: bool, **drawn: Any) -> None:
    """After each step of anybody: one live job an order, no cap passed, and every charge on a take's record."""
    begins_s = drawn.pop("begins_s")
    with asyncio.Runner(loop_factory=Clockwork) as runner:
        runner.run(story(World(ground, **drawn), begins_s, new=new))
