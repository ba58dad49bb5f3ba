"""One Prefect server for all tests of a worker that are not about having one of their own."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.prefect.server import EmbeddedServer, prefect_server


@pytest.fixture(scope="session")
def prefect_state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One state folder for all workers, so that only the first server migrates an empty database."""
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    state = shared / "prefect-state"
    state.mkdir(exist_ok=True)
    return state


@pytest.fixture(scope="session")
def prefect_url(prefect_state: Path) -> Iterator[str]:
    """The API of a server that is up: to be named, where a run of its own server's making shows nothing more."""
    with prefect_server(prefect_state / "tailframe") as server:
        assert isinstance(server, EmbeddedServer)
        _wait_for(f"{server.url}/health")
        yield server.url


def _wait_for(url: str) -> None:
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(url, timeout=30).is_success:
                return
        time.sleep(0.2)
    raise AssertionError(f"{url} does not answer")
