"""A server's side of HTTP/1.1 that does not wait for ever: whoever connects and asks nothing is let go."""

from __future__ import annotations

import asyncio

from uvicorn.protocols.http.h11_impl import H11Protocol


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
