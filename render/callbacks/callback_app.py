"""The web application that vendors call.

    POST /t/TOKEN     200 where the token is that of an order that is out, else 404; 408 where the body came too slowly,
                      413 where it is too long, 503 where the ledger failed: call again. The body is always `{}`
    GET /ping/NONCE   the nonce, where it is this server's own: shows that a public address leads here

A known token alone wakes whoever waits, whatever the body holds. A body may name the job; it is kept as a hint that
counts for nothing before the vendor confirms it. No take makes a transition here, and nothing of a request is ever
logged.
"""

from __future__ import annotations

import asyncio
import contextlib
import functools
import logging
import re
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, ParamSpec, TypeVar

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from render.errors import LedgerError, RenderError
from render.ledger import Ledger, callback_tokens
from render.net.responses import Json, Unreadable, read_job_id, read_json
from render.providers.registry import capabilities_of
from storyboard.errors import StoryboardError

P = ParamSpec("P")
T = TypeVar("T")

MOST_BODY_BYTES = 64 * 1024
"""A longer body is refused with 413; its call counts all the same."""

BODY_WITHIN_S = 10.0
"""Seconds for a body to come in; then the answer is 408, and the call counts all the same."""

_THREADS = 4  # questions to the ledger at once, however many call
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")

_LOG = logging.getLogger(__name__)


def application(
    ledger: Ledger,
    environment: Mapping[str, str],
    *,
    nonce: str,
    below: str = "",
    body_within_s: float = BODY_WITHIN_S,
    beside: Sequence[Callable[[], Coroutine[Any, Any, None]]] = (),
) -> Starlette:
    """The ASGI application of one callback server: the two routes above, and nothing else.

    `nonce` is what `/ping` answers to. `below` is the path of the public URL, which a proxy in front may leave before
    ours. `beside` are run as tasks while the application runs, and are cancelled with it.
    """
    threads = ThreadPoolExecutor(_THREADS, "callbacks")
    endpoint = _CallbackEndpoint(ledger, environment, threads, body_within_s)

    async def ping(request: Request) -> Response:
        return PlainTextResponse(nonce) if request.path_params["nonce"] == nonce else _said(404)

    @contextlib.asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        tasks = [asyncio.create_task(each()) for each in beside]
        yield
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        threads.shutdown(wait=True)

    routes = [
        route
        for base in dict.fromkeys(("", below.rstrip("/")))
        for route in (
            Route(f"{base}/t/{{token}}", endpoint.answer, methods=["POST"]),
            Route(f"{base}/ping/{{nonce}}", ping, methods=["GET"]),
        )
    ]
    app = Starlette(routes=routes, lifespan=lifespan, exception_handlers={404: _nothing, 405: _nothing})
    app.router.redirect_slashes = False
    return app


class _CallbackEndpoint:
    """Answers `POST /t/TOKEN`."""

    def __init__(
        self, ledger: Ledger, environment: Mapping[str, str], threads: ThreadPoolExecutor, body_within_s: float
    ) -> None:
        self._ledger, self._environment, self._threads = ledger, environment, threads
        self._body_within_s = body_within_s

    async def answer(self, request: Request) -> Response:
        """Answer one call. Where the ledger fails the vendor is asked to call again; it is polled in any case."""
        try:
            return _said(await self._status(request))
        except LedgerError as error:
            _LOG.warning("a call could not be written down: %s", error)
            return _said(503)

    async def _status(self, request: Request) -> int:
        """The HTTP status of the answer. Of a call whose token no order has, the body is not even read."""
        token = request.path_params["token"]
        if not _TOKEN.fullmatch(token):
            return 404
        vendor = await self._ask(self._ledger.read, callback_tokens.vendor_at, token)
        if vendor is None:
            return 404
        status, body = await self._read(request)
        job_id = named_job(body, vendor, self._environment)
        return status if await self._ask(callback_tokens.record_callback, self._ledger, token, job_id) else 404

    async def _read(self, request: Request) -> tuple[int, bytes]:
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_within_s):
                async for piece in request.stream():
                    body += piece
                    if len(body) > MOST_BODY_BYTES:
                        return 413, b""
        except (TimeoutError, ClientDisconnect):
            return 408, b""
        return 200, bytes(body)

    async def _ask(self, call: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, functools.partial(call, *args, **kwargs))


async def _nothing(_request: Request, _error: Exception) -> Response:
    return _said(404)


def _said(status: int) -> Response:
    """An empty object. After a refusal, perhaps in the middle of a body, the connection is closed."""
    return JSONResponse({}, status, headers=None if status == 200 else {"Connection": "close"})


def named_job(body: bytes, vendor: str, environment: Mapping[str, str]) -> str | None:
    """Which job a callback's body names, where its vendor documents that it does. Anybody may have written it.

    None where the body cannot be read, or names none that a vendor could have given.
    """
    try:
        path = capabilities_of(vendor, environment).callback_job
    except (RenderError, StoryboardError) as error:
        _LOG.warning("%s is not known here, so its calls can wake but name no job: %s", vendor, error)
        return None
    if path is None:
        return None
    try:
        return read_job_id(_at(path, read_json(body, "")))
    except Unreadable:
        return None


def _at(path: tuple[str, ...], told: Json) -> Json:
    for key in path:
        told = told.get(key) if isinstance(told, Mapping) else None
    return told
