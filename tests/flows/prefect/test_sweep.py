"""What dead workers leave is settled, collected and asked for again without a person, and nothing is paid twice."""

import asyncio
import time
import uuid
from collections.abc import Callable, Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.prefect.automations import SWEEP, apply_automations, automations
from flows.prefect.silent_runs import mark_silent_runs
from flows.run.leftovers import series_of_snapshot, sweep_ledger
from flows.run.workspace import open_workspace, workspace_of
from render.ledger import queries
from storyboard.loading import load_project
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.flows.episodes import buys_from, film, ledger_of, money, produce, takes_of, three_shots
from tests.flows.prefect.deployed_server import DeployedServer, deployed_server
from tests.thinning import exhaustive

NOW = timedelta(0)
SILENT_FOR = timedelta(seconds=40)


def swept(project: Path, patience: timedelta = timedelta(hours=1)) -> list[str]:
    """Sweep the project's ledger; what it says of each series."""

    async def sweep() -> list[str]:
        async with open_workspace(project) as workspace:
            return [each.message for each in await sweep_ledger(workspace, load_project(project).series, patience)]

    return asyncio.run(sweep())


def test_a_sweep_collects_what_earlier_runs_left(acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Jobs are settled and clips fetched, whatever the storyboard asks for now; nothing is ordered."""
    buys_from(acme, monkeypatch)
    acme.restart(job_seconds=2)
    project = film(tmp_path, *three_shots(continuity="none"))
    assert swept(project) == ["lighthouse: nothing was left"]
    produce(project, patience=NOW)
    orders = len(acme.jobs())
    assert swept(project, NOW) == [f"lighthouse: {orders} still running"]
    assert swept(project) == [f"lighthouse: {orders} done"]
    assert (len(acme.jobs()), money(project)) == (orders, (acme.charged_usd(), Decimal(0)))
    assert {take.state for take in takes_of(project)} <= {TakeState.DONE, TakeState.PLANNED}


def test_a_sweep_asks_of_a_lost_order_and_sends_none(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """It adopts the one job that fits; what never arrived stays unknown, for a person."""
    buys_from(acme, monkeypatch)
    acme.script(on="create", do="drop", when="after", prompt="lights the lamp")
    acme.script(on="create", do="drop", when="before", prompt="against the swell")
    project = film(tmp_path, *three_shots(continuity="none"))
    produce(project)
    creates = len(acme.heard("create"))
    assert swept(project)[0] in {
        "lighthouse: 1 unknown: tailframe reconcile",
        "lighthouse: 1 done, 1 unknown: tailframe reconcile",
    }
    assert len(acme.heard("create")) == creates
    assert [take.state.value for take in takes_of(project, "shore/010")] == ["unknown"]


def test_another_series_of_the_ledger_is_read_from_its_snapshot(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Its YAML alone is fetched, and says what it says of its vendors."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots(), vendors={"oxen": {"namespace": "studio"}})
    produce(project, shots=frozenset())
    workspace = workspace_of(project)
    with ledger_of(project) as ledger:
        snapshot = ledger.read(queries.newest_snapshot, "lighthouse")
    assert snapshot is not None
    said = series_of_snapshot(snapshot, workspace.store, tmp_path / "scratch")
    assert said is not None
    assert (said.series, said.vendors.oxen.namespace) == ("lighthouse", "studio")


def test_only_runs_of_ours_wake_the_sweep() -> None:
    """By tag and flow, so that neither a stranger's run nor one of the sweep itself does."""
    *_, crashed, cancelled = automations(uuid.uuid4())
    for each in (crashed, cancelled):
        tag, flow = each.trigger.match_related  # type: ignore[union-attr]
        assert tag.model_dump()["prefect.resource.id"] == "prefect.tag.tailframe"
        assert "sweep" not in flow.model_dump()["prefect.resource.name"]
    assert [each.name for each in automations(None)] == [
        "tailframe: no heartbeat, so the run has crashed",
        "tailframe: taken and never heard of, so the run has crashed",
    ]


def test_a_run_is_listened_for_from_when_a_worker_takes_it() -> None:
    """Who dies before a run's first heartbeat leaves it pending or running, and nobody would hear of it again."""
    _, never = automations(None)
    after, expected = set(never.trigger.after), set(never.trigger.expect)  # type: ignore[union-attr]
    assert {"prefect.flow-run.Pending", "prefect.flow-run.Running"} <= after
    assert {"prefect.flow-run.heartbeat", "prefect.flow-run.AwaitingConcurrencySlot"} <= expected
    assert not after & expected


@pytest.fixture
def deployed(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[DeployedServer]:
    """Everything deployed, with a worker that buys from an Acme whose jobs take a while."""
    buys_from(acme, monkeypatch)
    acme.restart(job_seconds=20)
    project = film(tmp_path_factory.mktemp("film"), *three_shots())
    more = {name: value for name, value in acme.process_environment().items() if name.startswith(("ACME", "PYTHON"))}
    soon = {
        "TAILFRAME_POLL_INTERVAL": "0.2",
        "PREFECT_FLOWS_HEARTBEAT_FREQUENCY": "30",
        "PREFECT_SERVER_EVENTS_EXPIRED_BUCKET_BUFFER": "PT1S",
    }
    with deployed_server(tmp_path_factory.mktemp("prefect"), project, **more, **soon) as server:
        yield server


def applied(deployed: DeployedServer, silent_for: timedelta) -> list[str]:
    """Make the automations on that server, from this process."""
    from prefect.settings import PREFECT_API_URL, temporary_settings

    with temporary_settings({PREFECT_API_URL: deployed.url}):
        return asyncio.run(apply_automations(silent_for))


@exhaustive
@pytest.mark.timeout(900)
def test_a_dead_worker_costs_nothing(deployed: DeployedServer, acme: Acme) -> None:
    """Its run is marked Crashed for want of heartbeats, the sweep is woken and asks for it again, and the episode is
    complete without a person: every shot made once, the books equal. Automations that are applied twice are no more.

    This server is on SQLite, where an automation may miss that the heartbeats end; the sweep's own look does not. That
    an automation marks is seen on PostgreSQL, where a drill kills a worker.
    """
    assert [each.rpartition(": ")[2] for each in applied(deployed, SILENT_FOR)] == ["made"] * 4
    off = next(each for each in every(deployed, "automations") if "cancelled" in each["name"])
    deployed.ask("PATCH", f"/automations/{off['id']}", json={"enabled": False})
    told = applied(deployed, SILENT_FOR)
    assert [each.rpartition(": ")[2] for each in told] == ["up to date"] * 3 + ["up to date, and switched off"]
    assert len(every(deployed, "automations")) == 4

    run = deployed.begin("produce/produce", episode="e01", budget_usd=2)
    wait_until(lambda: len(acme.jobs()) == 2)
    deployed.stop_worker()
    assert state_of(deployed, run) == "RUNNING"
    assert marked(deployed, timedelta(minutes=10)) == []
    wait_until(lambda: marked(deployed, SILENT_FOR) != [] or state_of(deployed, run) == "CRASHED")
    dead = deployed.until(run, frozenset({"CRASHED"}))
    assert marked(deployed, NOW) == []
    assert "nothing was heard of this run for 40 s" in dead["state"]["message"]
    wait_until(lambda: len(runs_of(deployed, "sweep")) == 1)
    deployed.start_worker()
    wait_until(lambda: len(runs_of(deployed, "produce")) == 2)
    (again,) = [each for each in runs_of(deployed, "produce") if each["id"] != run]
    assert (again["idempotency_key"], again["parameters"]) == (f"again-{run}", dead["parameters"])
    assert f"tailframe-again:{run}" in again["tags"]
    ended = deployed.until(again["id"], frozenset({"COMPLETED"}))
    assert ended["name"] == "lighthouse e01"
    assert (len(acme.jobs()), money(deployed.project)) == (3, (acme.charged_usd(), Decimal(0)))

    last = deployed.run(SWEEP)
    assert last["state"]["message"] == "lighthouse: nothing was left"
    assert len(runs_of(deployed, "produce")) == 2
    with ledger_of(deployed.project) as ledger:
        tries = [line for line in ledger.read(queries.budgets, "lighthouse") if line.scope == "run"]
    assert {line.key.partition("-try-")[0] for line in tries} == {f"{run}-e01"}, "both tries share one budget"


def marked(deployed: DeployedServer, silent_for: timedelta) -> list[str]:
    """What a sweep marks as crashed there, from this process."""
    from prefect.client.orchestration import get_client
    from prefect.settings import PREFECT_API_URL, temporary_settings

    async def mark() -> list[str]:
        async with get_client() as client:
            return await mark_silent_runs(client, silent_for)

    with temporary_settings({PREFECT_API_URL: deployed.url}):
        return asyncio.run(mark())


def state_of(deployed: DeployedServer, run: str) -> str:
    return str(deployed.ask("GET", f"/flow_runs/{run}")["state_type"])


def every(deployed: DeployedServer, what: str) -> list[dict[str, Any]]:
    return list(deployed.ask("POST", f"/{what}/filter", json={}))


def runs_of(deployed: DeployedServer, flow: str) -> list[dict[str, Any]]:
    asked = {"flows": {"name": {"any_": [flow]}}}
    return list(deployed.ask("POST", "/flow_runs/filter", json=asked))


def wait_until(true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 200
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.3)
