"""A flow run that is cancelled on Prefect's pages ends in order, and what is paid for is taken up by the next one."""

import time
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path

import pytest

from flows.prefect.cancelled_runs import PREFECTS_WORDS
from flows.run.left_at_vendors import told_left
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.episodes import buys_from, film, money, takes_of, three_shots
from tests.flows.prefect.deployed_server import ENDS, DeployedServer, deployed_server
from tests.render.bookkeeping.ledger_takes import ledger_take
from tests.thinning import exhaustive

CANCELLED = frozenset({"CANCELLED"})
CANCELLING = {"state": {"type": "CANCELLING", "name": "Cancelling"}}


def test_a_cancelled_run_says_how_many_jobs_go_on_and_where() -> None:
    """By account, and what to do; of clips that wait to be fetched too, and nothing where nothing is out."""
    states = [TakeState.SUBMITTED, TakeState.SUBMITTED, TakeState.GENERATED]
    out = [ledger_take(number, account="kinovi", state=state) for number, state in enumerate(states, 1)]
    assert told_left([]) == "no job is out"
    assert told_left(out) == (
        "2 jobs go on at kinovi, 1 clip can be fetched; the next run goes on with them; tailframe cancel ends jobs"
    )
    lost = [ledger_take(1, account="kinovi", state=TakeState.UNKNOWN)]
    assert (
        told_left(lost) == "1 order may have reached a vendor; the next run goes on with it; tailframe cancel ends jobs"
    )


@pytest.fixture
def project(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Three shots at Acme, whose jobs take a while."""
    acme.restart(job_seconds=60)
    buys_from(acme, monkeypatch)
    return film(tmp_path, *three_shots())


@pytest.fixture
def deployed(project: Path, acme: Acme, tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedServer]:
    """Everything deployed, with a worker that buys from Acme."""
    more = {name: value for name, value in acme.process_environment().items() if name.startswith(("ACME", "PYTHON"))}
    with deployed_server(tmp_path_factory.mktemp("prefect"), project, **more, TAILFRAME_POLL_INTERVAL="0.2") as server:
        yield server


@exhaustive
@pytest.mark.timeout(600)
def test_a_cancelled_run_leaves_its_jobs_to_the_next_one(deployed: DeployedServer, project: Path, acme: Acme) -> None:
    """In order: what was paid for is adopted, nothing is paid twice, and the run, its tasks and its log say what goes
    on; the sweep says it once more where Prefect wrote over it.
    """
    run = deployed.begin("produce/produce", episode="e01")
    wait_until(lambda: [take.state.value for take in takes_of(project)].count("submitted") == 2)
    deployed.ask("POST", f"/flow_runs/{run}/set_state", json=CANCELLING)
    assert deployed.until(run, CANCELLED)["name"] == "lighthouse e01"
    wait_until(lambda: deployed.ask("GET", f"/flow_runs/{run}")["state"]["message"] == PREFECTS_WORDS)

    words = "cancelled: 2 jobs go on at acme@stand-in; the next run goes on with them; tailframe cancel ends jobs"
    assert words in deployed.log_of(run)
    states = deployed.ask("GET", f"/flow_run_states/?flow_run_id={run}")
    assert words in [state["message"] for state in states]
    assert "Crashed" not in [state["name"] for state in states]
    states = {name: task["state_name"] for name, task in deployed.tasks_of(run).items()}
    assert states == {"lamp/010": "Cancelled", "shore/010": "Cancelled"}
    assert [take.state.value for take in takes_of(project)].count("submitted") == 2
    assert [job.state for job in acme.jobs()] == ["running", "running"]

    swept = deployed.run("sweep/sweep", patience_s=0)
    assert swept["state"]["message"].endswith("; 1 cancelled run says again what goes on")
    assert deployed.ask("GET", f"/flow_runs/{run}")["state"]["message"] == words

    again = deployed.run("produce/produce", episode="e01")
    assert again["state_type"] == "COMPLETED", again["state"]["message"]
    assert (len(acme.jobs()), money(project)) == (3, (acme.charged_usd(), Decimal(0)))


@exhaustive
@pytest.mark.timeout(600)
def test_jobs_are_ended_from_a_form(deployed: DeployedServer, project: Path, acme: Acme) -> None:
    """Of the named shots alone, at a vendor that can end jobs; what a vendor charges is what counts."""
    run = deployed.begin("produce/produce", episode="e01")
    wait_until(lambda: [take.state.value for take in takes_of(project)].count("submitted") == 2)
    deployed.ask("POST", f"/flow_runs/{run}/set_state", json=CANCELLING)
    deployed.until(run, CANCELLED)
    one = deployed.run("cancel_jobs/cancel-jobs", episode="e01", shots=["shore/010"])
    assert one["state"]["message"].startswith("1 ended, none is out; e01/shore/010:1 is cancelled"), one["state"]
    assert sorted(job.state for job in acme.jobs()) == ["cancelled", "running"]
    assert deployed.run("cancel_jobs/cancel-jobs")["state_type"] == "COMPLETED"
    assert {job.state for job in acme.jobs()} == {"cancelled"}
    assert deployed.run("cancel_jobs/cancel-jobs")["state"]["message"] == "no order is out"
    wrong = deployed.until(deployed.begin("cancel_jobs/cancel-jobs", episode="e01", shots=["shore/020"]), ENDS)
    assert "shore/010" in wrong["state"]["message"]
    assert money(project) == (acme.charged_usd(), Decimal(0))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 120
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.3)
