"""Posts one message to one endpoint, once: over checked ways, in bounded time, following nothing, believing little."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import httpx

from render.errors import RenderError
from render.net.addresses import Resolver, resolve
from render.net.rate_limit import retry_after_s
from render.net.responses import words
from render.net.transport import CheckedTransport
from render.outgoing.webhook_endpoint import Endpoint
from render.outgoing.webhook_signature import signed_headers

if TYPE_CHECKING:
    from render.ledger.outgoing_sends import Send

WITHIN_S = 20.0
"""Seconds for a whole attempt, from the look-up of the name to the answer; well within the lease of a send."""

MOST_READ = 1024
"""Bytes that are read of an answer, to tell of it; the rest is left."""

MOST_TOLD = 200
"""Characters that are kept of an answer."""

_TIMEOUT = httpx.Timeout(connect=10, read=15, write=15, pool=15)
_LIMITS = httpx.Limits(max_connections=2, max_keepalive_connections=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one attempt."""

    status: int | None  # HTTP; None where nothing was answered
    told: str  # for a person
    asked_s: float | None = None  # seconds that the endpoint wants to be left alone

    @property
    def taken(self) -> bool:
        """Whether the endpoint took the message: any 2xx, and nothing else."""
        return self.status is not None and 200 <= self.status < 300


def client_for(endpoint: Endpoint, *, resolver: Resolver = resolve) -> httpx.AsyncClient:
    """A client for this endpoint alone. Raises BadSetting where the environment names no usable way out."""
    transport = CheckedTransport(allow_loopback=endpoint.is_here, limits=_LIMITS, resolver=resolver)
    headers = {"User-Agent": "tailframe", "Accept-Encoding": "identity", "Content-Type": "application/json"}
    return httpx.AsyncClient(transport=transport, timeout=_TIMEOUT, headers=headers, trust_env=False)


async def post_message(
    client: httpx.AsyncClient, endpoint: Endpoint, send: Send, secrets: Sequence[bytes], *, within_s: float = WITHIN_S
) -> Answer:
    """Make one attempt. Whatever the endpoint does becomes an answer; nothing is raised but a cancellation."""
    content = send.content.encode()
    headers = signed_headers(send.message, int(send.at.timestamp()), content, secrets)
    try:
        async with asyncio.timeout(within_s):
            request = client.build_request("POST", endpoint.url, content=content, headers=headers)
            response = await client.send(request, stream=True, follow_redirects=False)
            try:
                return _answer(response, await _beginning(response), endpoint)
            finally:
                await response.aclose()
    except TimeoutError:
        return Answer(None, f"no answer within {within_s:g} s")
    except (RenderError, httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        return Answer(None, _shown(str(error) or type(error).__name__, endpoint))


async def _beginning(response: httpx.Response) -> bytes:
    """The first of the answer; nothing of one that comes packed."""
    body = bytearray()
    if response.headers.get("content-encoding", "identity") == "identity":
        async for piece in response.aiter_raw():
            body += piece[: MOST_READ - len(body)]
            if len(body) >= MOST_READ:
                break
    return bytes(body)


def _answer(response: httpx.Response, body: bytes, endpoint: Endpoint) -> Answer:
    said = _shown(body.decode("utf-8", "replace"), endpoint)
    told = f"{response.status_code}{f': {said}' if said else ''}"
    return Answer(response.status_code, told, retry_after_s(response.headers.get("retry-after"), datetime.now(UTC)))


def _shown(text: str, endpoint: Endpoint) -> str:
    short = words(text, endpoint.concealed)
    return short if len(short) <= MOST_TOLD else f"{short[: MOST_TOLD - 1]}…"
