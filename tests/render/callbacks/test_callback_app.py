"""What callers are answered: one answer for a callback link, one for everything else, and nothing is believed."""

from __future__ import annotations

import gzip
import json
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace

import httpx
import pytest
from hypothesis import given
from sqlalchemy import text

from render.callbacks.callback_app import MOST_BODY_BYTES, application, named_job
from render.ledger import Ledger, Take, callback_tokens, claims, open_ledger, queries, settlement
from tests.render.ledger.stage import SERIES, Stage, want
from tests.render.providers.hosted import ANY_JSON

pytestmark = pytest.mark.anyio

KINOVI = {"code": 200, "message": "success", "data": {"taskId": "task_7", "status": "success"}}
EVOLINK = {"id": "task-unified-7", "status": "completed"}


@dataclass(frozen=True)
class LostOrder:
    """A ledger with one lost order in it, and the token of that order's callback link."""

    ledger: Ledger
    take: Take
    token: str

    def told(self) -> str | None:
        return self.ledger.read(queries.told_job, self.take.id)

    def was_called(self) -> bool:
        return self.take.id in self.ledger.read(queries.callbacks_received, SERIES)


Build = Callable[[str], LostOrder]


@pytest.fixture(scope="module")
def stage(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stage]:
    """One ledger for all; each test has a take of its own."""
    with open_ledger(f"sqlite:///{tmp_path_factory.mktemp('callbacks') / 'l.sqlite'}") as ledger:
        yield Stage.begin(ledger)


@pytest.fixture
def build(stage: Stage) -> Build:
    """A lost order that went to this vendor."""

    def built(provider: str) -> LostOrder:
        ledger, number = stage.ledger, len(stage.ledger.read(queries.takes, SERIES))
        (take,) = stage.open(replace(want(f"e01/lamp/{number}"), provider=provider))
        stage.claim(take)
        token = ledger.write(callback_tokens.open_callback_link, take.id, "ann")
        assert token is not None
        ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")
        return LostOrder(ledger, stage.now(take), token)

    return built


@pytest.fixture
def lost(build: Build) -> LostOrder:
    """The lost order was Kinovi's."""
    return build("kinovi")


@pytest.fixture(autouse=True)
def _callers_keep_no_log() -> None:
    """The caller here is httpx, which logs what it asks."""
    logging.getLogger("httpx").setLevel(logging.WARNING)


def rename(ledger: Ledger, old: str, new: str) -> None:
    ledger.write(lambda tx: tx.conn.execute(text(f"ALTER TABLE {old} RENAME TO {new}")))


@asynccontextmanager
async def caller(lost: LostOrder, below: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """Whoever calls."""
    app = application(lost.ledger, {}, nonce="n0nce", below=below)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://here") as client:
        yield client


async def called(lost: LostOrder, content: bytes, path: str | None = None) -> httpx.Response:
    async with caller(lost) as client:
        return await client.post(path or f"/t/{lost.token}", content=content)


async def test_a_callback_is_recorded_and_moves_no_take(lost: LostOrder) -> None:
    """The vendor is thanked, whoever waits is woken, and the take stands where it stood."""
    events = lost.ledger.read(queries.events, lost.take.id)
    answer = await called(lost, b"")
    assert (answer.status_code, answer.json()) == (200, {})
    assert lost.was_called()
    assert lost.told() is None
    assert lost.ledger.read(queries.take, lost.take.id) == lost.take
    assert lost.ledger.read(queries.events, lost.take.id) == events


@pytest.mark.parametrize(
    ("provider", "body", "job"),
    [
        ("kinovi", KINOVI, "task_7"),
        ("evolink", EVOLINK, "task-unified-7"),
        ("kinovi", EVOLINK, None),
        ("evolink", KINOVI, None),
        ("aihubmax", EVOLINK, None),
        ("a vendor that is gone", EVOLINK, None),
    ],
)
async def test_a_job_is_named_where_its_own_vendor_names_it(
    build: Build, provider: str, body: object, job: str | None
) -> None:
    """In the documented place of the vendor that the order went to, and nowhere else; the call counts in any case."""
    lost = build(provider)
    assert (await called(lost, json.dumps(body).encode())).status_code == 200
    assert (lost.told(), lost.was_called()) == (job, True)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html>",
        b"{",
        b"[" * 60_000,
        b'{"data": ' * 7_000,
        b"1" * 60_000,
        b"null",
        b'{"data": null}',
        b'{"data": {"taskId": null}}',
        b'{"data": {"taskId": true}}',
        b'{"data": {"taskId": ""}}',
        b'{"data": {"taskId": "a b"}}',
        b'{"data": {"taskId": "a\\u0000b"}}',
        b'{"data": {"taskId": "\\ud800"}}',
        b'{"data": {"taskId": ".."}}',
        b'{"data": {"taskId": ["task_7"]}}',
        json.dumps({"data": {"taskId": "x" * 201}}).encode(),
        b"x" * MOST_BODY_BYTES,
        gzip.compress(json.dumps(KINOVI).encode(), mtime=0),  # nothing is unpacked for a stranger
    ],
    ids=range(20),
)
async def test_a_body_that_cannot_be_read_is_a_callback_all_the_same(lost: LostOrder, body: bytes) -> None:
    """The path is the secret; the body only ever was a hint."""
    assert (await called(lost, body)).status_code == 200
    assert (lost.told(), lost.was_called()) == (None, True)


@given(body=ANY_JSON)
def test_any_json_names_a_job_that_can_be_kept_or_none(body: object) -> None:
    """Nothing that a stranger writes breaks the reading of it."""
    for wrapped in (body, {"data": body}, {"data": {"taskId": body}}):
        job = named_job(json.dumps(wrapped).encode(), "kinovi", {})
        assert job is None or (0 < len(job) <= 200 and job.isprintable())


async def test_a_body_that_is_too_large_is_not_read_to_its_end(lost: LostOrder) -> None:
    """413, also where its length was not told; the callback is recorded."""
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 50 * MOST_BODY_BYTES:
            sent += 4096
            yield b"x" * 4096

    async with caller(lost) as client:
        answer = await client.post(f"/t/{lost.token}", content=endless())
    assert (answer.status_code, answer.json(), answer.headers["connection"]) == (413, {}, "close")
    assert (lost.told(), lost.was_called()) == (None, True)


async def test_everything_else_has_one_answer(lost: LostOrder) -> None:
    """A forged token, another method, another path: the same words, and nothing is learnt or changed."""
    token = lost.token
    asked = [
        ("POST", f"/t/{'A' * 43}"),
        ("POST", f"/t/{token[:-1]}"),
        ("POST", f"/t/{token}A"),
        ("POST", f"/t/{token}/"),
        ("POST", f"/t/{token}/more"),
        ("POST", f"/t/%00{token[3:]}"),
        ("POST", f"/t/é{token[1:]}"),
        ("POST", "/t/"),
        ("POST", "/"),
        ("POST", "/ping/n0nce"),
        ("GET", f"/t/{token}"),
        ("PUT", f"/t/{token}"),
        ("DELETE", f"/t/{token}"),
        ("GET", "/"),
        ("GET", "/ping/other"),
    ]
    async with caller(lost) as client:
        answers = [await client.request(method, path, content=b"{}") for method, path in asked]
    assert {(answer.status_code, answer.text) for answer in answers} == {(404, "{}")}
    assert len({str(sorted(answer.headers.items())) for answer in answers}) == 1
    assert not lost.was_called()


async def test_a_link_whose_order_is_over_is_unknown(lost: LostOrder) -> None:
    """A take that has ended cannot be asked after any more."""
    lost.ledger.write(settlement.settle_unknown, lost.take.id, "never arrived", charged=False)
    answer = await called(lost, json.dumps(KINOVI).encode())
    assert (answer.status_code, answer.text) == (404, "{}")


async def test_a_ledger_that_stumbles_asks_for_another_call(lost: LostOrder, caplog: pytest.LogCaptureFixture) -> None:
    """503: a vendor that repeats its calls does so, and the reason is logged without the token."""
    rename(lost.ledger, "doors", "walls")
    with caplog.at_level(logging.DEBUG):
        assert (await called(lost, b"{}")).status_code == 503
    rename(lost.ledger, "walls", "doors")
    assert "could not be written down" in caplog.text
    assert lost.token not in caplog.text


async def test_nothing_of_a_call_is_logged(lost: LostOrder, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever is logged at whatever level, no token and no body is in it."""
    with caplog.at_level(logging.DEBUG):
        await called(lost, json.dumps(KINOVI).encode())
        await called(lost, b"{}", f"/t/{'A' * 43}")
    assert lost.token not in caplog.text
    assert "task_7" not in caplog.text
    assert "AAAA" not in caplog.text


async def test_the_nonce_shows_that_an_address_leads_here(lost: LostOrder) -> None:
    """Also below a path that a proxy leaves in front; then callback links are there too."""
    async with caller(lost, below="/tailframe/") as client:
        for base in ("", "/tailframe"):
            answer = await client.get(f"{base}/ping/n0nce")
            assert (answer.status_code, answer.text) == (200, "n0nce")
        assert (await client.post(f"/tailframe/t/{lost.token}")).status_code == 200
    assert lost.was_called()
