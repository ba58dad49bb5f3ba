"""Where links may lead."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from ipaddress import ip_address

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import ForbiddenAddress
from render.net.addresses import check_addresses, check_url, is_loopback_url, is_private_host, is_public
from render.net.transport import CheckedBackend
from tests.render.providers.wire import answer, wire

NOT_PUBLIC = (
    "127.0.0.1",
    "127.255.255.254",
    "0.0.0.0",
    "10.1.2.3",
    "172.16.0.1",
    "192.168.1.1",
    "169.254.169.254",  # clouds' metadata
    "100.100.100.200",  # carrier-grade NAT, and a cloud's metadata
    "168.63.129.16",  # a cloud's wire server
    "192.0.0.192",
    "224.0.0.1",
    "240.0.0.1",
    "255.255.255.255",
    "192.0.2.1",
    "::",
    "::1",
    "fe80::1",
    "fe80::1%eth0",
    "fec0::1",
    "fd00:ec2::254",
    "ff02::1",
    "2001:db8::1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "2002:7f00:1::",  # 6to4 of 127.0.0.1
    "64:ff9b::a9fe:a9fe",  # NAT64 of 169.254.169.254
    "64:ff9b:1::1",
    "2001::1",  # Teredo
)


@pytest.mark.parametrize("address", NOT_PUBLIC)
def test_addresses_that_are_not_public_are_known(address: str) -> None:
    """Neither this machine, nor a private network, nor a cloud's metadata service passes, however it is wrapped."""
    assert not is_public(ip_address(address))


@pytest.mark.parametrize(
    ("host", "private"), [("10.1.2.3", True), ("8.8.8.8", False), ("nas.local", False), ("", False)]
)
def test_a_host_is_private_by_its_address_alone(host: str, private: bool) -> None:
    """Where a name leads is seen when it is connected to."""
    assert is_private_host(host) is private


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    """What is out on the internet can be reached, by IPv4, IPv6 and NAT64."""
    assert is_public(ip_address(address))


@pytest.mark.parametrize(
    "url",
    [
        "http://cdn.example.com/a.mp4",
        "http://127.0.0.1/a.mp4",
        "ftp://cdn.example.com/a.mp4",
        "file:///etc/passwd",
        "data:video/mp4;base64,AAAA",
        "//cdn.example.com/a.mp4",
        "https:///a.mp4",
        "https://user:word@cdn.example.com/a.mp4",
        "https://good.example.com\\@127.0.0.1/",
        "https://cdn.example.com:99999/",
        "https://cdn.example.com/a\nb",
        "https://cdn.example.com/a b",
        "https://[::1/",
        "https://cdn.example.com/" + "a" * 9000,
        "",
    ],
)
def test_links_are_refused_by_how_they_are_written(url: str) -> None:
    """Only https to a named host, without user names and without letters that two parsers read differently."""
    with pytest.raises(ForbiddenAddress):
        check_url(url, allow_loopback=False)


def test_this_machine_is_allowed_where_the_vendor_is_here() -> None:
    """A sandbox's links are plain http and lead to this machine; even then plain http goes nowhere else."""
    for url in ("http://127.0.0.1:9/a", "http://localhost:9/a", "http://[::1]:9/a", "https://cdn.example.com/a"):
        check_url(url, allow_loopback=True)
    with pytest.raises(ForbiddenAddress):
        check_url("http://cdn.example.com/a", allow_loopback=True)
    assert not is_loopback_url("http://localhost.example.com/")


def test_one_bad_address_spoils_a_host() -> None:
    """A name that leads to a public and a private address is refused as a whole."""
    with pytest.raises(ForbiddenAddress, match=r"10\.0\.0\.1"):
        check_addresses("cdn.example.com", ["8.8.8.8", "10.0.0.1"], allow_loopback=False)
    with pytest.raises(ForbiddenAddress):
        check_addresses("cdn.example.com", ["127.0.0.1", "10.0.0.1"], allow_loopback=True)


@given(st.text())
def test_no_text_breaks_the_check(url: str) -> None:
    """Any text is either allowed or refused, never a traceback."""
    with suppress(ForbiddenAddress):
        check_url(url, allow_loopback=True)


class Answers:
    """A resolver that gives one answer after the other, as a rebinding name server does."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def __call__(self, host: str, port: int) -> Sequence[str]:
        self.asked += 1
        return self._answers.pop(0)


@pytest.mark.anyio
async def test_a_name_is_resolved_once_and_that_address_is_connected_to() -> None:
    """Whatever the name server says a moment later, the checked address is the one that is used."""
    async with wire(answer("{}")) as server:
        rebinding = Answers(["127.0.0.1"], ["10.0.0.1"])
        backend = CheckedBackend(allow_loopback=True, resolver=rebinding)
        stream = await backend.connect_tcp("cdn.example.com", server.port, timeout=1)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()
    assert rebinding.asked == 1


@pytest.mark.anyio
async def test_a_name_that_leads_home_is_not_connected_to() -> None:
    """A public name that resolves to this machine reaches nothing."""
    async with wire(answer("{}")) as server:
        backend = CheckedBackend(allow_loopback=False, resolver=Answers(["127.0.0.1"]))
        with pytest.raises(ForbiddenAddress):
            await backend.connect_tcp("cdn.example.com", server.port, timeout=1)
        assert server.connections == 0


@pytest.mark.anyio
@pytest.mark.parametrize("written", ["127.0.0.1", "0x7f000001", "2130706433", "127.1", "localhost"])
async def test_no_way_of_writing_this_machine_gets_past(written: str) -> None:
    """The system's resolver decides what a host means, and its answer is what is checked."""
    backend = CheckedBackend(allow_loopback=False)
    with pytest.raises((ForbiddenAddress, httpcore.ConnectError)):
        await backend.connect_tcp(written, 9, timeout=1)


@pytest.mark.anyio
async def test_the_next_address_is_tried_where_one_refuses() -> None:
    """A host with several addresses is reached by the one that answers."""
    async with wire(answer("{}")) as server:
        backend = CheckedBackend(allow_loopback=True, resolver=Answers(["127.0.0.9", "127.0.0.1"]))
        stream = await backend.connect_tcp("cdn.example.com", server.port, timeout=1)
        assert stream.get_extra_info("server_addr")[0] == "127.0.0.1"
        await stream.aclose()
