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
def prefect_state(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Path:
    """One state folder for all workers, so that only the first server migrates an empty database.

    The migrated one is kept in pytest's cache, as a person's is beside what they make, for the next time tests run.
    """
    shared = tmp_path_factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        shared = shared.parent
    state = shared / "prefect-state"
    (state / "tailframe/prefect").mkdir(parents=True, exist_ok=True)
    if pytestconfig.pluginmanager.has_plugin("cacheprovider"):
        kept = pytestconfig.cache.mkdir("prefect-databases")
        with contextlib.suppress(FileExistsError):
            (state / "tailframe/prefect/databases").symlink_to(kept)
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
