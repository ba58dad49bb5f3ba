"""HTTP that can go wrong on purpose: connections that break, answers that end half-way."""

from __future__ import annotations

import asyncio
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol

_lines: dict[tuple[str, int], asyncio.Transport] = {}


class BreakableProtocol(H11Protocol):
    """Lets an answer hang up in the middle of its request, as a broken network does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Remember the line by who is at its other end."""
        self._peer = transport.get_extra_info("peername")[:2]
        _lines[self._peer] = transport
        super().connection_made(transport)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        _lines.pop(self._peer, None)
        super().connection_lost(exc)


def hang_up(request: Request) -> Response:
    """Break the connection of a request; what is returned reaches nobody."""
    if request.client is not None and (line := _lines.get((request.client.host, request.client.port))):
        line.abort()
    return Response(status_code=500)


class CutOff(Response):
    """Promises all of its content and breaks off half-way."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002 - the shape of ASGI
        """Send the head and one half, then hang up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)
        if line := _lines.get(tuple(scope["client"])):
            line.abort()
