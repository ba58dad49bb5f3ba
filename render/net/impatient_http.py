"""A server's side of HTTP/1.1 that does not wait for ever: whoever connects and asks nothing is let go."""

from __future__ import annotations

import asyncio
from typing import Final, Literal

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

LINE_S: Final = 30.0
"""Seconds that a connection may last on which nothing is asked."""

MOST_CONNECTIONS: Final = 256
"""At once; a further one is answered 503."""

GRACE_S: Final = 2
"""Seconds for what is being answered when the server ends."""


def impatient_config(
    app: ASGIApp, *, log_level: Literal["critical", "error"], line_s: float = LINE_S
) -> uvicorn.Config:
    """How Tailframe's own servers are served: HTTP/1.1 alone, of bounded patience, telling nothing of themselves."""
    return uvicorn.Config(
        app,
        http=impatient(line_s),
        ws="none",
        lifespan="on",
        log_level=log_level,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_graceful_shutdown=GRACE_S,
    )


def impatient(line_s: float) -> type[H11Protocol]:
    """uvicorn's HTTP/1.1, which closes a connection on which nothing is asked for `line_s` seconds."""

    class Impatient(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            self._end_of_line = self.loop.call_later(line_s, self._hang_up)

        def connection_lost(self, exc: Exception | None) -> None:
            self._end_of_line.cancel()
            super().connection_lost(exc)

        def _hang_up(self) -> None:
            if self.cycle is not None and not self.cycle.response_complete:
                self._end_of_line = self.loop.call_later(line_s, self._hang_up)
            else:
                self.transport.close()

    return Impatient
