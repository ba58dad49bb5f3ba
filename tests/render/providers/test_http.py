"""The one distinction that decides about money: what is known of an order when no clear answer came."""

from __future__ import annotations

import asyncio
import gzip
import logging
import traceback
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any

import pytest

from render.errors import NotSent, Refused, Scope, TakeError, Terminal, Transient, UnknownOutcome
from render.providers.endpoint import Endpoint
from render.providers.http import VendorHttp, quoted
from render.providers.vendor_errors import CONTENT
from tests.render.net.bombs import bomb
from tests.render.providers.wire import Say, Wire, answer, raw, silence, wire

pytestmark = pytest.mark.anyio

KEY = "sk-secret-0123456789"
PACKED = gzip.compress(b'{"id": "job-7"}', mtime=0)


def endpoint(url: str, **changes: Any) -> Endpoint:
    given: dict[str, Any] = {
        "provider": "acme",
        "base_url": url,
        "key": KEY,
        "key_variable": "ACME_API_KEY",
        "create_timeout": timedelta(seconds=6),
    }
    return Endpoint(**given | changes)


@asynccontextmanager
async def vendor(*answers: Say, keep: bool = False, **changes: Any) -> AsyncIterator[tuple[VendorHttp, Wire]]:
    async with wire(*answers, keep=keep) as server:
        http = VendorHttp(endpoint(server.url, **changes))
        try:
            yield http, server
        finally:
            await http.aclose()


async def order(http: VendorHttp) -> str:
    return await http.create("/jobs", {"prompt": "a lamp"}, read=lambda got: str(got["id"]), shot="e01/lamp/010")


async def ask(http: VendorHttp) -> str:
    return await http.ask("GET", "/jobs/7", read=lambda got: str(got["state"]), what="job 7")


async def test_an_order_gives_the_job_id_and_carries_the_key_once() -> None:
    """A clear answer is read; the key travels in its header and nowhere else."""
    async with vendor(answer('{"id": "job-7"}')) as (http, server):
        assert await order(http) == "job-7"
    assert server.heard[0].startswith(b"POST /jobs HTTP/1.1")
    assert server.heard[0].count(KEY.encode()) == 1
    assert b"Authorization: Bearer " + KEY.encode() in server.heard[0]
    assert b"User-Agent: Tailframe/" in server.heard[0]


@pytest.mark.parametrize(
    ("say", "why"),
    [
        pytest.param(answer('{"message": "oops"}', 500), "answered 500: oops", id="500"),
        pytest.param(answer("<html>bad gateway", 502, kind="text/html"), "answered 502", id="502 as a page"),
        pytest.param(answer("", 503, Retry_After="1"), "answered 503", id="503"),
        pytest.param(answer("", 408), "answered 408", id="408"),
        pytest.param(answer("", 303, Location="/jobs/7"), "answered 303", id="303 after a post"),
        pytest.param(raw(b""), "disconnected", id="closed without a word"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Le"), "disconnected", id="closed within the headers"),
        pytest.param(answer('{"id": "jo', length=500), "closed", id="closed within the body"),
        pytest.param(raw(b"220 mail.example.com ESMTP\r\n\r\n"), "illegal", id="not HTTP"),
        pytest.param(answer(""), "nothing", id="empty answer"),
        pytest.param(answer("<html>hello</html>", kind="text/html"), "web page", id="a web page"),
        pytest.param(answer('{"task": 1}'), "KeyError", id="another shape"),
        pytest.param(answer("[" * 100_000), "not JSON", id="too deep"),
        pytest.param(answer('{"id": "' + "x" * 1_100_000 + '"}'), "larger than", id="too large"),
        pytest.param(answer('{"id": 1e}'), "not JSON", id="no number"),
        pytest.param(answer(bomb(2), Content_Encoding="gzip, gzip"), "'gzip, gzip', which was not", id="packed twice"),
        pytest.param(answer(bomb(1), Content_Encoding="gzip"), "larger than", id="unpacks to a gigabyte"),
        pytest.param(answer("x", Content_Encoding="br"), "coding 'br'", id="packed as nobody reads it"),
        pytest.param(answer(PACKED[:-9], Content_Encoding="gzip"), "half-way", id="packed, and cut off"),
    ],
)
async def test_an_order_without_a_clear_answer_is_unknown(say: Say, why: str) -> None:
    """Whatever happens after the order left, it is neither failed nor sent again."""
    async with vendor(say) as (http, server):
        with pytest.raises(UnknownOutcome, match=why) as raised:
            await order(http)
        assert len(server.heard) == 1
    assert "e01/lamp/010" in str(raised.value)
    assert "reconcile" in str(raised.value)


@pytest.mark.parametrize(
    ("coding", "body"),
    [("gzip", PACKED), ("aws-chunked,gzip", PACKED), ("gzip", '{"id": "job-7"}'), ("aws-chunked", '{"id": "job-7"}')],
)
async def test_an_answer_is_read_in_whatever_coding_it_comes(coding: str, body: bytes | str) -> None:
    """None is asked for; one that comes is unpacked, and a header may lie: either way a job is known by its id."""
    async with vendor(answer(body, Content_Encoding=coding)) as (http, server):
        assert await order(http) == "job-7"
    assert b"Accept-Encoding: identity" in server.heard[0]


async def test_a_poll_that_unpacks_to_a_gigabyte_takes_no_memory() -> None:
    """A few thousand bytes cost a process a few megabytes at most, and the question may be asked again."""
    packed = bomb(2)
    async with vendor(answer(packed, Content_Encoding="gzip, gzip"), answer('{"state": "done"}')) as (http, server):
        tracemalloc.start()
        try:
            assert await ask(http) == "done"
            _, peak = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert len(packed) < 10_000
    assert peak < 5_000_000
    assert len(server.heard) == 2


async def test_an_order_that_is_never_answered_is_unknown_within_its_time() -> None:
    """A stalled vendor holds an order no longer than `create_timeout` says, its wait for a turn included."""
    async with vendor(silence(30), create_timeout=timedelta(seconds=1.5)) as (http, _):
        begun = asyncio.get_running_loop().time()
        with pytest.raises(UnknownOutcome):
            await order(http)
        assert asyncio.get_running_loop().time() - begun < 2


async def test_a_trickled_answer_is_cut_off_in_time() -> None:
    """A byte now and then does not keep an order open for ever."""
    trickle = raw(b"HTTP/1.1 200 OK\r\n", *[b"X-Drip: 1\r\n"] * 100, pause_s=0.1)
    async with vendor(trickle, create_timeout=timedelta(seconds=1.5)) as (http, _):
        with pytest.raises(UnknownOutcome):
            await order(http)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://no-such-name.invalid"])
async def test_an_order_that_never_left_is_not_sent(url: str) -> None:
    """A refused connection and an unknown name prove that nothing was ordered."""
    http = VendorHttp(endpoint(url))
    with pytest.raises(NotSent, match=r"did not reach acme") as raised:
        await order(http)
    assert raised.value.charged is False
    await http.aclose()


async def test_an_order_is_not_sent_where_tls_fails() -> None:
    """Without a handshake not one byte of the order leaves."""
    async with wire(raw(b"")) as server:
        http = VendorHttp(endpoint(server.url.replace("http:", "https:")))
        with pytest.raises(NotSent):
            await order(http)
        await http.aclose()
    assert server.heard == []


async def test_too_many_requests_is_not_sent_and_slows_every_shot() -> None:
    """A 429 proves that nothing was ordered, and its Retry-After holds for the whole vendor."""
    async with vendor(answer('{"message": "Concurrency limit"}', 429, Retry_After="40")) as (http, server):
        with pytest.raises(NotSent, match="Concurrency limit") as raised:
            await order(http)
        assert raised.value.retry_after_s == 40
        with pytest.raises(NotSent, match="slow down") as again:
            await order(http)
        assert again.value.retry_after_s == pytest.approx(40, abs=2)
        assert len(server.heard) == 1


async def test_retry_after_may_be_a_date() -> None:
    """The header's other spelling is understood."""
    at = format_datetime(datetime.now(UTC) + timedelta(seconds=100), usegmt=True)
    async with vendor(answer("", 429, Retry_After=at)) as (http, _):
        with pytest.raises(NotSent) as raised:
            await order(http)
    assert raised.value.retry_after_s == pytest.approx(100, abs=2)


@pytest.mark.parametrize(
    ("status", "body", "scope", "said"),
    [
        (400, '{"error": {"code": "invalid_request", "message": "bad ratio"}}', Scope.SHOT, "bad ratio"),
        (401, '{"message": "Invalid API Key"}', Scope.VENDOR, "ACME_API_KEY"),
        (402, '{"message": "Insufficient credits", "required": 200}', Scope.VENDOR, "Buy credits"),
        (403, "forbidden", Scope.VENDOR, "forbidden"),
        (404, "{}", Scope.VENDOR, "base URL"),
        (422, '{"detail": "too long"}', Scope.SHOT, "too long"),
        (418, "{}", Scope.ATTEMPT, "418"),
        (307, "", Scope.ATTEMPT, "307"),
    ],
)
async def test_a_clear_refusal_is_terminal_and_costs_nothing(status: int, body: str, scope: Scope, said: str) -> None:
    """Any other 4xx ends the order, says what it spoils, and what to do now."""
    async with vendor(answer(body, status, Location="/elsewhere")) as (http, server):
        with pytest.raises(Terminal, match=said) as raised:
            await order(http)
        assert len(server.heard) == 1
    assert raised.value.scope is scope
    assert raised.value.charged is False


async def test_a_refusal_counts_even_where_its_body_breaks_off() -> None:
    """The status alone proves that nothing was made."""
    async with vendor(answer('{"message": "no', 400, length=900)) as (http, _):
        with pytest.raises(Terminal):
            await order(http)


async def test_the_vendors_own_table_decides_first() -> None:
    """A vendor's code for refused content makes the refusal one of content."""
    body = '{"error": {"code": "2038", "message": "sensitive words", "param": "prompt"}}'
    async with vendor(answer(body, 400), error_codes={"2038": CONTENT}) as (http, _):
        with pytest.raises(Refused) as raised:
            await order(http)
    assert (raised.value.code, raised.value.input_name) == ("2038", "prompt")


async def test_orders_never_travel_on_a_used_connection() -> None:
    """A connection that the vendor may be closing could lose an order's answer; questions may use one."""
    async with vendor(answer('{"id": "7", "state": "on"}'), keep=True) as (http, server):
        for _ in range(3):
            await order(http)
        assert server.connections == 3
        for _ in range(3):
            await ask(http)
        assert server.connections == 4


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(answer("", 500), id="500"),
        pytest.param(raw(b""), id="closed"),
        pytest.param(answer("{}"), id="unreadable"),
        pytest.param(answer("", 429, Retry_After="0"), id="429"),
        pytest.param(answer('{"state": "o', length=99), id="cut off"),
    ],
)
async def test_a_question_is_asked_again(fault: Say) -> None:
    """What costs nothing is repeated within seconds."""
    async with vendor(fault, answer('{"state": "on"}')) as (http, server):
        assert await ask(http) == "on"
        assert len(server.heard) == 2


async def test_a_question_that_keeps_failing_is_transient() -> None:
    """After a few attempts whoever asked decides when to ask again."""
    async with vendor(answer('{"error": {"code": "upstream_error", "message": "later"}}', 503)) as (http, server):
        with pytest.raises(Transient, match="later") as raised:
            await ask(http)
        assert not isinstance(raised.value, NotSent)
        assert raised.value.code == "upstream_error"
        assert len(server.heard) == 3


async def test_a_refused_question_says_nothing_about_money() -> None:
    """A 404 for a job is clear, but not proof that the job was never charged."""
    async with vendor(answer('{"message": "Task not found"}', 404)) as (http, server):
        with pytest.raises(Terminal, match="Task not found") as raised:
            await ask(http)
        assert raised.value.charged is None
        assert len(server.heard) == 1


async def test_a_long_wait_is_handed_back() -> None:
    """A question does not sit out a wait of minutes; it says how long the vendor asked for."""
    async with vendor(answer("", 429, Retry_After="600")) as (http, server):
        with pytest.raises(Transient) as raised:
            await ask(http)
        assert raised.value.retry_after_s == 600
        assert len(server.heard) == 1


async def test_the_key_is_shown_nowhere(caplog: pytest.LogCaptureFixture) -> None:
    """A vendor that repeats the key in its words does not get it into errors, logs or tracebacks."""
    caplog.set_level(logging.DEBUG)
    async with vendor(answer(f'{{"message": "Invalid key {KEY} in Bearer {KEY}"}}', 401)) as (http, _):
        with pytest.raises(Terminal) as raised:
            await order(http)
        shown = [repr(http), repr(http.endpoint), raised.value.words, *traceback.format_exception(raised.value)]
    assert "[key]" in str(raised.value)
    assert KEY not in "".join(shown) + caplog.text


async def test_signed_links_stay_out_of_words_and_logs(caplog: pytest.LogCaptureFixture) -> None:
    """A signature in a link opens the file to whoever reads the log."""
    caplog.set_level(logging.DEBUG, logger="httpx")
    said = "cannot read https://files.example.com/a.png?X-Signature=abcdef\\u001b[31m"
    async with vendor(answer(f'{{"message": "{said}"}}', 400)) as (http, _):
        with pytest.raises(Terminal) as raised:
            await order(http)
    assert raised.value.words == "cannot read https://files.example.com/a.png?[…]"
    assert "abcdef" not in caplog.text


async def test_proxies_of_the_environment_are_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy resolves names itself, past every check of addresses; and none sees a sandbox's requests."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:1")
    async with vendor(answer('{"id": "7"}')) as (http, _):
        assert await order(http) == "7"


async def test_sockets_are_bounded() -> None:
    """No more requests are open at once than the vendor is given sockets."""
    busiest, now = 0, 0

    async def slowly(writer: asyncio.StreamWriter) -> None:
        nonlocal busiest, now
        now += 1
        busiest = max(busiest, now)
        await asyncio.sleep(0.05)
        now -= 1
        await answer('{"state": "on"}')(writer)

    async with vendor(slowly, sockets=2) as (http, _):
        await asyncio.gather(*(ask(http) for _ in range(8)))
    assert busiest == 2


async def test_an_order_whose_turn_does_not_come_is_not_sent() -> None:
    """Where every socket stays busy, an order is given back unsent while its lease still holds."""
    async with vendor(silence(30), sockets=1) as (http, server):
        http.rate_limit.back_off(11)
        with pytest.raises(NotSent, match="slow down"):
            await order(http)
    assert server.heard == []


async def test_the_key_goes_to_the_vendors_base_url_only() -> None:
    """A whole link is no path: whatever a vendor answers cannot send the key elsewhere."""
    async with vendor(answer("{}")) as (http, _):
        with pytest.raises(ValueError, match="not a path"):
            await http.ask("GET", "https://elsewhere.example.com/x", read=str, what="x")


async def test_a_job_id_cannot_leave_its_place_in_a_path() -> None:
    """An id with slashes or a query stays one part of the path."""
    async with vendor(answer('{"state": "on"}')) as (http, server):
        await http.ask("GET", f"/jobs/{quoted('../7?x=1')}", read=str, what="job")
    assert server.heard[0].startswith(b"GET /jobs/..%2F7%3Fx%3D1 HTTP")


async def test_an_upload_is_repeated_whole(tmp_path: Path) -> None:
    """A file whose upload broke is read again from its beginning."""
    file = tmp_path / "a.png"
    file.write_bytes(b"picture" * 1000)
    async with vendor(answer("", 500), answer('{"url": "https://files.example.com/a"}')) as (http, server):
        url = await http.upload("/files", file, read=lambda got: str(got["url"]), content_type="image/png")
    assert url == "https://files.example.com/a"
    assert all(file.read_bytes() in heard and b"image/png" in heard for heard in server.heard)


async def test_a_put_carries_the_file_and_not_the_key(tmp_path: Path) -> None:
    """An upload link is somebody else's host: the key does not go there."""
    file = tmp_path / "a.png"
    file.write_bytes(b"picture" * 100_000)
    async with vendor(answer("", 500), answer("", 200)) as (http, server):
        await http.put(f"{server.url}/up?sig=1", file, content_type="image/png")
    assert server.heard[1].startswith(b"PUT /up?sig=1")
    assert server.heard[1].endswith(file.read_bytes())
    assert KEY.encode() not in b"".join(server.heard)


async def test_a_vendor_out_in_the_world_may_not_lead_into_a_private_network() -> None:
    """A base URL whose name resolves to this machine spoils the vendor, and nothing is sent."""

    async def rebound(host: str, port: int) -> list[str]:
        return ["127.0.0.1"]

    http = VendorHttp(endpoint("https://api.example.com"), resolver=rebound)
    for sending in (order(http), ask(http)):
        with pytest.raises(TakeError, match="not a public address") as raised:
            await sending
        assert isinstance(raised.value, Terminal)
        assert raised.value.scope is Scope.VENDOR
    await http.aclose()


async def test_an_upload_goes_where_a_browser_would_send_it(tmp_path: Path) -> None:
    """A link for it with letters that belong percent-encoded is spelled right, and then checked."""
    file = tmp_path / "mara.png"
    file.write_bytes(b"x")
    async with vendor(answer("")) as (http, server):
        await http.put(f" {server.url}/Fähre [1].png?sig=a+b%2Fc\n", file, content_type="image/png")
    assert server.heard[0].startswith(b"PUT /F%C3%A4hre%20[1].png?sig=a+b%2Fc HTTP/1.1")
