"""Fetches a file by a link that somebody else gave: bounded in size and time, checked at every redirect, resumed.

A provider downloads clips with it, and references that a producer names by URL come the same way.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import stamina

from render.errors import LinkGone, RenderError, StoreError, StoreUnavailable, Terminal, Transient
from render.net.addresses import Resolver, checked_url, resolve
from render.net.content_codings import BrokenCoding, UnknownCoding, Unpacker, unpacker
from render.net.rate_limit import retry_after_s
from render.net.responses import words
from render.net.transport import CheckedTransport

MAX_REDIRECTS = 5
BLOCK_BYTES = 1024 * 1024
ATTEMPTS = 5
LONGEST_WAIT_S = 30.0
"""A longer wait that a server asks for is left to the caller, as Transient."""

LINK_GONE = frozenset({401, 403, 404, 410, 451})
"""HTTP statuses of a link that has expired; storage services answer 403 for a signature that is too old."""

TIMEOUT = httpx.Timeout(connect=10, read=30, write=30, pool=10)


def fetch_client(*, allow_loopback: bool, user_agent: str, resolver: Resolver = resolve) -> httpx.AsyncClient:
    """A client for links alone: it holds no key and no cookies that another host could be shown."""
    limits = httpx.Limits(max_connections=16, max_keepalive_connections=4)
    transport = CheckedTransport(allow_loopback=allow_loopback, limits=limits, resolver=resolver)
    headers = {"User-Agent": user_agent, "Accept-Encoding": "identity"}
    return httpx.AsyncClient(transport=transport, timeout=TIMEOUT, headers=headers, trust_env=False)


async def fetch_url(
    client: httpx.AsyncClient,
    url: str,
    target: Path,
    *,
    what: str,
    limit_bytes: int,
    deadline: timedelta,
    allow_loopback: bool,
    progress: Callable[[float], None] = lambda _: None,
) -> int:
    """Fetch `url` to `target`, whole or not at all; returns its bytes. `what` names it in errors.

    Raises Transient (cut off, slow, 5xx), LinkGone (expired), Terminal (too large, a forbidden address), StoreError
    (no room). `client` is one of `fetch_client`'s: it is what checks where the link leads.
    """
    fetch = _Fetch(client, url, target, what, limit_bytes, allow_loopback, progress)
    with _whole_or_nothing(target, what):
        try:
            async with asyncio.timeout(deadline.total_seconds()):
                async for attempt in stamina.retry_context(_again, attempts=ATTEMPTS, timeout=None, wait_max=10):
                    with attempt:
                        await fetch.go_on()
        except TimeoutError:
            raise Transient(f"{what} did not arrive within {deadline}", "Try again", code="slow") from None
    return fetch.arrived


def _again(error: Exception) -> bool | float:
    """Whether to go on within seconds, and after how many where the server says; a longer wait is the caller's."""
    if not isinstance(error, Transient) or (error.retry_after_s or 0) > LONGEST_WAIT_S:
        return False
    return error.retry_after_s or True


@contextmanager
def _whole_or_nothing(target: Path, what: str) -> Iterator[None]:
    try:
        target.write_bytes(b"")
    except OSError as error:
        raise _cannot_write(what, error) from None
    try:
        yield
    except BaseException:
        target.unlink(missing_ok=True)
        raise


def _cannot_write(what: str, error: OSError) -> StoreError:
    return StoreUnavailable(f"{what} cannot be written: {error}", "Make room, then run again")


@dataclass(slots=True)
class _Fetch:
    """One file on its way: what has arrived, and by which mark the rest can be asked for."""

    client: httpx.AsyncClient
    url: str
    target: Path
    what: str
    limit_bytes: int
    allow_loopback: bool
    progress: Callable[[float], None]
    arrived: int = 0
    mark: str = ""  # a strong ETag; empty: the rest cannot be asked for

    async def go_on(self) -> None:
        """One connection's worth: all of the file, or what is missing of it."""
        try:
            response = await self._open()
            try:
                self._refuse(response)
                unpack = self._unpacker(response)
                self._place(response)
                await self._receive(response, unpack, self._total_bytes(response, unpack))
            finally:
                await response.aclose()
        except RenderError:
            raise
        except httpx.InvalidURL as error:
            raise Terminal(f"{self.what} has a link that cannot be read: {_cause(error)}", code="bad_link") from None
        except (httpx.HTTPError, OSError) as error:
            raise Transient(f"{self.what} was cut off: {_cause(error)}", "Try again", code="cut_off") from None

    async def _open(self) -> httpx.Response:
        """Follow redirects by hand, each under the same rules as the first link."""
        url = checked_url(self.url, allow_loopback=self.allow_loopback)
        for _ in range(MAX_REDIRECTS + 1):
            request = self.client.build_request("GET", url, headers=self._wanted())
            response = await self.client.send(request, stream=True)
            if not response.has_redirect_location:
                return response
            await response.aclose()
            url = checked_url(response.headers["location"], allow_loopback=self.allow_loopback, base=url)
        raise Terminal(f"{self.what} is behind more than {MAX_REDIRECTS} redirects", code="redirects")

    def _refuse(self, response: httpx.Response) -> None:
        if response.status_code == 416:
            self.mark = ""
        _refuse_status(response, self.what)

    def _wanted(self) -> dict[str, str]:
        """Headers that ask for the rest, where it can be asked for."""
        if not (self.arrived and self.mark):
            return {}
        return {"Range": f"bytes={self.arrived}-", "If-Range": self.mark}

    def _unpacker(self, response: httpx.Response) -> Unpacker:
        """What takes the body in. No part of a packed file can be asked for: its mark is of the packed bytes."""
        try:
            return unpacker(response.headers.get("content-encoding", ""))
        except UnknownCoding as error:
            raise Terminal(
                f"{self.what} comes in the content coding {words(str(error))!r}, which nobody asked for and Tailframe "
                "does not unpack",
                "Nothing is lost: ask whoever serves it to send it as it is, then run again",
                code="coding",
            ) from None

    def _total_bytes(self, response: httpx.Response, unpack: Unpacker) -> int | None:
        """The whole file's size, where it is told and says something of what will be written."""
        if unpack.packed:
            self.mark = ""
            return None
        declared = response.headers.get("content-length", "")
        if not (declared.isascii() and declared.isdigit()):
            return None
        if self.arrived + int(declared) > self.limit_bytes:
            raise self._too_large()
        return self.arrived + int(declared)

    def _place(self, response: httpx.Response) -> None:
        """Decide where what comes belongs: behind what has arrived, or at the start."""
        if response.status_code == 200:
            etag = response.headers.get("etag", "")
            self.arrived, self.mark = 0, etag if etag.startswith('"') else ""
        elif _resumes_at(response) != self.arrived or not self.arrived:
            self.mark = ""  # this server's ranges are not what they seem: next time from the start
            raise Transient(f"{self.what} was resumed at the wrong place", "Try again", code="cut_off")

    async def _receive(self, response: httpx.Response, unpack: Unpacker, total: int | None) -> None:
        """Write what comes, in blocks and off the event loop; what came before a cut-off is kept for the resume."""
        block = bytearray()
        try:
            async for piece in response.aiter_raw():
                for part in unpack.feed(piece):
                    block += part
                    if self.arrived + len(block) > self.limit_bytes:
                        raise self._too_large()
                    if len(block) >= BLOCK_BYTES:
                        await self._write(block)
                        self.progress(self.arrived / total if total else 0.0)
            block += unpack.finish()
        except BrokenCoding as error:
            raise Transient(f"{self.what} came packed and damaged: {error}", "Try again", code="cut_off") from None
        finally:
            await self._write(block)
        if not self.arrived or (total is not None and self.arrived != total):
            raise Transient(f"{self.what} came short: {self.arrived} bytes", "Try again", code="cut_off")
        self.progress(1.0)

    async def _write(self, block: bytearray) -> None:
        try:
            await asyncio.to_thread(_write_at, self.target, self.arrived, bytes(block))
        except OSError as error:
            raise _cannot_write(self.what, error) from None
        self.arrived += len(block)
        block.clear()

    def _too_large(self) -> Terminal:
        return Terminal(f"{self.what} is larger than the {self.limit_bytes} bytes allowed", code="too_large")


def _write_at(target: Path, at: int, block: bytes) -> None:
    with target.open("r+b") as file:
        file.truncate(at)
        file.seek(at)
        file.write(block)


def _refuse_status(response: httpx.Response, what: str) -> None:
    status = response.status_code
    if status in (200, 206):
        return
    if status in LINK_GONE:
        raise LinkGone(f"the link to {what} is gone or has expired ({status})", status=status)
    if status >= 500 or status in (408, 416, 425, 429):
        wait_s = retry_after_s(response.headers.get("retry-after"), datetime.now(UTC))
        raise Transient(
            f"{what} cannot be had now ({status})", "Try again", code=f"http_{status}", retry_after_s=wait_s
        )
    raise Terminal(f"{what} cannot be had: its link answers {status}", code=f"http_{status}")


def _resumes_at(response: httpx.Response) -> int | None:
    found = re.match(r"bytes (\d{1,18})-", response.headers.get("content-range", ""))
    return int(found[1]) if found else None


def _cause(error: Exception) -> str:
    return words(str(error)).rstrip(".") or type(error).__name__
