"""Starts the sandbox on this machine, and says how to reach it."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from render.sandbox.backend import BOUND, KEY, Backend, Spelling
from render.sandbox.faults import Fault
from render.sandbox.faulty_http import BreakableProtocol
from render.sandbox.footage import Footage
from render.sandbox.sandbox_app import application
from render.sandbox.vendor_books import Books

HOST = "127.0.0.1"
_PATHS = {
    "KINOVI_BASE_URL": "/kinovi/api/v1",
    "EVOLINK_BASE_URL": "/evolink",
    "EVOLINK_FILES_URL": "/evolink-files",
    "AIHUBMAX_BASE_URL": "/aihubmax",
    "OXEN_BASE_URL": "/oxen/api/ai",
}


@dataclass(frozen=True, slots=True)
class Sandbox:
    """A socket that listens already, so that its port is known before anything is served."""

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
        keys = {f"{vendor}_API_KEY": self.key for vendor in ("KINOVI", "EVOLINK", "AIHUBMAX", "OXEN")}
        return {name: f"{self.url}{path}" for name, path in _PATHS.items()} | keys

    def serve(
        self,
        *,
        job_seconds: float,
        faults: Sequence[Fault] = (),
        jobs_at_once: int = BOUND,
        kinovi: Spelling = "both",
    ) -> None:
        """Answer until a signal ends the process. Faults that were planned here before are not planned again."""
        books = Books(self.state)
        books.plan_once(faults)
        backend = Backend(books, Footage(self.state / "clips"), job_seconds, self.url, jobs_at_once, kinovi, self.key)
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
    """Take the port (0: any that is free). OSError where it is taken. `key` is one that was made up for a test."""
    return Sandbox(socket.create_server((HOST, port)), state, key)
