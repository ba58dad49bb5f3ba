"""The way out through a proxy that the operator names: checked addresses, proven names, and no secret in any text."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path

import pytest

from render.errors import BadSetting, NotSent, Terminal
from render.net.proxy import operators_proxy, read_proxy
from render.net.transport import ssl_context
from render.providers.http import Endpoint, VendorHttp
from tests.render.net.certificates import certificate, proving
from tests.render.net.proxies import StandIn, proxy
from tests.render.providers.wire import Wire, answer, wire

pytestmark = pytest.mark.anyio

PASSWORD = "pw-Zr6Yh3Ue9"
PUBLIC = ("2606:4700:4700::1111", "8.8.8.8")


@pytest.fixture(autouse=True)
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A certificate for vendor and proxy, which this process believes in."""
    monkeypatch.delenv("TAILFRAME_PROXY", raising=False)
    made = tmp_path / "believed.pem"
    made.write_bytes(
        certificate("api.acme.test", tmp_path).read_bytes() + certificate("localhost", tmp_path).read_bytes()
    )
    monkeypatch.setenv("SSL_CERT_FILE", str(made))
    ssl_context.cache_clear()
    yield tmp_path
    ssl_context.cache_clear()


@asynccontextmanager
async def vendor_behind(
    folder: Path, *, scheme: str = "http", user: str = "", refuses: frozenset[str] = frozenset()
) -> AsyncIterator[tuple[Wire, StandIn]]:
    """A vendor that only a proxy leads to, and that proxy."""
    heard = Wire([answer('{"id": "job-7"}')])
    server = await asyncio.start_server(heard.meet, "127.0.0.1", 0, ssl=proving(folder / "api.acme.test.pem"))
    stand_in = StandIn(server.sockets[0].getsockname()[1], user, PASSWORD if user else "", refuses)
    tls = proving(folder / "localhost.pem") if scheme == "https" else None
    async with AsyncExitStack() as stack:
        stack.callback(server.close)
        yield heard, await stack.enter_async_context(proxy(stand_in, socks=scheme == "socks5", tls=tls))


async def order(*, base_url: str = "https://api.acme.test", leads_to: tuple[str, ...] = PUBLIC) -> str:
    """Order one job of a vendor whose name is resolved so."""

    async def resolver(host: str, port: int) -> tuple[str, ...]:
        return leads_to

    endpoint = Endpoint(
        provider="acme",
        base_url=base_url,
        key="sk-secret-0123456789",
        key_variable="ACME_API_KEY",
        create_timeout=timedelta(seconds=6),
    )
    http = VendorHttp(endpoint, resolver=resolver)
    try:
        return await http.create("/jobs", {}, read=lambda got: str(got["id"]), shot="e01/lamp/010")
    finally:
        await http.aclose()


@pytest.mark.parametrize("scheme", ["http", "https", "socks5"])
@pytest.mark.parametrize("user", ["", "ada"])
async def test_an_order_leaves_by_the_proxy_for_an_address_that_was_checked(
    scheme: str, user: str, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The proxy is asked for the address, never for the name; the vendor's certificate still has to prove the name."""
    async with vendor_behind(trusted, scheme=scheme, user=user) as (heard, stand_in):
        named = f"{user}:{PASSWORD}@" if user else ""
        monkeypatch.setenv("TAILFRAME_PROXY", f"{scheme}://{named}localhost:{stand_in.port}")
        assert await order() == "job-7"
    assert stand_in.asked == ["[2606:4700:4700::1111]:443"]
    assert b"Host: api.acme.test\r\n" in heard.heard[0]


async def test_the_next_address_is_tried_where_the_proxy_has_no_way_to_one(
    trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A proxy without IPv6 is no proxy that fails."""
    async with vendor_behind(trusted, scheme="socks5", refuses=frozenset([PUBLIC[0]])) as (_, stand_in):
        monkeypatch.setenv("TAILFRAME_PROXY", f"socks5://localhost:{stand_in.port}")
        assert await order() == "job-7"
    assert stand_in.asked[1] == "8.8.8.8:443"


async def test_no_proxy_is_asked_for_what_no_link_may_lead_to(trusted: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A private address behind a vendor's name is refused before the proxy hears of it."""
    async with vendor_behind(trusted) as (_, stand_in):
        monkeypatch.setenv("TAILFRAME_PROXY", f"http://localhost:{stand_in.port}")
        with pytest.raises(Terminal, match="not a public address"):
            await order(leads_to=("10.0.0.8",))
    assert stand_in.asked == []


async def test_what_is_on_this_machine_is_reached_directly(monkeypatch: pytest.MonkeyPatch) -> None:
    """A stand-in here is asked without the proxy, which nobody could even reach."""
    monkeypatch.setenv("TAILFRAME_PROXY", "http://localhost:9")
    async with wire(answer('{"id": "job-8"}')) as server:
        assert await order(base_url=server.url, leads_to=("127.0.0.1",)) == "job-8"


@pytest.mark.parametrize("name", ["HTTPS_PROXY", "ALL_PROXY", "https_proxy"])
async def test_a_proxy_for_every_program_is_not_obeyed(
    name: str, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the environment says to all is no operator's decision: the vendor is asked directly."""
    async with vendor_behind(trusted) as (_, stand_in):
        monkeypatch.setenv(name, f"http://localhost:{stand_in.port}")
        with pytest.raises(NotSent):
            await order()
    assert stand_in.asked == []


@pytest.mark.parametrize(
    ("scheme", "user", "words"),
    [
        ("http", "eve", "does not take its user and password (407): check TAILFRAME_PROXY"),
        ("socks5", "eve", "does not take its user and password: check TAILFRAME_PROXY"),
        ("socks5", "", "wants to know who asks: name USER:PASSWORD@ in TAILFRAME_PROXY"),
    ],
)
async def test_a_proxy_that_lets_nobody_in_says_so_without_a_secret(
    scheme: str, user: str, words: str, trusted: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing was ordered, and the text names the variable and the proxy alone."""
    async with vendor_behind(trusted, scheme=scheme, user="ada") as (heard, stand_in):
        named = f"{user}:{PASSWORD}x@" if user else ""
        monkeypatch.setenv("TAILFRAME_PROXY", f"{scheme}://{named}localhost:{stand_in.port}")
        with pytest.raises(NotSent) as raised:
            await order()
    assert words in str(raised.value)
    assert PASSWORD not in str(raised.value)
    assert heard.heard == []


@pytest.mark.parametrize("scheme", ["http", "socks5"])
@pytest.mark.parametrize("said", [b"", b"\x15\x03\x01\x00\x02", b"HTTP/1.1 200 OK\r\n\r\n<html>", b"x" * 20_000])
async def test_what_is_no_proxy_is_told(scheme: str, said: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """Something else that listens there, a web server among them: nothing was ordered."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(said)
        writer.close()

    async with await asyncio.start_server(meet, "127.0.0.1", 0) as listening:
        monkeypatch.setenv("TAILFRAME_PROXY", f"{scheme}://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        with pytest.raises(NotSent, match=r"does not answer as such a proxy does: check TAILFRAME_PROXY|broke off"):
            await order()


async def test_a_proxy_that_says_nothing_is_not_waited_for_longer_than_a_connection(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The time for a connection covers the way through the proxy: the claim's lease runs meanwhile."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    async with await asyncio.start_server(meet, "127.0.0.1", 0) as listening:
        monkeypatch.setenv("TAILFRAME_PROXY", f"http://127.0.0.1:{listening.sockets[0].getsockname()[1]}")
        with pytest.raises(NotSent, match="within 1 s"):
            await order()


def test_addresses_of_proxies_are_read_as_they_are_written() -> None:
    """Ports that everybody expects, percent-codes undone, IPv6, and no password in any text."""
    plain = read_proxy("http://proxy.example")
    assert (plain.host, plain.port, plain.user) == ("proxy.example", 80, "")
    whole = read_proxy(" socks5://ad%40a:p%3Aw%2F@[::1]:9050/ ")
    assert (whole.scheme, whole.host, whole.port, whole.user, whole.password) == ("socks5", "::1", 9050, "ad@a", "p:w/")
    assert str(whole) == "socks5://[::1]:9050"
    assert "p:w/" not in repr(whole)
    assert operators_proxy({"TAILFRAME_PROXY": "  "}) is None


@pytest.mark.parametrize(
    "address",
    [
        "proxy.example:3128",
        "ftp://proxy.example",
        "socks5h://proxy.example",
        "http://",
        "http://:secretly@",
        "http://proxy.example:99999",
        "http://proxy.example:0",
        "http://[::1",
        "http://proxy.example/secretly",
        "http://proxy.example?secretly",
        f"http://{'x' * 256}@proxy.example",
        "http://secretly%0a@proxy.example",
    ],
)
def test_what_is_no_address_of_a_proxy_is_told_by_its_variable_alone(address: str) -> None:
    """Never with a word of it: a password travels there."""
    with pytest.raises(BadSetting, match="TAILFRAME_PROXY ") as raised:
        operators_proxy({"TAILFRAME_PROXY": address})
    assert "secretly" not in str(raised.value)
