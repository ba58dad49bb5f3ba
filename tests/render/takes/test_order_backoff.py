"""Many takes want to order at once: they leave in order, and only those at the front ask the ledger for a place."""

from __future__ import annotations

import asyncio
import hashlib
import os
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from render.callbacks.listener import CallbackListener
from render.claim_errors import AccountFull
from render.concurrency.backoff import ORDERS_AT_ONCE
from render.concurrency.blocking import BlockingCalls
from render.concurrency.process_lock import Owner
from render.context import PATIENCE, RunContext
from render.errors import PutOff
from render.ledger import Ledger, Order, Take, Want, claims, jobs, open_ledger, runs, take_slots
from render.providers.registry import ProviderContext, open_provider
from render.store import open_store
from render.takes.life import make_take
from render.watcher import Unwatched
from storyboard.request import Request
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.acme.orders import order
from tests.thinning import exhaustive

TAKES = ORDERS_AT_ONCE + 4


class Watched(Unwatched):
    """Who waits for what, and in which order orders leave."""

    def __init__(self) -> None:
        self.sent: list[str] = []
        self.at_the_front: set[str] = set()
        self.most_at_the_front = 0
        self.behind: set[str] = set()

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        if state == "waiting" and detail == "for its turn":
            self.behind.add(key)
        elif state == "waiting":
            self.at_the_front.add(key)
            self.most_at_the_front = max(self.most_at_the_front, len(self.at_the_front))
        elif state == "submitting":
            self.at_the_front.discard(key)
            self.sent.append(key)


def orders(account: str) -> dict[str, Request]:
    shots = [f"e01/lamp/{number:03}" for number in range(TAKES)]
    wishes = {shot: hashlib.sha256(shot.encode()).hexdigest() for shot in shots}
    return {shot: order(shot=shot, account=account, prompt=f"wave {shot}", wish=wishes[shot]) for shot in shots}


def want(request: Request) -> Want:
    return Want(
        shot=request.shot,
        ordinal=0,
        wish=request.wish,
        variation=0,
        provider="acme",
        account=request.account,
        model=request.model,
    )


def fill(ledger: Ledger, account: str) -> None:
    """Another series has a job there that nobody carries on."""
    run = ledger.write(runs.begin_run, "elsewhere", "e01", "0" * 64, caps=None)
    asked = order(series="elsewhere", account=account)
    (take,) = ledger.write(take_slots.open_takes, run, [want(asked)])
    ledger.write(
        claims.claim,
        take.id,
        Order(
            run=run,
            owner="ann",
            request_json="{}",
            fingerprint="elsewhere",
            continuity=None,
            reserve_usd=None,
            lease=timedelta(minutes=1),
            account_bound=None,
        ),
    )
    jobs.record_job(ledger, take.id, "job-elsewhere")


async def made(folder: Path, environment: dict[str, str], watcher: Watched) -> list[Take]:
    ended = await ends(folder, environment, watcher)
    return [each for each in ended if isinstance(each, Take)]


async def ends(
    folder: Path,
    environment: dict[str, str],
    watcher: Watched,
    *,
    full: bool = False,
    patience: timedelta = PATIENCE,
) -> list[Take | BaseException]:
    store, ledger = open_store(folder / "blobs", cache=folder / "cache"), open_ledger(f"sqlite:///{folder}/ledger")
    context = ProviderContext(scratch=folder, blob_path=store.local_path, environment=environment)
    provider = open_provider("acme", context)
    asked = orders(provider.capabilities.account)
    run = ledger.write(runs.begin_run, "lighthouse", "e01", "0" * 64, caps=None)
    owner = Owner.acquire(folder / "owners")
    calls = BlockingCalls()
    context = RunContext(
        series="lighthouse",
        run=run,
        ledger=ledger.during(run),
        store=store,
        providers={"acme": provider},
        scratch=folder,
        owner=owner,
        watcher=watcher,
        patience=patience,
        callback_listener=CallbackListener.of(ledger, "lighthouse", calls.in_thread),
        calls=calls,
    )
    if full:
        fill(ledger, provider.capabilities.account)
    opened = ledger.write(take_slots.open_takes, run, [want(each) for each in asked.values()])
    try:
        made = (make_take(context, take.id, lambda each: asked[each.shot]) for take in opened)
        return await asyncio.gather(*made, return_exceptions=True)
    finally:
        await context.aclose()
        owner.release()
        ledger.close()


@exhaustive
def test_those_behind_wait_without_asking_for_a_place(acme: Acme, tmp_path: Path) -> None:
    """An account with room for one: eight takes ask for it, the others for nothing; each is ordered once and made."""
    acme.restart(job_seconds=0)
    watched = Watched()
    environment = {**os.environ, **acme.environment, "ACME_CONCURRENT_JOBS": "1", "TAILFRAME_POLL_INTERVAL": "0.02"}
    takes = asyncio.run(made(tmp_path, environment, watched))
    assert {take.state for take in takes} == {TakeState.DONE}
    assert 1 <= watched.most_at_the_front <= ORDERS_AT_ONCE
    assert len(watched.behind) == TAKES - ORDERS_AT_ONCE
    assert len(watched.sent) == len(set(watched.sent)) == TAKES


@exhaustive
def test_a_clip_is_fetched_by_the_link_that_came_with_its_end(acme: Acme, tmp_path: Path) -> None:
    """A job that is over when it is first asked for is asked for once: one order, one question, one clip."""
    acme.restart(job_seconds=0)
    environment = {**os.environ, **acme.environment, "ACME_CONCURRENT_JOBS": str(TAKES)}
    asyncio.run(made(tmp_path, environment, Watched()))
    assert [len(acme.heard(kind)) for kind in ("create", "poll", "download")] == [TAKES] * 3


def test_a_vendor_that_takes_no_order_is_waited_for_once(acme: Acme, tmp_path: Path) -> None:
    """Not once by each that comes to its turn: forty shots would wait for a day. Nothing is sent."""
    watched, patience = Watched(), timedelta(seconds=2)
    environment = {**os.environ, **acme.environment, "ACME_CONCURRENT_JOBS": "1", "TAILFRAME_POLL_INTERVAL": "0.02"}
    ended = asyncio.run(ends(tmp_path, environment, watched, full=True, patience=patience))
    assert {type(each) for each in ended} == {AccountFull}
    assert len(watched.at_the_front) == ORDERS_AT_ONCE
    assert acme.heard("create") == []


def test_a_vendor_that_asks_for_a_day_is_not_waited_for(acme: Acme, tmp_path: Path) -> None:
    """Longer than the run is patient: the run says so at once, in place of sleeping through a night."""
    acme.script(on="create", do="answer", status=429, headers={"Retry-After": "86400"}, times=None)
    environment = {**os.environ, **acme.environment, "ACME_CONCURRENT_JOBS": str(TAKES)}
    ended = asyncio.run(asyncio.wait_for(ends(tmp_path, environment, Watched()), 20))
    assert {type(each) for each in ended} == {PutOff}
    assert acme.jobs() == []
