"""Acme for a test: a real server in a process of its own, its books, and a way to make it stumble."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.acme.server import KEY
from tests.acme.shop import Heard, Job, Shop

ROOT = Path(__file__).parents[2]
SITE = ROOT / "tests" / "acme" / "site"


class Acme:
    """A running Acme. Its books outlive the server, so it can be stopped and started again on the same port."""

    def __init__(self, folder: Path, clips: Path) -> None:
        self._folder, self._clips = folder, clips
        self._server: subprocess.Popen[str] | None = None
        self.port = 0
        self.options: dict[str, str] = {}
        self.shop = Shop(folder)

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs to buy from this Acme: its address, the key, and the entry point that brings it."""
        return {"ACME_BASE_URL": self.base_url, "ACME_API_KEY": KEY}

    def process_environment(self, **more: str) -> dict[str, str]:
        """A whole environment for a subprocess, the network guard included."""
        path = os.pathsep.join([str(SITE), str(ROOT), os.environ.get("PYTHONPATH", "")])
        return {**os.environ, "PYTHONPATH": path, **self.environment, **more}

    def start(self, **options: object) -> None:
        """Start the server, on the port it had before. Options: `job_seconds`, `bound` (jobs at once)."""
        self.options |= {name.replace("_", "-"): str(value) for name, value in options.items()}
        command = [sys.executable, "-m", "tests.acme.server", "--state", str(self._folder), "--port", str(self.port)]
        command += ["--clips", str(self._clips)]
        for name, value in self.options.items():
            command += [f"--{name}", value]
        self._server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self._server.stdout is not None
        self.port = int(self._server.stdout.readline())

    def stop(self) -> None:
        """Kill the server; connections break."""
        if self._server is None:
            return
        self._server.kill()
        self._server.communicate()
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


@pytest.fixture
def acme(tmp_path_factory: pytest.TempPathFactory, acme_clips: Path) -> Iterator[Acme]:
    """A running Acme with empty books."""
    vendor = Acme(tmp_path_factory.mktemp("acme"), acme_clips)
    vendor.start()
    yield vendor
    vendor.close()
