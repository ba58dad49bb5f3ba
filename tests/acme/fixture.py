"""Acme for a test: a real server in a process of its own, its books, and a way to make it stumble."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from decimal import Decimal
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from tests.acme.server import KEY, serve
from tests.acme.shop import Heard, Job, Shop
from tests.flows.forks import FORKS

ROOT = Path(__file__).parents[2]
SITE = ROOT / "tests" / "acme" / "site"


class Acme:
    """A running Acme. Its books outlive the server, so it can be stopped and started again on the same port.

    small: whether its films are a quarter as wide as those that it sells elsewhere, and as soon decoded.
    """

    def __init__(self, folder: Path, clips: Path, *, small: bool = True) -> None:
        self._folder, self._clips = folder, clips
        self._server: BaseProcess | None = None
        self._alive: Connection | None = None
        self._small = small
        self.port = 0
        self.options: dict[str, object] = {"small": small, "job_seconds": 0.05}
        self.shop = Shop(folder)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to buy from this Acme: its address, the key, and what it sells."""
        return {"ACME_BASE_URL": self.base_url, "ACME_API_KEY": KEY, "ACME_SMALL": "1" if self._small else "0"}

    def process_environment(self, **more: str) -> dict[str, str]:
        """A whole environment for a subprocess: the entry point that brings Acme, and the network guard."""
        path = os.pathsep.join([str(SITE), str(ROOT), os.environ.get("PYTHONPATH", "")])
        return {**os.environ, "PYTHONPATH": path, **self.environment, **more}

    def start(self, **options: object) -> None:
        """Start the server, on the port it had before. Options: `job_seconds`, `bound` (jobs at once)."""
        self.options |= options
        with socket.create_server(("127.0.0.1", self.port)) as listening:
            self.port = listening.getsockname()[1]
            theirs, self._alive = FORKS.Pipe(duplex=False)
            given = (listening, theirs, self._folder, self._clips)
            self._server = FORKS.Process(target=serve, args=given, kwargs=self.options)
            self._server.start()
            theirs.close()

    def stop(self) -> None:
        """Kill the server; connections break."""
        if self._server is None or self._alive is None:
            return
        self._server.kill()
        self._server.join()
        self._server.close()
        self._alive.close()
        self._server = None

    def restart(self, **options: object) -> None:
        """Stop and start again, with other options where given."""
        self.stop()
        self.start(**options)

    def close(self) -> None:
        self.stop()
        self.shop.close()

    def jobs(self) -> list[Job]:
        """Acme's own count of jobs: what it would put on the bill."""
        return self.shop.jobs()

    def charged_usd(self) -> Decimal:
        """Acme's own sum, refunds taken off."""
        return self.shop.charged_usd()

    def heard(self, kind: str | None = None) -> list[Heard]:
        """Every request that reached it: create, poll, list, cancel, upload, download."""
        return self.shop.heard(kind)

    def script(self, *, on: str, do: str, **more: Any) -> None:
        """Let matching requests go wrong, in the order scripted.

        on="create" | "poll" | "list" | "cancel" | "upload" | "download":
            do="answer"   status=500, code="", words="", headers={}, or a whole body={}
            do="text"     words: a body that is no JSON, status=200
            do="drop"     the connection breaks without an answer
            do="stall"    seconds: wait, then go on
            With on="create", when="after" lets the job exist first; when="before" (as is) does not.
        on="download" also: do="truncate" | "corrupt" (a damaged clip), "garbage" | "header" (no clip at all), "cut"
            (breaks off half-way).
        on="job" (decided when it is ordered): do="fail" | "refuse" (code, words, refund=True), "slow" (seconds),
            "charge" (usd: what Acme charges in place of the price).

        prompt: only where the shot's prompt holds this text (create, poll, download, job); skip: let so many pass
        first; times: how often (1), None: for ever.
        """
        self.shop.script({"on": on, "do": do, **more})

    def forgive(self) -> None:
        """Forget every scripted fault."""
        self.shop.forgive()


@pytest.fixture(scope="session")
def acme_clips(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Clips are drawn once a session."""
    return tmp_path_factory.mktemp("acme-clips")


@pytest.fixture(scope="session")
def acme_is_small() -> bool:
    """Whether Acme's films are small; a test that looks at their size says no."""
    return True


@pytest.fixture
def acme(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path, acme_is_small: bool) -> Iterator[Acme]:
    """A running Acme with empty books."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips, small=acme_is_small)
    vendor.start()
    yield vendor
    vendor.close()
