"""Whether a window is open now is asked of the clock of the ledger."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from flows.run.night_window import NightWindow, night_window
from flows.run.window_now import open_until
from tests.flows.episodes import plain_environment
from tests.postgres import postgres_ledger_url, postgres_server, postgres_template
from tests.projects import write_project
from tests.thinning import exhaustive

__all__ = ["postgres_ledger_url", "postgres_server", "postgres_template"]


def around(begins: float, ends: float) -> NightWindow:
    """A window from so many hours after now until so many, in UTC."""
    now = datetime.now(UTC)
    window = night_window(*(f"{now + timedelta(hours=each):%H:%M}" for each in (begins, ends)), "UTC")
    assert window is not None
    return window


def check(project: Path) -> None:
    ends = asyncio.run(open_until(project, around(-2, 2)))
    assert ends is not None
    assert timedelta(hours=1) < ends - datetime.now(UTC) <= timedelta(hours=2)
    assert asyncio.run(open_until(project, around(4, 6))) is None


def test_a_ledger_that_is_a_file_goes_by_this_machine(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where nothing was ever made, and no ledger is made for it."""
    plain_environment(monkeypatch)
    project = write_project(tmp_path)
    check(project)
    assert not (project / ".tailframe/ledger.sqlite").exists()


@exhaustive
def test_a_teams_ledger_goes_by_its_servers_clock(
    postgres_ledger_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of which every machine has the same."""
    plain_environment(monkeypatch)
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", postgres_ledger_url)
    check(write_project(tmp_path))
