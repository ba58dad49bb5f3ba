"""Starts the sandbox on this machine, and says how to reach it."""

from __future__ import annotations

import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from render.sandbox.backend import BOUND, KEY, Backend
from render.sandbox.dialects import VENDORS, dialects
from render.sandbox.faults import Fault
from render.sandbox.faulty_http import BreakableProtocol
from render.sandbox.footage import Footage
from render.sandbox.sandbox_app import application
from render.sandbox.vendor_books import Books
from storyboard.accounts import variable_of

HOST = "127.0.0.1"


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A sandbox that serves nothing yet: its socket listens already, so that its port is known."""

    listening: socket.socket
    state: Path
    key: str = KEY

    @property
    def url(self) -> str:
        """Where it is."""
        return f"http://{HOST}:{self.listening.getsockname()[1]}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to buy here and not from the vendors."""
        paths = {name: path for dialect in dialects().values() for name, path in dialect.addresses.items()}
        keys = {variable_of(vendor, "API_KEY"): self.key for vendor in VENDORS}
        return {name: f"{self.url}{path}" for name, path in paths.items()} | keys

    def serve(
        self,
        *,
        job_seconds: float,
        faults: Sequence[Fault] = (),
        jobs_at_once: int = BOUND,
        spellings: Mapping[str, str] | None = None,
    ) -> None:
        """Answer until a signal ends the process. Faults that were planned here before are not planned again.

        `spellings` holds a vendor whose pages spell orders in several ways to one of them; see `Backend`.
        """
        books = Books(self.state)
        books.plan_once(faults)
        footage = Footage(self.state / "clips")
        backend = Backend(books, footage, job_seconds, self.url, jobs_at_once, spellings or {}, self.key)
        config = uvicorn.Config(
            application(backend),
            http=BreakableProtocol,
            ws="none",
            log_level="error",
            access_log=False,
            server_header=False,
            timeout_graceful_shutdown=2,
        )
        try:
            uvicorn.Server(config).run(sockets=[self.listening])
        finally:
            books.close()


def listen(port: int, state: Path, key: str = KEY) -> Sandbox:
    """Take the port (0: any that is free); `key` is one made up for a test. Raises OSError where the port is taken."""
    return Sandbox(socket.create_server((HOST, port)), state, key)
