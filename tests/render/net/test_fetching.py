"""Fetching a file by a link that nobody trusts."""

from __future__ import annotations

import asyncio
import gzip
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from render.errors import ForbiddenAddress, LinkGone, StoreError, TakeError, Terminal, Transient
from render.net.fetching import fetch_client, fetch_url
from tests.render.net.bombs import bomb
from tests.render.providers.wire import Say, answer, raw, silence, wire

pytestmark = pytest.mark.anyio

BODY = bytes(range(256)) * 4000  # about a megabyte, no two places alike for long


async def fetch(
    url: str,
    target: Path,
    *,
    limit_bytes: int = 10_000_000,
    deadline_s: float = 10,
    allow_loopback: bool = True,
    progress: Callable[[float], None] = lambda _: None,
) -> int:
    async with fetch_client(allow_loopback=allow_loopback, user_agent="test") as client:
        return await fetch_url(
            client,
            url,
            target,
            what="the clip",
            limit_bytes=limit_bytes,
            deadline=timedelta(seconds=deadline_s),
            allow_loopback=allow_loopback,
            progress=progress,
        )


def left_in(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


async def test_a_file_arrives_whole(tmp_path: Path) -> None:
    """The bytes are those that were served, and progress ends at one."""
    seen: list[float] = []
    async with wire(answer(BODY)) as server:
        assert await fetch(server.url, tmp_path / "clip", progress=seen.append) == len(BODY)
    assert (tmp_path / "clip").read_bytes() == BODY
    assert seen[-1] == 1.0
    assert b"authorization" not in server.heard[0].lower()


async def test_a_broken_transfer_is_resumed_where_it_broke(tmp_path: Path) -> None:
    """With a strong mark of the file's version only what is missing is asked for."""
    half = len(BODY) // 2
    first = answer(BODY[:half], length=len(BODY), ETag='"v1"')
    rest = answer(BODY[half:], 206, ETag='"v1"', Content_Range=f"bytes {half}-{len(BODY) - 1}/{len(BODY)}")
    async with wire(first, rest) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY
    assert f"range: bytes={half}-".encode() in server.heard[1].lower()
    assert b'if-range: "v1"' in server.heard[1].lower()


@pytest.mark.parametrize("etag", [None, 'W/"weak"'])
async def test_without_a_strong_mark_it_starts_over(tmp_path: Path, etag: str | None) -> None:
    """Two halves of two versions would make one file that nobody served."""
    marks = {"ETag": etag} if etag else {}
    async with wire(answer(BODY[:500], length=len(BODY), **marks), answer(BODY)) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY
    assert b"range" not in server.heard[1].lower()


async def test_a_file_that_changed_meanwhile_starts_over(tmp_path: Path) -> None:
    """A server that answers a resume with the whole file has another one: it is taken from the start."""
    first = answer(b"old" * 100, length=len(BODY), ETag='"v1"')
    async with wire(first, answer(BODY, ETag='"v2"')) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY


async def test_a_resume_at_the_wrong_place_is_not_believed(tmp_path: Path) -> None:
    """A range that does not begin where the file ends is thrown away."""
    first = answer(BODY[:500], length=len(BODY), ETag='"v1"')
    wrong = answer(BODY[700:], 206, ETag='"v1"', Content_Range=f"bytes 700-{len(BODY) - 1}/{len(BODY)}")
    async with wire(first, wrong, answer(BODY)) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY


@pytest.mark.parametrize(
    "fault",
    [
        pytest.param(answer("", 500), id="500"),
        pytest.param(answer("", 429, Retry_After="0"), id="429"),
        pytest.param(answer("", 416), id="416"),
        pytest.param(raw(b""), id="closed"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"), id="closed within the headers"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhal"), id="closed within a chunk"),
        pytest.param(answer(b""), id="empty"),
        pytest.param(answer(gzip.compress(BODY)[:900], Content_Encoding="gzip"), id="packed, and cut off"),
        pytest.param(answer(b"\x1f\x8b" + BODY[:900], Content_Encoding="gzip"), id="packed, and damaged"),
    ],
)
async def test_what_may_pass_is_tried_again(tmp_path: Path, fault: Say) -> None:
    """A stumbling server is asked again, and what it said first is forgotten."""
    async with wire(fault, answer(BODY)) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        pytest.param(answer(BODY[:10], length=20), Transient, id="always cut off"),
        pytest.param(answer("", 503), Transient, id="always unavailable"),
        pytest.param(answer("", 410), LinkGone, id="gone"),
        pytest.param(answer("<Error>Request has expired", 403), LinkGone, id="expired"),
        pytest.param(answer("", 400), Terminal, id="refused"),
        pytest.param(answer(b"x" * 5000), Terminal, id="larger than allowed"),
        pytest.param(raw(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 5000), Terminal, id="larger, without saying so"),
        pytest.param(answer("", 302, Location="/again"), Terminal, id="redirects without end"),
        pytest.param(answer("", 302, Location="http://[bad"), Terminal, id="redirect to nonsense"),
        pytest.param(answer("", 302, Location="http://10.0.0.1/x"), ForbiddenAddress, id="redirect inwards"),
        pytest.param(answer("", 302, Location="https://10.0.0.1/x"), ForbiddenAddress, id="redirect inwards by https"),
        pytest.param(answer("", 302, Location="file:///etc/passwd"), ForbiddenAddress, id="redirect to a file"),
    ],
)
async def test_what_cannot_be_had_leaves_nothing(tmp_path: Path, fault: Say, kind: type[TakeError]) -> None:
    """The error says whether to try again, and no half file stays behind."""
    async with wire(fault) as server:
        with pytest.raises(kind, match=r"clip|link|address"):
            await fetch(server.url, tmp_path / "clip", limit_bytes=1000)
    assert left_in(tmp_path) == []


async def test_a_redirect_is_followed(tmp_path: Path) -> None:
    """Links that lead on to a storage host are ordinary."""
    async with wire(answer("", 302, Location="/elsewhere?sig=1"), answer(BODY)) as server:
        await fetch(server.url, tmp_path / "clip")
    assert server.heard[1].startswith(b"GET /elsewhere?sig=1")


@pytest.mark.parametrize(
    ("header", "sent"),
    [
        pytest.param("aws-chunked", BODY, id="changes nothing"),
        pytest.param("aws-chunked, identity", BODY, id="a list that changes nothing"),
        pytest.param("gzip", gzip.compress(BODY), id="packed"),
        pytest.param("aws-chunked,x-gzip", gzip.compress(BODY), id="packed, in a list"),
        pytest.param("deflate", zlib.compress(BODY), id="deflated"),
        pytest.param("gzip", BODY, id="a header that lies"),
    ],
)
async def test_a_file_arrives_in_whatever_coding_it_comes(tmp_path: Path, header: str, sent: bytes) -> None:
    """None is asked for; what comes packed is unpacked, and what only says so is taken as it is."""
    async with wire(answer(sent, Content_Encoding=header)) as server:
        assert await fetch(server.url, tmp_path / "clip") == len(BODY)
    assert (tmp_path / "clip").read_bytes() == BODY
    assert b"Accept-Encoding: identity" in server.heard[0]


async def test_a_packed_file_that_broke_off_is_never_resumed(tmp_path: Path) -> None:
    """Its mark is of the packed bytes: what is missing cannot be asked for by what has arrived."""
    packed = gzip.compress(BODY, compresslevel=0)
    first = answer(packed[:600_000], length=len(packed), ETag='"v1"', Content_Encoding="gzip")
    async with wire(first, answer(packed, ETag='"v1"', Content_Encoding="gzip")) as server:
        await fetch(server.url, tmp_path / "clip")
    assert (tmp_path / "clip").read_bytes() == BODY
    assert b"range" not in server.heard[1].lower()


async def test_a_file_that_unpacks_without_end_is_too_large(tmp_path: Path) -> None:
    """The limit holds for what is written, not for what was sent."""
    async with wire(answer(bomb(1), Content_Encoding="gzip")) as server:
        with pytest.raises(Terminal, match="larger than the 10000000 bytes"):
            await fetch(server.url, tmp_path / "clip")
        assert len(server.heard) == 1
    assert left_in(tmp_path) == []


@pytest.mark.parametrize("coding", ["br", "gzip, gzip", "zstd"])
async def test_a_coding_that_nobody_unpacks_is_named_at_once(tmp_path: Path, coding: str) -> None:
    """It is not fetched over and over, and whoever reads the error can tell whom to ask for what."""
    async with wire(answer(BODY, Content_Encoding=coding)) as server:
        with pytest.raises(Terminal, match=f"content coding '{coding}'") as refused:
            await fetch(server.url, tmp_path / "clip")
        assert len(server.heard) == 1
    assert refused.value.code == "coding"
    assert left_in(tmp_path) == []


@pytest.mark.parametrize(
    ("written", "asked"),
    [
        ("/Nächtliche Fähre [take 1].mp4", "/N%C3%A4chtliche%20F%C3%A4hre%20[take%201].mp4"),
        ("/a.mp4?sig=x%2Fy+z%3D&name=夜 船", "/a.mp4?sig=x%2Fy+z%3D&name=%E5%A4%9C%20%E8%88%B9"),
        ("\\clips\\a.mp4#t=3", "/clips/a.mp4"),
    ],
)
async def test_a_link_is_asked_for_as_browsers_do(tmp_path: Path, written: str, asked: str) -> None:
    """From the vendor as from a redirect; what is percent-encoded already stays as it was signed."""
    async with wire(answer("", 302, Location=written), answer(BODY)) as server:
        await fetch(server.url, tmp_path / "clip")
    assert server.heard[1].startswith(f"GET {asked} HTTP/1.1".encode())
    async with wire(answer(BODY)) as server:
        await fetch(f" {server.url}{written}", tmp_path / "clip")
    assert server.heard[0].startswith(f"GET {asked} HTTP/1.1".encode())


async def test_a_link_home_is_refused_where_the_vendor_is_out_in_the_world(tmp_path: Path) -> None:
    """Only a vendor on this machine may send links to this machine."""
    async with wire(answer(BODY)) as server:
        for url in (server.url, server.url.replace("http:", "https:")):
            with pytest.raises(ForbiddenAddress):
                await fetch(url, tmp_path / "clip", allow_loopback=False)
        assert server.connections == 0


@pytest.mark.parametrize("slow", [silence(30), raw(b"HTTP/1.1 200 OK\r\n\r\n", *[b"x"] * 500, pause_s=0.05)])
async def test_a_slow_server_is_given_up_in_time(tmp_path: Path, slow: Say) -> None:
    """Neither silence nor a trickle holds a transfer beyond its deadline."""
    async with wire(slow) as server:
        with pytest.raises(Transient, match="did not arrive within"):
            await fetch(server.url, tmp_path / "clip", deadline_s=0.5)
    assert left_in(tmp_path) == []


async def test_a_cancelled_fetch_leaves_nothing(tmp_path: Path) -> None:
    """Whoever interrupts a run finds no half files."""
    async with wire(raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9000000\r\n\r\n" + b"x" * 5_000_000, pause_s=5)) as server:
        begun = asyncio.Event()
        fetching = asyncio.create_task(fetch(server.url, tmp_path / "clip", progress=lambda _: begun.set()))
        await begun.wait()
        fetching.cancel()
        with pytest.raises(asyncio.CancelledError):
            await fetching
    assert left_in(tmp_path) == []


async def test_a_full_disk_is_not_the_vendors_fault(tmp_path: Path) -> None:
    """Where nothing can be written the error is the store's, and nothing is fetched again."""
    async with wire(answer(BODY)) as server:
        with pytest.raises(StoreError, match="Make room"):
            await fetch(server.url, tmp_path / "no such folder" / "clip")
    assert len(server.heard) <= 1
