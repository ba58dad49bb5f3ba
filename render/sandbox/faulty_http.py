"""HTTP that can go wrong on purpose: connections that break, answers that end half-way."""

from __future__ import annotations

import asyncio
from collections.abc import MutableMapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from uvicorn.protocols.http.h11_impl import H11Protocol


class BreakableProtocol(H11Protocol):
    """Lets an answer hang up in the middle of its request, as a broken network does."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Give the connection to every request that comes by it, as a part of the request's state."""
        self.app_state = {**self.app_state, "line": transport}
        super().connection_made(transport)


def hang_up(request: Request) -> Response:
    """Break the connection of a request; what is returned reaches nobody."""
    _abort(request.scope)
    return Response(status_code=500)


class CutOff(Response):
    """Promises all of its content and breaks off half-way."""

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG002 - the shape of ASGI
        """Send the head and one half, then hang up."""
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        half = bytes(self.body)[: len(self.body) // 2]
        await send({"type": "http.response.body", "body": half, "more_body": True})
        await asyncio.sleep(0.05)
        _abort(scope)


def _abort(scope: MutableMapping[str, Any]) -> None:
    """Break the connection that a request came by; nothing where it came by none."""
    line: asyncio.Transport | None = scope.get("state", {}).get("line")
    if line is not None:
        line.abort()
