"""`tailframe callbacks`: what it refuses before it listens, and what it says of an address that does not lead to it.

That it serves, and ends as a server should, is shown where it is called.
"""

import socket
from pathlib import Path

import pytest

from render.ledger import callback_tokens, open_ledger
from tests.flows.cli.in_process import tailframe
from tests.projects import write_project
from tests.render.callbacks.server_process import CallbackServerProcess
from tests.thinning import exhaustive

URL = ("--public-url", "https://calls.example.com")


@pytest.fixture(autouse=True)
def _no_ledger_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TAILFRAME_LEDGER_URL", raising=False)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (("--public-url", "http://calls.example.com"), "only https is allowed"),
        (("--public-url", "https://192.168.0.4"), "in a private network"),
        (("--public-url", "https://calls.example.com/?x"), "no plain address"),
        (("--public-url", "auto", "--host", "192.0.2.7"), "is for this machine only"),
    ],
)
def test_an_address_that_no_vendor_can_call_ends_it_with_2(tmp_path: Path, options: tuple[str, ...], said: str) -> None:
    """Nothing listens, and no ledger is made."""
    project = write_project(tmp_path)
    done = tailframe("callbacks", project, *options)
    assert (done.exit_code, said in done.stderr) == (2, True), done.stderr
    assert not (project / ".tailframe").exists()


def test_it_needs_a_ledger(tmp_path: Path) -> None:
    """A folder that is no series has none, and none is made there."""
    done = tailframe("callbacks", tmp_path, *URL)
    assert done.exit_code == 2
    assert "is no series, and TAILFRAME_LEDGER_URL names no ledger" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_port_that_is_taken_ends_it_with_2(tmp_path: Path) -> None:
    """It says what to do."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = tailframe("callbacks", write_project(tmp_path), *URL, "--port", str(port))
    assert done.exit_code == 2
    assert f"port {port} cannot be had (Address already in use)." in done.stderr


@exhaustive
def test_it_is_known_while_it_serves_and_says_where_its_address_leads_elsewhere(tmp_path: Path) -> None:
    """What this machine cannot see, vendors may: orders carry links all the same. A clean end is known at once."""
    url, told = f"sqlite:///{tmp_path / 'l.sqlite'}", "https://127.0.0.1:1/below"
    with open_ledger(url) as ledger, CallbackServerProcess.command(url, "--public-url", f"{told}/") as server:
        assert server.first_line == f"callbacks are taken at {server.url}; vendors are told {told}\n"
        assert server.read_line().startswith(f"{told} does not lead here, as far as this machine can see")
        assert ledger.read(callback_tokens.callback_server_url) == told
        assert server.interrupt() == (0, "no more callbacks are taken\n")
        assert ledger.read(callback_tokens.callback_server_url) is None


def test_help_shows_what_can_be_typed() -> None:
    """Help says what it is for."""
    done = tailframe("callbacks", "--help")
    assert done.exit_code == 0
    assert "tailframe callbacks my-series --public-url https://calls.example.com" in done.stdout
