"""Serves callbacks on this machine, keeps the ledger told of it, and looks whether the public address leads here."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

import uvicorn

from render.callbacks.callback_app import BODY_WITHIN_S, application
from render.callbacks.public_url import what_is_wrong
from render.errors import LedgerError
from render.ledger import Ledger, callback_tokens
from render.net.impatient_http import LINE_S, impatient_config

RENEW_EVERY_S = 30.0
"""Between two notes in the ledger that this server is there; see `callback_tokens.SERVER_SEEN_WITHIN`."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Callbacks:
    """A callback server whose socket listens already, so that its port is known before anything is served."""

    listening: socket.socket
    body_within_s: float = BODY_WITHIN_S
    line_s: float = LINE_S  # how long a connection may last on which nothing is asked

    @property
    def url(self) -> str:
        """Its address on this machine: `http://127.0.0.1:8099`."""
        host, port = self.listening.getsockname()[:2]
        return f"http://{f'[{host}]' if ':' in host else host}:{port}"

    def serve(self, ledger: Ledger, public_url: str, *, warn: Callable[[str], None]) -> None:
        """Answer until a signal ends the process. Orders carry links to `public_url` while this runs.

        `warn` is told in a sentence where `public_url` does not seem to lead here. Raises LedgerError where the ledger
        cannot be told that this server is there.
        """
        nonce = secrets.token_urlsafe(16)

        async def look() -> None:
            wrong = await what_is_wrong(public_url, nonce)
            if wrong is not None and not server.should_exit:
                warn(_warning(public_url, wrong))

        app = application(
            ledger,
            os.environ,
            nonce=nonce,
            below=urlsplit(public_url).path,
            body_within_s=self.body_within_s,
            beside=(lambda: _keep_renewing(ledger, public_url), look),
        )
        server = uvicorn.Server(impatient_config(app, log_level="error", line_s=self.line_s))
        ledger.write(callback_tokens.renew_callback_server, public_url)
        try:
            server.run(sockets=[self.listening])
        finally:
            ledger.write(callback_tokens.retire_callback_server, public_url)


def listen(host: str, port: int) -> Callbacks:
    """Bind and listen on the port (0: any that is free). Raises OSError where it is taken."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return Callbacks(listening=socket.create_server((host, port), family=family))


async def _keep_renewing(ledger: Ledger, public_url: str) -> None:
    """Note in the ledger, over and over, that this server is there: orders carry links only while it is."""
    while True:
        await asyncio.sleep(RENEW_EVERY_S)
        try:
            await asyncio.to_thread(ledger.write, callback_tokens.renew_callback_server, public_url)
        except LedgerError as error:
            _LOG.warning("orders may leave without a link to call: %s", error)


def _warning(public_url: str, wrong: str) -> str:
    return (
        f"{public_url} does not lead here, as far as this machine can see: {wrong}. Where that is so, vendors call in "
        "vain and everything is found by polling. Check the proxy in front, and that it passes on GET and POST"
    )
