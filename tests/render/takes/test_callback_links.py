"""When an order carries a link, and what a lost one is worth waiting for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from sqlalchemy import text

from render.callbacks.listener import CallbackListener
from render.concurrency.blocking import BlockingCalls
from render.concurrency.process_lock import Owner
from render.context import RunContext
from render.errors import Scope, TakeError, Terminal, Transient, UnknownOutcome
from render.ledger import Ledger, Take, Want, callback_tokens, open_ledger, queries, runs, take_slots
from render.net.responses import words
from render.providers.base import Ended, JobRef, JobStatus, ListedJob, Provider, PublishedReference, Succeeded
from render.providers.registry import capabilities_of
from render.store.local_store import LocalStore
from render.takes.life import make_take
from render.takes.reconcile import adopt_named, look_up
from render.watcher import Unwatched
from storyboard.request import Request
from storyboard.takes import TakeState
from tests.acme.orders import order
from tests.thinning import exhaustive, one_in

pytestmark = pytest.mark.anyio

HTTPS = "https://calls.studio.example/tailframe"
HERE = "http://127.0.0.1:8791"
LOST = UnknownOutcome("the connection broke after the order had left")
KNOWN = Ended(code="500", words="it failed", charged=False)


class Scripted:
    """A vendor that answers as it is told to: it knows the jobs in `knows`, and a job ends as soon as it is polled."""

    def __init__(self, origin: str = "https://kinovi.ai", **sells: Any) -> None:
        self.capabilities = replace(capabilities_of("kinovi", {}), origin=origin, **sells)
        self.create_timeout, self.poll_interval = timedelta(seconds=10), timedelta(seconds=20)
        self.orders: list[Mapping[str, str]] = []
        self.answer: str | Exception = "job-1"
        self.knows: dict[str, JobStatus | Exception] = {"job-1": KNOWN}
        self.lists: Exception | None = None

    async def create(
        self, request: Request, references: Sequence[PublishedReference], *, take_id: str, **more: str
    ) -> str:
        self.orders.append(more)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    async def poll(self, job: JobRef) -> JobStatus:
        known = self.knows.get(job.id, Terminal(f"there is no {job.id}", code="task_not_found"))
        if isinstance(known, Exception):
            raise known
        return known

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:
        if self.lists is not None:
            raise self.lists
        return None

    async def aclose(self) -> None:
        """Nothing to let go of."""


class Notes(Unwatched):
    def __init__(self) -> None:
        self.told: list[str] = []

    def note(self, text: str) -> None:
        self.told.append(text)

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Any = None) -> None:
        self.told.append(f"{state} {detail}")


class OneTake:
    """The context of a run with one vendor and one planned take."""

    def __init__(self, context: RunContext, vendor: Scripted, take: Take, notes: Notes) -> None:
        self.context, self.vendor, self.take, self.notes = context, vendor, take, notes
        self.seed: int | None = None  # that it is ordered with
        self.ledger: Ledger = context.ledger

    async def make(self) -> None:
        await make_take(
            self.context, self.take.id, lambda take: order(provider="kinovi", account=take.account, seed=self.seed)
        )

    async def outcome(self) -> TakeError:
        """The error that ends the take's work in this run."""
        with pytest.raises(TakeError) as ended:
            async with asyncio.timeout(20):
                await self.make()
        return ended.value

    def now(self) -> Take:
        return self.ledger.read(queries.take, self.take.id)

    def call(self, job: str | None = None) -> bool:
        """A call at the link that the newest order carries."""
        return callback_tokens.record_callback(
            self.ledger, self.vendor.orders[-1]["callback_url"].rpartition("/")[2], job
        )

    async def until(self, holds: Callable[[], object]) -> None:
        async with asyncio.timeout(20):
            while not holds():  # noqa: ASYNC110 - another task gets there
                await asyncio.sleep(0.01)

    async def unanswered(self) -> None:
        await self.until(lambda: [told for told in self.notes.told if told.startswith("unanswered")])


@asynccontextmanager
async def one_take(folder: Path, vendor: Scripted, **context: Any) -> AsyncIterator[OneTake]:
    owner, notes = Owner.acquire(folder / "owners"), Notes()
    with open_ledger(f"sqlite:///{folder / 'l.sqlite'}") as ledger:
        run = ledger.write(runs.begin_run, "lighthouse", "e01", "snapshot", caps=None)
        sold = vendor.capabilities
        want = Want(
            shot="e01/lamp/010",
            ordinal=0,
            wish="wish",
            variation=0,
            provider="kinovi",
            account=sold.account,
            model="seedance-20",
        )
        (take,) = ledger.write(take_slots.open_takes, run, [want])
        calls = BlockingCalls()
        built = RunContext(
            series="lighthouse",
            run=run,
            ledger=ledger,
            store=LocalStore(folder / "blobs"),
            providers={"kinovi": cast(Provider, vendor)},
            scratch=folder,
            owner=owner,
            watcher=notes,
            callback_listener=CallbackListener.of(ledger, "lighthouse", calls.in_thread, every_s=0.05),
            calls=calls,
            **context,
        )
        try:
            yield OneTake(built, vendor, take, notes)
        finally:
            await built.aclose()
            owner.release()


@one_in(3)
@pytest.mark.parametrize(
    ("public_url", "origin", "carried"),
    [
        (HTTPS, "https://kinovi.ai", True),
        (HTTPS, "http://127.0.0.1", True),
        (HERE, "http://127.0.0.1", True),
        (HERE, "https://kinovi.ai", False),
        ("https://127.0.0.1", "https://kinovi.ai", False),
        ("http://calls.studio.example", "https://kinovi.ai", False),
        (f"https://calls.studio.example/{'x' * 1990}", "https://kinovi.ai", False),
        (None, "https://kinovi.ai", False),
    ],
)
async def test_an_order_carries_a_link_that_its_vendor_can_call(
    tmp_path: Path, public_url: str | None, origin: str, carried: bool
) -> None:
    """https for all the world, this machine for a sandbox on it, nothing too long, and nothing where nobody answers."""
    async with one_take(tmp_path, Scripted(origin)) as at:
        if public_url is not None:
            at.ledger.write(callback_tokens.renew_callback_server, public_url)
        assert (await at.outcome()).code == "500"
        (sent,) = at.vendor.orders
        assert set(sent) == ({"callback_url"} if carried else set())
        if carried:
            link = sent["callback_url"]
            assert link.startswith(f"{public_url}/t/")
            token = link.rpartition("/")[2]
            assert len(token) == 43
            assert token not in repr((at.now(), at.ledger.read(queries.events, at.take.id), at.notes.told))
            assert token not in words(f"callBackUrl {link} cannot be reached")
        assert at.ledger.read(queries.take, at.take.id).state is TakeState.FAILED


async def test_a_vendor_that_never_calls_gets_no_link(tmp_path: Path) -> None:
    """Its client need not even know that there are links."""
    async with one_take(tmp_path, Scripted(callback_job=None)) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        await at.outcome()
        assert at.vendor.orders == [{}]
        assert at.ledger.read(lambda tx: tx.rows("SELECT * FROM doors")) == []


async def test_no_order_is_held_up_for_a_link(tmp_path: Path) -> None:
    """A ledger that cannot keep it is told of, and the order goes without."""
    async with one_take(tmp_path, Scripted()) as at:
        at.ledger.write(lambda tx: tx.conn.execute(text("DROP TABLE doorkeepers")))
        assert (await at.outcome()).code == "500"
        assert at.vendor.orders == [{}]
        assert "ordered without a callback" in " ".join(at.notes.told)


async def test_a_lost_order_waits_for_its_call(tmp_path: Path) -> None:
    """The job that is named is adopted at once, and its end is what the vendor says; it is ordered once."""
    async with one_take(tmp_path, Scripted()) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer = LOST
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        assert at.now().state is TakeState.UNKNOWN

        assert at.call("job-1")

        assert (await running).code == "500"
        assert (at.now().job_id, at.now().state, len(at.vendor.orders)) == ("job-1", TakeState.FAILED, 1)


@pytest.mark.parametrize("why", ["nobody answers", "too old", "asked by key"])
async def test_a_lost_order_is_not_waited_for_in_vain(tmp_path: Path, why: str) -> None:
    """Without anybody who answers, after jobs are long over, or where the vendor can simply be asked again."""
    async with one_take(
        tmp_path,
        Scripted(replays_by_key=why == "asked by key"),
        callback_patience=timedelta(0) if why == "too old" else timedelta(minutes=15),
    ) as at:
        at.vendor.answer = LOST
        if why != "nobody answers":
            at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        assert isinstance(await at.outcome(), UnknownOutcome)
        assert at.now().state is TakeState.UNKNOWN
        assert not [told for told in at.notes.told if told.startswith("unanswered")]


async def test_who_waits_gives_up_when_nobody_answers_any_more(tmp_path: Path) -> None:
    """The take stays unknown, as it would have without callbacks."""
    async with one_take(tmp_path, Scripted()) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer = LOST
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        at.ledger.write(callback_tokens.retire_callback_server, HTTPS)
        at.call()
        assert isinstance(await running, UnknownOutcome)
        assert at.now().state is TakeState.UNKNOWN


@exhaustive
async def test_a_vendor_that_cannot_be_asked_now_is_waited_for(tmp_path: Path) -> None:
    """It may be the very outage that lost the answer; without a callback link the run tries again later, as ever."""
    async with one_take(tmp_path, Scripted()) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer, at.vendor.lists = LOST, Transient("not now")
        at.vendor.knows["job-1"] = Transient("not now")
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        at.call("job-1")
        await asyncio.sleep(0.05)
        assert at.ledger.read(queries.told_job, at.take.id) == "job-1"
        at.vendor.knows["job-1"] = KNOWN
        await asyncio.sleep(1.1)
        at.call()
        assert (await running).code == "500"
    async with one_take(tmp_path / "other", Scripted()) as at:
        at.vendor.answer, at.vendor.lists = LOST, Transient("not now")
        await at.outcome()
        assert isinstance(await at.outcome(), Transient)


async def test_a_vendor_that_refuses_to_tell_leaves_the_take_unknown(tmp_path: Path) -> None:
    """A wrong key must neither make the shot elsewhere nor throw away what the caller named."""
    async with one_take(tmp_path, Scripted()) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer = LOST
        at.vendor.knows["job-1"] = Terminal("check the key", code="http_401", scope=Scope.VENDOR)
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        at.call("job-1")

        ended = await running

        assert (type(ended), ended.scope) == (UnknownOutcome, Scope.ATTEMPT)
        assert "check the key" in str(ended)
        assert (at.now().state, at.ledger.read(queries.told_job, at.take.id)) == (TakeState.UNKNOWN, "job-1")
        at.vendor.knows["job-1"] = KNOWN
        assert await look_up(at.context, at.now())
        assert (at.now().state, at.now().job_id) == (TakeState.SUBMITTED, "job-1")


async def test_a_job_that_the_vendor_does_not_know_is_told_and_forgotten(tmp_path: Path) -> None:
    """A person can read what was named; the take is as it was."""
    async with one_take(tmp_path, Scripted(), callback_patience=timedelta(minutes=15)) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer = LOST
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        before = at.now()
        at.call("forged")
        await at.until(lambda: at.ledger.read(queries.told_job, at.take.id) is None)
        assert at.now() == before
        assert "named job forged, which is not adopted: there is no forged" in " ".join(at.notes.told)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_job_that_tells_another_seed_is_not_adopted_by_a_call(tmp_path: Path) -> None:
    """Somebody else's finished job, at the right link: it is told and forgotten. The one that tells ours is adopted."""
    async with one_take(tmp_path, Scripted(), callback_patience=timedelta(minutes=15)) as at:
        at.ledger.write(callback_tokens.renew_callback_server, HTTPS)
        at.vendor.answer, at.seed = LOST, 7
        at.vendor.knows = {f"job-{seed}": Succeeded(clip_url="https://cdn.example/1.mp4", seed=seed) for seed in (7, 8)}
        running = asyncio.create_task(at.outcome())
        await at.unanswered()
        at.call("job-8")
        await at.until(lambda: at.ledger.read(queries.told_job, at.take.id) is None)
        assert at.now().state is TakeState.UNKNOWN
        told = " ".join(at.notes.told)
        assert "job-8, which is not adopted: job job-8 tells seed 8, and the order was sent with 7" in told
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

        at.call("job-7")
        assert await look_up(at.context, at.now())
        assert (at.now().state, at.now().job_id) == (TakeState.SUBMITTED, "job-7")


async def test_a_persons_word_counts_against_a_seed_and_hears_of_it(tmp_path: Path) -> None:
    """No page says that a vendor tells the very seed that was sent, so nobody is locked out of a job that is paid."""
    async with one_take(tmp_path, Scripted()) as at:
        at.vendor.answer, at.seed = LOST, 7
        at.vendor.knows = {"job-8": Succeeded(clip_url="https://cdn.example/1.mp4", seed=8)}
        await at.outcome()
        await adopt_named(at.context, at.now(), "job-8")
        assert at.now().job_id == "job-8"
        assert "tells seed 8, and the order was sent with 7: look at its clip" in " ".join(at.notes.told)
