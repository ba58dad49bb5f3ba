"""One attempt: what arrives, and what becomes of it whatever the endpoint does."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest

from render.ledger.outgoing_sends import Send
from render.outgoing.post_message import Answer, client_for, post_message
from render.outgoing.webhook_endpoint import read_endpoints
from render.outgoing.webhook_signature import read_secrets
from tests.render.outgoing.receiver import PATH, SECRET, Receiver, receiver
from tests.render.providers.wire import Say, answer, raw, silence
from tests.thinning import exhaustive

pytestmark = pytest.mark.anyio

CONTENT = json.dumps({"type": "episode.done", "data": {}})
SECRETS = read_secrets(SECRET)


def send() -> Send:
    """What is to be sent now."""
    now = datetime.now(UTC)
    return Send(message="msg_0123", endpoint="here", attempt=1, content=CONTENT, is_test=False, at=now)


async def attempt(at: Receiver, **bounds: float) -> Answer:
    """One attempt at this receiver."""
    async with client_for(at.endpoint) as client:
        return await post_message(client, at.endpoint, send(), SECRETS, **bounds)


async def test_what_arrives_is_signed_and_the_very_text_that_was_kept() -> None:
    """By a POST with the headers of Standard Webhooks, at the address with its query."""
    before = int(time.time())
    async with receiver() as here:
        assert await attempt(here) == Answer(204, "204")
        (heard,) = here.heard
    assert heard.line == f"POST {PATH}?token=s3cr3t-t0ken HTTP/1.1"
    assert (heard.id, heard.body.decode()) == ("msg_0123", CONTENT)
    assert heard.headers["content-type"] == "application/json"
    assert before <= int(heard.headers["webhook-timestamp"]) <= time.time()
    assert heard.is_signed_with(SECRET)


@pytest.mark.parametrize(
    ("says", "expected"),
    [
        (answer("no such hook", 404), Answer(404, "404: no such hook")),
        (answer(status=410), Answer(410, "410")),
        (answer("later", 429, Retry_After="90"), Answer(429, "429: later", 90.0)),
        (answer(status=302, Location="http://127.0.0.1:9/elsewhere"), Answer(302, "302")),
        (answer(f"you sent {PATH}?token=s3cr3t-t0ken\x1b[1m", 500), Answer(500, "500: you sent /[key]?[key]\ufffd[1m")),
        (answer(b"\x1f\x8b" + bytes(50), 500, Content_Encoding="gzip"), Answer(500, "500")),
    ],
    ids=["not there", "gone", "too many", "redirect", "echo", "packed"],
)
async def test_what_is_not_taken_is_told_without_secrets(says: Say, expected: Answer) -> None:
    """No redirect is followed, nothing is unpacked, and nothing of the address is repeated."""
    async with receiver(says) as here:
        assert await attempt(here) == expected
        assert len(here.heard) == 1
    assert expected.taken is False


async def test_a_huge_answer_is_left_after_its_first_kilobyte() -> None:
    """Though it never ended."""
    endless = b"HTTP/1.1 500 Oh\r\nTransfer-Encoding: chunked\r\n\r\n" + b"2000\r\n" + b"a" * 8192 + b"\r\n"
    async with receiver(raw(*[endless, *[b"2000\r\n" + b"a" * 8192 + b"\r\n"] * 1000])) as here:
        answered = await attempt(here)
    assert (answered.status, len(answered.told)) == (500, 200 + len("500: "))


@exhaustive
async def test_who_hangs_or_is_slow_is_not_waited_for() -> None:
    """At most so long as one attempt may take, from the first byte to the last."""
    drip: list[Any] = [b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n", *[b"a"] * 100]
    for says in (silence(5), raw(*drip, pause_s=0.05)):
        async with receiver(says) as here:
            began = time.monotonic()
            assert await attempt(here, within_s=0.2) == Answer(None, "no answer within 0.2 s")
            assert time.monotonic() - began < 3


async def test_who_is_not_there_breaks_off_or_speaks_otherwise_raises_nothing() -> None:
    """Each is an attempt that was not taken."""
    async with receiver(raw(b"")) as here:
        assert (await attempt(here)).status is None
    assert (await attempt(here)).told, "nobody listens there any more"
    async with receiver(raw(b"SSH-2.0-OpenSSH_9.6\r\n")) as here:
        assert (await attempt(here)).status is None


async def test_no_name_leads_into_this_machine_or_network() -> None:
    """Whatever it resolves to: only an address that is this machine's by its own name may be here."""

    async def resolver(host: str, port: int) -> tuple[str, ...]:
        return ("127.0.0.1",)

    (endpoint,) = read_endpoints("https://hooks.example.com/in")
    async with client_for(endpoint, resolver=resolver) as client:
        answered = await post_message(client, endpoint, send(), SECRETS)
    assert (answered.status, "not a public address" in answered.told) == (None, True)
