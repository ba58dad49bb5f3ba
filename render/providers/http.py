"""What every vendor with an HTTP API shares: an order that is sent once, questions that may be repeated, files.

The difference decides about money. `create` sends an order at most once and says precisely what is known of it:

    NotSent          no byte of it had left: an unknown name, a refused connection, TLS that failed, a lease that was
                     over (Withheld); PutOff: the vendor said 429
    Terminal         any other 4xx: a clear refusal, read by the vendor's table of error codes
    UnknownOutcome   anything else after the order may have left: 5xx, a broken connection, a time-out, an answer that
                     cannot be read

`ask` is for what costs nothing and may be repeated: it is tried again over seconds, then is `Transient`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Generator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import TypeVar
from urllib.parse import quote

import httpx
import stamina

from render.concurrency.lease import Lease
from render.errors import ForbiddenAddress, NotSent, PutOff, Scope, Terminal, Transient, Withheld
from render.net.addresses import Resolver, checked_url, is_loopback_url, resolve
from render.net.fetching import fetch_client, fetch_url
from render.net.rate_limit import RateLimit
from render.net.responses import Json, Unreadable, read_body
from render.net.send_guard import send_guard
from render.net.transport import CheckedTransport
from render.providers.endpoint import Endpoint
from render.providers.http_outcomes import (
    Answer,
    Read,
    cause,
    order_outcome,
    question_outcome,
    transfer_outcome,
    unknown,
)
from render.redaction import in_bytes, key_redactor

__all__ = ["Endpoint", "RateLimit", "VendorHttp", "quoted"]

T = TypeVar("T")

ADMISSION_S = 10.0
"""Seconds that an order waits for a socket and the rate limit. Then it is given back unsent: its lease runs."""

ASK_S = 60.0
"""Seconds that a question may wait until it is sent, and as long again for its answer."""

ONCE_S = 20.0
"""Seconds for a request of `VendorHttp.request_once`, in all."""

TRANSFER_S = 900.0
"""Seconds for the upload of one file."""

MAX_CLIP_BYTES = 2 * 1024**3
CLIP_DEADLINE = timedelta(minutes=30)
"""For one download of a clip."""


class VendorHttp:
    """One vendor's API over one event loop. Safe to share between all tasks of that loop."""

    def __init__(self, endpoint: Endpoint, *, resolver: Resolver = resolve) -> None:
        _keep_links_out_of_logs()
        self.endpoint = endpoint
        self._without_key = key_redactor(endpoint.key)
        self.rate_limit = RateLimit()
        self.allow_loopback = is_loopback_url(endpoint.base_url)
        self._sockets = asyncio.Semaphore(endpoint.sockets)
        self._transfers = asyncio.Semaphore(endpoint.transfers)
        self._questions = self._client(resolver, keep_alive=endpoint.sockets)
        # An order never travels on a used connection: the vendor may be closing it, and then nobody can tell whether
        # the order was taken. A handshake more costs less than one such take.
        self._orders = self._client(resolver, keep_alive=0)
        self._files = fetch_client(
            allow_loopback=self.allow_loopback, user_agent=endpoint.user_agent, resolver=resolver
        )

    def _client(self, resolver: Resolver, *, keep_alive: int) -> httpx.AsyncClient:
        sockets = self.endpoint.sockets
        limits = httpx.Limits(max_connections=sockets, max_keepalive_connections=keep_alive, keepalive_expiry=20)
        return httpx.AsyncClient(
            base_url=self.endpoint.base_url,
            transport=CheckedTransport(allow_loopback=self.allow_loopback, limits=limits, resolver=resolver),
            headers={
                "User-Agent": self.endpoint.user_agent,
                "Accept": "application/json",
                "Accept-Encoding": "identity",
            },
            timeout=httpx.Timeout(connect=self._connect_s, read=60, write=60, pool=10),
            auth=_Bearer(self.endpoint.key),
            follow_redirects=False,
            trust_env=False,
        )

    @property
    def _send_s(self) -> float:
        """How long an order may take once it has a socket and the rate limit lets it pass."""
        return self.endpoint.create_timeout.total_seconds() - self._admission_s

    @property
    def _admission_s(self) -> float:
        return min(ADMISSION_S, self.endpoint.create_timeout.total_seconds() / 3)

    @property
    def _connect_s(self) -> float:
        """Short of the whole, so that a connection which never came is told from an order that may have left."""
        return min(10.0, self._send_s / 4)

    def __repr__(self) -> str:
        return f"<VendorHttp {self.endpoint.provider} at {self.endpoint.base_url}>"

    async def create(
        self,
        path: str,
        body: Json,
        *,
        read: Read[T],
        shot: str,
        headers: Mapping[str, str] | None = None,
        lease: Lease | None = None,
    ) -> T:
        """Send one order, once. Raises NotSent, Terminal or UnknownOutcome, and is over within `create_timeout`.

        It takes no longer than its lease has left, which is looked at right before the first byte. If it is cancelled
        while it runs, nothing is known of the order either: treat it as an unknown outcome.
        """
        what = f"the order for {shot}"
        request = self._orders.build_request("POST", _path(path), json=body, headers=dict(headers or {}))
        async with self._admitted(PutOff, what, within_s=self._admission_s):
            answer = await self._send_order(request, what, lease)
        return order_outcome(self.endpoint, answer, read, what, self._slowed_s(answer))

    async def _send_order(self, request: httpx.Request, what: str, lease: Lease | None) -> Answer:
        order = send_guard(request, lease)
        try:
            async with asyncio.timeout(self._send_s if lease is None else min(self._send_s, lease.left_s)):
                return await self._send(self._orders, request)
        except Withheld:
            raise
        except ForbiddenAddress as error:
            raise Terminal(error.message, error.remedy, code=error.code, scope=Scope.VENDOR, charged=False) from None
        except Exception as error:
            if order.begun:  # whatever it is: the order may have been taken
                raise unknown(self.endpoint, what, self._cause(error)) from None
            if lease is not None:
                lease.check()  # what ran out of time may have slept
            raise NotSent(
                f"{what} did not reach {self.endpoint.provider}: {self._cause(error)}",
                "Try again",
                code="unreachable",
                charged=False,
            ) from None

    async def ask(
        self,
        method: str,
        path: str,
        *,
        read: Read[T],
        what: str,
        params: Mapping[str, str | int] | None = None,
        body: Json = None,
    ) -> T:
        """Ask what costs nothing and may be repeated. Raises Transient, or Terminal for a clear refusal."""
        async for attempt in stamina.retry_context(_soon, attempts=4, timeout=30, wait_initial=0.5):
            with attempt:
                request = self._questions.build_request(method, _path(path), params=params, json=body)
                return await self._answered(request, read, what, within_s=ASK_S)
        raise AssertionError("stamina ends a retry by raising")

    async def request_once(
        self, method: str, path: str, *, params: Mapping[str, str] | None = None, body: Json = None
    ) -> Answer:
        """Ask once and return whatever is answered, a refusal too; for health checks, never for an order.

        Raises what httpx raises, TimeoutError, Unreadable or ForbiddenAddress. Nothing is repeated, and no rate
        limit is kept or learned.
        """
        request = self._questions.build_request(method, _path(path), params=params, json=body)
        async with asyncio.timeout(ONCE_S):
            return await self._send(self._questions, request)

    async def upload(
        self,
        path: str,
        file: Path,
        *,
        read: Read[T],
        content_type: str,
        what: str = "",
        field_name: str = "file",
        fields: Mapping[str, str] | None = None,
    ) -> T:
        """Send a file as a form to the vendor's own API; returns what `read` finds in the answer. May be repeated.

        Raises Transient, or Terminal for a clear refusal.
        """
        what = what or f"the upload of {file.name}"
        async for attempt in stamina.retry_context(_soon, attempts=3, timeout=None, wait_initial=0.5):
            with attempt, file.open("rb") as opened:
                form = {field_name: (file.name, opened, content_type)}
                request = self._questions.build_request("POST", _path(path), data=dict(fields or {}), files=form)
                async with self._transfers:
                    return await self._answered(request, read, what, within_s=TRANSFER_S)
        raise AssertionError("stamina ends a retry by raising")

    async def put(self, url: str, file: Path, *, content_type: str, what: str = "") -> None:
        """Send a file to a link that the vendor gave for it, without the key. May be repeated.

        Raises Transient, Terminal, or ForbiddenAddress where the link leads where none may.
        """
        what = what or f"the upload of {file.name}"
        url = checked_url(url, allow_loopback=self.allow_loopback)
        length = await asyncio.to_thread(lambda: file.stat().st_size)
        headers = {"Content-Type": content_type, "Content-Length": str(length)}
        async for attempt in stamina.retry_context(_soon, attempts=3, timeout=None, wait_initial=0.5):
            with attempt:
                async with self._transfers:
                    request = self._files.build_request("PUT", url, content=_blocks(file), headers=headers)
                    answer = await self._send_safely(self._files, request, what, within_s=TRANSFER_S)
                transfer_outcome(self.endpoint, answer, what)

    async def download(self, url: str, target: Path, *, what: str, progress: Callable[[float], None]) -> None:
        """Fetch a clip by its link, without the key. `progress` is told fractions from 0 to 1.

        Raises Transient, LinkGone where the link is dead, ForbiddenAddress, Terminal.
        """
        async with self._transfers:
            await fetch_url(
                self._files,
                url,
                target,
                what=what,
                limit_bytes=MAX_CLIP_BYTES,
                deadline=CLIP_DEADLINE,
                allow_loopback=self.allow_loopback,
                progress=progress,
            )

    async def aclose(self) -> None:
        """Close every connection."""
        for client in (self._questions, self._orders, self._files):
            await client.aclose()

    @asynccontextmanager
    async def _admitted(self, kind: type[Transient], what: str, *, within_s: float) -> AsyncIterator[None]:
        """Hold one of the vendor's sockets, once the rate limit lets a request pass. Raises `kind` after `within_s`."""
        async with AsyncExitStack() as held:
            try:
                if self.rate_limit.remaining_s > within_s:
                    raise TimeoutError
                async with asyncio.timeout(within_s):
                    await held.enter_async_context(self._sockets)
                    await self.rate_limit.wait()
            except TimeoutError:
                raise kind(
                    f"{what} waits: {self.endpoint.provider} asked to slow down, or all its sockets are busy",
                    code="busy",
                    charged=False,
                    retry_after_s=self.rate_limit.remaining_s or None,
                ) from None
            yield

    async def _answered(self, request: httpx.Request, read: Read[T], what: str, *, within_s: float) -> T:
        async with self._admitted(Transient, what, within_s=ASK_S):
            answer = await self._send_safely(self._questions, request, what, within_s=within_s)
        asked = request.method != "POST"
        return question_outcome(self.endpoint, answer, read, what, self._slowed_s(answer), asked=asked)

    async def _send_safely(
        self, client: httpx.AsyncClient, request: httpx.Request, what: str, *, within_s: float
    ) -> Answer:
        """Send what may be sent again: every failure to get an answer is Transient."""
        try:
            async with asyncio.timeout(within_s):
                return await self._send(client, request)
        except ForbiddenAddress as error:
            raise Terminal(error.message, error.remedy, code=error.code, scope=Scope.VENDOR) from None
        except (httpx.HTTPError, OSError, Unreadable) as error:
            raise Transient(
                f"{what}: {self.endpoint.provider} cannot be asked now: {self._cause(error)}",
                "Try again",
                code="unreachable",
            ) from None

    async def _send(self, client: httpx.AsyncClient, request: httpx.Request) -> Answer:
        response = await client.send(request, stream=True)
        body = bytearray()
        try:
            await read_body(response.aiter_raw(), response.headers.get("content-encoding", ""), body)
        except (httpx.HTTPError, Unreadable):
            if response.status_code < 400:  # of a refusal, the status alone is enough
                raise
        finally:
            await response.aclose()
        clean = in_bytes(self._without_key, bytes(body))
        return Answer(response.status_code, response.headers, clean, self._without_key)

    def _cause(self, error: Exception) -> str:
        """Why no answer came; what is no HTTP is quoted by httpx, whatever it says."""
        return self._without_key(cause(error))

    def _slowed_s(self, answer: Answer) -> float | None:
        """A 429, or a time to wait, slows every shot of this vendor down; returns the wait."""
        if answer.status == 429 or (answer.status >= 500 and answer.asked_wait_s is not None):
            return self.rate_limit.back_off(answer.asked_wait_s)
        if answer.status < 400:
            self.rate_limit.relax()
        return None


class _Bearer(httpx.Auth):
    """Puts the key into its header, and shows it nowhere."""

    def __init__(self, key: str) -> None:
        self._header = f"Bearer {key}"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = self._header
        yield request

    def __repr__(self) -> str:
        return "<key>"


def quoted(part: str) -> str:
    """A vendor's id, percent-encoded to be one part of a path."""
    return quote(part, safe="")


def _path(path: str) -> str:
    """The key goes to the vendor's own base URL only, so a whole link is no path."""
    if not path.startswith("/"):
        raise ValueError(f"{path!r} is not a path below the vendor's base URL")
    return path


def _soon(error: Exception) -> bool:
    """Whether a question is worth repeating within seconds; a longer wait is the caller's to decide."""
    return isinstance(error, Transient) and (error.retry_after_s or 0) <= ADMISSION_S


async def _blocks(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while block := await asyncio.to_thread(opened.read, 256 * 1024):
            yield block


def _keep_links_out_of_logs() -> None:
    """httpx logs whole links at INFO, httpcore every header at DEBUG; links are signed, and vendors repeat keys."""
    for name in ("httpx", "httpcore"):
        logger = logging.getLogger(name)
        if logger.level < logging.WARNING:
            logger.setLevel(logging.WARNING)
