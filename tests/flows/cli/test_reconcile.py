"""Takes whose outcome is unknown are settled by a person's word, one at a time, and money follows."""

import json
from pathlib import Path
from typing import Any

import pytest

from tests.flows.cli.in_process import make, tailframe
from tests.projects import write_project


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL", "TAILFRAME_DEBUG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project one of whose takes got no answer."""
    root = write_project(tmp_path)
    make(root, "lamp/010", "unknown", words="the connection broke after the order was sent")
    return root


def status(project: Path) -> Any:
    return json.loads(tailframe("status", project, "e01", "--json").stdout)


def test_unknown_money_stays_reserved(project: Path) -> None:
    """Until somebody knows better, what may have been spent cannot be spent again."""
    assert status(project)["reserved_usd"] == "0.40"
    assert status(project)["shots"][0]["state"] == "unknown"


def test_what_was_not_charged_is_free_again(project: Path) -> None:
    """With one unknown take, nothing has to be named."""
    done = tailframe("reconcile", project, "--not-charged")
    assert done.exit_code == 0, done.stderr
    assert (status(project)["spent_usd"], status(project)["reserved_usd"]) == ("0.00", "0.00")


def test_what_was_charged_is_spent(project: Path) -> None:
    """The reservation becomes spent, and a new take may be made."""
    assert tailframe("reconcile", project, "--charged").exit_code == 0
    assert (status(project)["spent_usd"], status(project)["reserved_usd"]) == ("0.40", "0.00")


def test_among_several_one_has_to_be_named(project: Path) -> None:
    """Nothing is guessed: the unknown takes are listed, by names that can be typed."""
    make(project, "shore/010", "unknown")
    done = tailframe("reconcile", project, "--not-charged")
    assert done.exit_code == 2
    assert "e01/lamp/010:1 (unknown), e01/shore/010:1 (unknown)" in done.stderr
    settled = tailframe("reconcile", project, "--not-charged", "--take", "e01/shore/010:1")
    assert settled.exit_code == 1
    assert settled.stdout.startswith("e01/lamp/010:1 animatic")


def test_a_name_that_fits_no_take_settles_none(project: Path) -> None:
    """A slip changes nothing."""
    done = tailframe("reconcile", project, "--charged", "--take", "e01/lamp/010:9")
    assert done.exit_code == 2
    assert "--take e01/lamp/010:9 is none that can be settled" in done.stderr
    silent = tailframe("reconcile", project, "--take", "e01/lamp/010:1")
    assert silent.exit_code == 2
    assert "say what became of e01/lamp/010:1" in silent.stderr
    assert status(project)["reserved_usd"] == "0.40"


def test_one_word_at_a_time(project: Path) -> None:
    """Contradictions are wrong input."""
    assert tailframe("reconcile", project, "--charged", "--not-charged").exit_code == 2
