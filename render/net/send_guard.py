"""Checks the lease of a claim right before its order leaves this machine, and tells whether any of it has left.

It comes after the name is resolved, the connection made and TLS agreed upon, right before the first byte of the request
is written, and again before each further piece of its body: a machine may have slept meanwhile.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx

from render.concurrency.lease import Lease

PIECE_BYTES = 64 * 1024
_FIRST_BYTE = "http11.send_request_headers.started"


class SendGuard(httpx.AsyncByteStream):
    """One order on its way out. Its body goes by pieces, so that a long one is stopped within it."""

    def __init__(self, body: bytes, lease: Lease | None) -> None:
        self._body, self._lease = body, lease
        self.begun = False
        """Whether anything may have left."""

    async def trace(self, event: str, _facts: Mapping[str, object]) -> None:
        """httpcore's `trace` extension. Raises Withheld in place of the first byte."""
        if event == _FIRST_BYTE:
            if self._lease is not None:
                await self._lease.look()
            self.begun = True

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for at in range(0, len(self._body), PIECE_BYTES):
            if self._lease is not None:
                self._lease.check()  # an order of which a piece is missing is none
            self.begun = True
            yield self._body[at : at + PIECE_BYTES]


def send_guard(request: httpx.Request, lease: Lease | None) -> SendGuard:
    """Have a look at the lease wherever this request goes out. Without a lease it is only seen whether it has begun."""
    order = SendGuard(request.content, lease)
    request.stream = order
    request.extensions = {**request.extensions, "trace": order.trace}
    return order
