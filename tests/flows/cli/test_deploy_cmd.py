"""`tailframe deploy` refuses what cannot be deployed before it asks a server. What it brings: `test_deploying`."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.prefect.checkout import as_workers_see
from flows.prefect.deployment_list import Hours
from tests.flows.cli.in_process import tailframe

ROOT = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def no_server(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def test_without_a_server_there_is_nowhere_to_deploy_to() -> None:
    """No server is started for it: what it held would be gone at once."""
    done = tailframe("deploy", "projects/lighthouse")
    assert done.exit_code == 2
    assert "PREFECT_API_URL" in done.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--nightly", "12:00"), "a night that begins at 12:00 is not within its window, 22:00 to 06:00"),
        (("--nightly", "25:00"), "'25:00' is no hour"),
        (("--from", "22:00", "--until", ""), "two hours"),
        (("--time-zone", "Berlin"), "no time zone 'Berlin'"),
        (("--budget", "much"), "much"),
    ],
)
def test_a_night_that_cannot_be_is_refused(arguments: tuple[str, ...], said: str) -> None:
    """With what is wrong of its hours or its budget."""
    done = tailframe("deploy", "projects/lighthouse", *arguments)
    assert done.exit_code == 2
    assert said in " ".join(done.output.split())


def test_workers_are_told_a_project_as_they_see_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """In the checkout from there, elsewhere by its whole path; a snapshot by its name."""
    snapshot = f"snapshot:{'6d' * 32}"
    monkeypatch.chdir(ROOT / "projects")
    assert as_workers_see("lighthouse") == "projects/lighthouse"
    monkeypatch.chdir(tmp_path)
    (tmp_path / "film").mkdir()
    assert as_workers_see("film") == str(tmp_path / "film")
    assert as_workers_see(snapshot) == snapshot


def test_a_night_begins_by_the_clock_of_its_zone() -> None:
    """As a server schedules it."""
    assert Hours(begins="23:05").cron == "5 23 * * *"
