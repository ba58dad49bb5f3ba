"""What is due is sent, in order, once by one of however many senders; what fails is written down and waits."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import timedelta

import pytest

from render.ledger import Ledger, open_ledger, outgoing_queries, runs
from render.ledger.message_facts import RunEnd
from render.ledger.outgoing_queries import SendStanding
from render.outgoing.webhook_sender import SendSummary, WebhookSender
from render.outgoing.webhook_signature import read_secrets
from tests.render.ledger.stage import SERIES, Stage
from tests.render.ledger.test_outgoing_sends import wind_on
from tests.render.outgoing.receiver import SECRET, TAKEN, Receiver, receiver
from tests.render.providers.wire import answer, silence
from tests.thinning import exhaustive

pytestmark = pytest.mark.anyio

BUSY = answer("busy", 503)
SECRETS = read_secrets(SECRET)


@pytest.fixture
def ledger(sqlite_copy: str) -> Iterator[Ledger]:
    """A new ledger."""
    with open_ledger(sqlite_copy) as ledger:
        yield ledger


@asynccontextmanager
async def sending(ledger: Ledger, *to: Receiver, within_s: float = 5) -> AsyncIterator[WebhookSender]:
    """A sender for these receivers."""
    sender = WebhookSender(ledger, [each.endpoint for each in to], SECRETS, within_s=within_s)
    yield sender
    await sender.aclose()


def write(ledger: Ledger, count: int = 1) -> None:
    """So many messages, each of a run that failed."""
    for number in range(count):
        stage = Stage.begin(ledger)
        ledger.write(runs.end_run, stage.run, RunEnd(exit_code=1, words=f"number {number}"))


def standings(ledger: Ledger) -> list[SendStanding]:
    """Every send, in the order of time."""
    return list(ledger.read(outgoing_queries.sends, SERIES))


async def test_what_is_due_arrives_in_order_once_and_signed(ledger: Ledger) -> None:
    """At each endpoint; a second look sends nothing."""
    write(ledger, 3)
    async with receiver() as one, receiver() as two, sending(ledger, one, two) as sender:
        assert await sender.send_due() == SendSummary(delivered=6)
        assert await sender.send_due() == SendSummary()
        for each in (one, two):
            assert [f'"number {number}"' in heard.body.decode() for number, heard in enumerate(each.heard)] == [
                True
            ] * 3
            assert all(heard.is_signed_with(SECRET) for heard in each.heard)
            assert len({heard.id for heard in each.heard}) == 3


async def test_what_fails_is_put_off_and_comes_later(ledger: Ledger) -> None:
    """With the same id, at its time; the ledger says what was answered."""
    write(ledger)
    async with receiver(BUSY, TAKEN) as here, sending(ledger, here) as sender:
        assert await sender.send_due() == SendSummary(put_off=1)
        (waits,) = standings(ledger)
        assert (waits.state, waits.attempts, waits.told) == ("pending", 1, "503: busy")
        assert waits.next_at is not None
        assert timedelta(seconds=4) < waits.next_at - waits.at < timedelta(seconds=6)
        assert await sender.send_due() == SendSummary()
        wind_on(ledger, timedelta(seconds=6))
        assert await sender.send_due() == SendSummary(delivered=1)
        assert here.heard[0].id == here.heard[1].id


@exhaustive
async def test_one_message_that_is_never_taken_keeps_no_other(ledger: Ledger) -> None:
    """After two failures in a row an endpoint is left alone until the next look; then the next ones go."""
    write(ledger, 4)
    async with receiver(BUSY, BUSY, TAKEN) as here, sending(ledger, here) as sender:
        assert await sender.send_due() == SendSummary(put_off=2)
        assert await sender.send_due() == SendSummary(delivered=2)


@exhaustive
async def test_after_a_day_or_a_410_nothing_is_tried_any_more(ledger: Ledger) -> None:
    """Nine attempts; one where the endpoint says that it is gone."""
    write(ledger)
    async with receiver(BUSY) as busy, receiver(answer(status=410)) as gone, sending(ledger, busy, gone) as sender:
        found = SendSummary()
        for _ in range(10):
            found += await sender.send_due()
            wind_on(ledger, timedelta(days=1))
        assert found == SendSummary(put_off=8, dead=2)
        assert (len(busy.heard), len(gone.heard)) == (9, 1)
    assert {each.state for each in standings(ledger)} == {"dead"}


async def test_two_senders_race_and_each_message_arrives_once(ledger: Ledger) -> None:
    """Though both see all of it at once."""
    write(ledger, 5)
    async with receiver() as here, sending(ledger, here) as one, sending(ledger, here) as two:
        found = await asyncio.gather(one.send_due(), two.send_due())
        assert sum(each.delivered for each in found) == 5
        assert len({heard.id for heard in here.heard}) == len(here.heard) == 5


async def test_an_attempt_that_is_cut_off_is_made_again_once_its_lease_is_over(ledger: Ledger) -> None:
    """Its sender died while the endpoint hung; nobody else sends it meanwhile."""
    write(ledger)
    async with receiver(silence(30), TAKEN) as here:
        async with sending(ledger, here) as dying:
            under_way = asyncio.create_task(dying.send_due())
            while not here.heard:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            under_way.cancel()
            await asyncio.gather(under_way, return_exceptions=True)
        async with sending(ledger, here) as later:
            assert await later.send_due() == SendSummary()
            wind_on(ledger, timedelta(minutes=1))
            assert await later.send_due() == SendSummary(delivered=1)
        assert here.heard[0].id == here.heard[1].id


@exhaustive
async def test_who_hangs_keeps_nobody_else_waiting(ledger: Ledger) -> None:
    """Endpoints are asked side by side."""
    write(ledger, 2)
    async with (
        receiver(silence(30)) as hangs,
        receiver() as takes,
        sending(ledger, hangs, takes, within_s=0.2) as sender,
    ):
        assert await sender.send_due() == SendSummary(delivered=2, put_off=2)


async def test_it_keeps_sending_until_it_is_told_to_stop_and_then_once_more(ledger: Ledger) -> None:
    """What was written meanwhile is sent at the end."""
    stop = asyncio.Event()
    write(ledger)
    async with receiver() as here, sending(ledger, here) as sender:
        keeps = asyncio.create_task(sender.keep_sending(stop))
        while len(here.heard) < 1:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        write(ledger)
        stop.set()
        await keeps
        assert len(here.heard) == 2


async def test_a_ledger_that_fails_is_asked_again_later(ledger: Ledger, caplog: pytest.LogCaptureFixture) -> None:
    """Whoever sends in the background of a run ends nobody's run."""
    write(ledger)
    stop = asyncio.Event()
    stop.set()
    broken = Broken(ledger)
    async with receiver() as here, sending(broken, here) as sender:  # type: ignore[arg-type]
        await sender.keep_sending(stop)
        assert here.heard == []
    assert "could not be sent, and wait" in caplog.text


class Broken:
    """A ledger whose database is gone."""

    def __init__(self, real: Ledger) -> None:
        self.write = real.write

    def read(self, *_: object) -> None:
        from render.errors import LedgerUnavailable

        raise LedgerUnavailable("the ledger did not answer", "Look at it")
