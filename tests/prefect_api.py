"""One Prefect server for all tests of a session, and all its workers, that are not about having one of their own."""

from __future__ import annotations

import contextlib
import fcntl
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from flows.prefect.server import EmbeddedServer, prefect_server

ROOT = Path(__file__).parents[1]


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
    with (prefect_state / "users").open("w") as users:
        with (prefect_state / "turn").open("w") as turn:
            fcntl.flock(turn, fcntl.LOCK_EX)
            fcntl.flock(users, fcntl.LOCK_SH)
            address = prefect_state / "url"
            if not address.exists():
                subprocess.run([sys.executable, "-m", "tests.prefect_api", str(prefect_state)], cwd=ROOT, check=True)
                _wait_for(address)
        yield address.read_text()


def serve_all(state: Path) -> None:
    """Serve until nobody holds `users` any more. Whoever wants a server holds it before this is started."""
    with prefect_server(state / "tailframe") as server, (state / "users").open("w") as users:
        assert isinstance(server, EmbeddedServer)
        while not _answers(f"{server.url}/health"):
            time.sleep(0.2)
        address = state / "url"
        (state / "half").write_text(server.url)
        (state / "half").replace(address)
        fcntl.flock(users, fcntl.LOCK_EX)
        address.unlink()


def _answers(url: str) -> bool:
    with contextlib.suppress(httpx.TransportError):
        return httpx.get(url, timeout=30).is_success
    return False


def _wait_for(file: Path) -> None:
    deadline = time.monotonic() + 120
    while not file.exists():
        assert time.monotonic() < deadline, "the Prefect server of all tests does not answer"
        time.sleep(0.1)


if __name__ == "__main__":
    if os.fork() == 0:  # whoever started this goes on
        serve_all(Path(sys.argv[1]))
