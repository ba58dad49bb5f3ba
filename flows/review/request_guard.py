"""What stands before every page of the room: hosts, origins, sessions, headers, and the patience with slow readers.

A request that is not meant for this room, or not made by one of its pages, or by somebody who was not let in, reaches
no page. Whatever answers, it leaves with the same headers.
"""

import asyncio
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import ClientDisconnect, Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from flows.review.gate import Gate

__all__ = ["HEADERS", "RequestGuard"]

SENT_WITHIN_S = 30.0
"""Seconds in which a piece of an answer has to leave; who reads slower than that is let go."""

ANSWERED_WITHIN_S = 180.0
"""Seconds for an answer to begin."""

MOST_HEADER_BYTES = 16 * 1024
"""Of all headers of a request."""

_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)

HEADERS: Final = {
    "content-security-policy": _POLICY,
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}
"""Of every answer."""

Door = Callable[[Request], Awaitable[Response]]
"""Answers who was not let in yet."""


class RequestGuard:
    """The room's outermost layer. `door` answers who has no session; `/static/` and `/enter` need none."""

    def __init__(self, app: ASGIApp, *, gate: Gate, door: Door, sent_within_s: float = SENT_WITHIN_S) -> None:
        self._app, self._gate, self._door, self._sent_within_s = app, gate, door, sent_within_s

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        sending = _Sending(send, secure=self._gate.secure, within_s=self._sent_within_s)
        answer = self._refusal(scope)
        try:
            if answer is not None:
                await answer(scope, receive, sending)
                return
            async with asyncio.timeout(ANSWERED_WITHIN_S) as patience:
                sending.patience = patience
                await self._within(scope)(scope, receive, sending)
        except TimeoutError:
            if not sending.begun:
                await PlainTextResponse("This takes too long; try again.", 503)(scope, receive, sending)

    def _refusal(self, scope: Scope) -> Response | None:
        """Why a request reaches nothing; None where it may."""
        headers = Headers(scope=scope)
        if sum(len(name) + len(value) for name, value in scope["headers"]) > MOST_HEADER_BYTES:
            return PlainTextResponse("The request's headers are too long.", 431)
        if headers.getlist("host")[1:] or not self._gate.host_is_ours(headers.get("host", "")):
            return PlainTextResponse("This room is not called by that name.", 421)
        if scope["method"] not in {"GET", "HEAD", "POST"}:
            return PlainTextResponse("Nothing here is asked for in that way.", 405)
        if not self._gate.comes_from_here(scope["method"], headers):
            return PlainTextResponse("This was not sent by a page of this room. Nothing was done.", 403)
        return None

    def _within(self, scope: Scope) -> ASGIApp:
        """What answers a request that is ours: the room, or the door."""
        session = self._gate.session(_cookies(Headers(scope=scope)))
        scope.setdefault("state", {})["session"] = session
        path = scope["path"]
        if session is not None or path == "/enter" or path.startswith("/static/"):
            return self._app

        async def door(scope: Scope, receive: Receive, send: Send) -> None:
            await (await self._door(Request(scope, receive)))(scope, receive, send)

        return door


class _Sending:
    """Sends an answer's pieces with the headers that all have, and lets go of who does not take them."""

    def __init__(self, send: Send, *, secure: bool, within_s: float) -> None:
        self._send, self._secure, self._within_s = send, secure, within_s
        self.begun = False
        self.patience: asyncio.Timeout | None = None

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.begun = True
            if self.patience is not None:
                self.patience.reschedule(None)  # it has begun; from here on each piece has its own time
            headers = MutableHeaders(scope=message)
            for name, value in HEADERS.items():
                headers.setdefault(name, value)
            headers.setdefault("cache-control", "no-store")
            if self._secure:
                headers.setdefault("strict-transport-security", "max-age=31536000")
        try:
            async with asyncio.timeout(self._within_s):
                await self._send(message)
        except TimeoutError:
            raise ClientDisconnect from None


def _cookies(headers: Headers) -> dict[str, str]:
    jar = SimpleCookie()
    try:
        for line in headers.getlist("cookie"):
            jar.load(line)
    except CookieError:
        return {}
    return {name: morsel.value for name, morsel in jar.items()}
