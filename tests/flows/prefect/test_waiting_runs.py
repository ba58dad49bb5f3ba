"""A run of a deployment waits suspended for somebody's word, and goes on by itself, on a real server and worker."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.prefect.nightly import nightly
from flows.prefect.waiting_runs import let_go_on, tag_of
from flows.settings import places_of, read_settings
from render.ledger import Approval, approval_queries, open_ledger
from storyboard.approval_rules import Subject
from tests.acme.fixture import Acme
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import buys_from, edit, film, three_shots
from tests.flows.prefect.deployed_server import ENDS, DeployedServer, deployed_server
from tests.thinning import exhaustive

PAUSED = frozenset({"PAUSED"})


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three shots at Acme, whose storyboard is to be approved."""
    buys_from(acme, monkeypatch)
    return film(tmp_path, *three_shots(), approval={"storyboard": True})


@pytest.fixture
def deployed(project: Path, acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedServer]:
    """Everything deployed, with a worker that buys from Acme."""
    more = {name: value for name, value in acme.process_environment().items() if name.startswith(("ACME", "PYTHON"))}
    often = {"TAILFRAME_POLL_INTERVAL": "0.02"}
    with deployed_server(tmp_path_factory.mktemp("prefect"), project, **more, **often) as server:
        yield server


def approved(project: Path) -> tuple[Approval, ...]:
    """Everything that was ever approved of e01."""
    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        return ledger.read(approval_queries.approvals, "lighthouse", "e01")


def test_a_night_leaves_what_nobody_approved(project: Path, acme: Acme) -> None:
    """Nobody is waited for, and nothing has failed."""
    state = asyncio.run(nightly.fn(project=str(project), budget_usd=5))
    assert (state.name, acme.jobs()) == ("BudgetReached", [])
    assert "the storyboard of e01 is not approved" in state.message


@exhaustive
@pytest.mark.timeout(600)
def test_a_run_waits_over_a_restart_and_goes_on_by_a_form_or_a_command(
    deployed: DeployedServer, project: Path, acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the form showed is made, though the project was edited; that edit waits again, until a command says yes."""
    run = deployed.begin("produce/produce", episode="e01")
    waiting = deployed.until(run, PAUSED)
    assert tag_of("lighthouse", "e01") in waiting["tags"]
    shown = deployed.ask("GET", f"/flow_runs/{run}/input/suspended-approval-1-description")
    assert "storyboard: waits for approval" in shown
    assert acme.jobs() == []

    deployed.stop()
    deployed.start()
    edit(project, "lights the lamp", "drops the lamp")
    assert deployed.ask("GET", f"/flow_runs/{run}")["state_type"] == "PAUSED", "it waits still"
    answer = {"approve": "yes", "name": "Ann", "note": "as it is"}
    deployed.ask("POST", f"/flow_runs/{run}/resume", json={"run_input": answer})
    ended = deployed.until(run, ENDS)
    assert ended["state_type"] == "COMPLETED", ended["state"]["message"]
    (approval,) = approved(project)
    assert (approval.by, approval.words, approval.subject) == ("Ann", "as it is", Subject.STORYBOARD)
    assert any("lights the lamp" in job.prompt for job in acme.jobs())
    assert len(acme.jobs()) == 3

    run = deployed.begin("produce/produce", episode="e01")
    deployed.until(run, PAUSED)
    shown = deployed.ask("GET", f"/flow_runs/{run}/input/suspended-approval-1-description")
    assert "lamp/010 changed: prompt" in shown
    monkeypatch.setenv("PREFECT_API_URL", deployed.url)
    done = tailframe("approve", project, "e01", "storyboard")
    assert (done.exit_code, "goes on" in done.output) == (0, True), done.output
    ended = deployed.until(run, ENDS)
    assert ended["state_type"] == "COMPLETED", ended["state"]["message"]
    assert any("drops the lamp" in job.prompt for job in acme.jobs())

    edit(project, "drops the lamp", "hides the lamp")
    run = deployed.begin("produce/produce", episode="e01")
    deployed.until(run, PAUSED)
    monkeypatch.delenv("PREFECT_API_URL")
    assert tailframe("approve", project, "e01", "storyboard").exit_code == 0
    assert "goes on" in deployed.run("approvals/approvals")["state"]["message"], "whom nobody told looks by itself"
    assert deployed.until(run, ENDS)["state_type"] == "COMPLETED"


@exhaustive
@pytest.mark.timeout(600)
def test_a_run_ends_by_a_no_and_waits_again_without_an_answer(
    deployed: DeployedServer, project: Path, acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Resumed without a word, or with a word of nobody's, it waits again, with a new form."""
    monkeypatch.setenv("PREFECT_API_URL", deployed.url)
    run = deployed.begin("produce/produce", episode="e01")
    for number, answer in enumerate([None, {"approve": "yes", "name": "", "note": ""}], 2):
        deployed.until(run, PAUSED)
        if answer is None:
            assert let_go_on("lighthouse", "e01")
        else:
            deployed.ask("POST", f"/flow_runs/{run}/resume", json={"run_input": answer})
        again = f"/flow_runs/{run}/input/suspended-approval-{number}-description"
        _wait_for_input(deployed, again)
    deployed.until(run, PAUSED)
    deployed.ask("POST", f"/flow_runs/{run}/resume", json={"run_input": {"approve": "no"}})
    ended = deployed.until(run, ENDS)
    assert ended["state_type"] == "FAILED"
    assert "is not approved" in ended["state"]["message"]
    assert (acme.jobs(), approved(project)) == ([], ())


def _wait_for_input(deployed: DeployedServer, path: str) -> None:
    import time

    deadline = time.monotonic() + 120
    while deployed.api.get(path).status_code == 404:
        assert time.monotonic() < deadline, f"{path} is not there"
        time.sleep(0.3)
