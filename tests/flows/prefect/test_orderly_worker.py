"""`tailframe worker` ends in order: an order on its way is answered first, and Prefect is told of the run's end."""

from __future__ import annotations

import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.settings import places_of, read_settings
from render.ledger import open_ledger, queries
from storyboard.takes import TakeState
from tests.acme.fixture import Acme
from tests.drills.services import ROOT, Service
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import film, plain_environment
from tests.flows.prefect.deployed_server import DeployedServer
from tests.thinning import exhaustive

ORDER_S = 4.0
"""How long the vendor takes to answer an order."""


class OwnWorker(DeployedServer):
    """A server with everything deployed, whose worker is Tailframe's own."""

    worker: Service

    def _spawn(self, *arguments: str) -> None:
        if arguments[0] != "worker":
            super()._spawn(*arguments)
            return
        self.worker = Service(
            name="worker",
            command=[sys.executable, "-m", "flows.cli", "worker", "--pool", "studio", "--name", "own"],
            environment=self.environment,
            folder=ROOT,
            log=self._home / "worker.log",
        )
        self.worker.start()

    def stop(self) -> None:
        """End them all."""
        self.worker.kill()
        super().stop()


@pytest.fixture
def studio(acme: Acme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OwnWorker]:
    """A project whose vendor answers no order for some seconds."""
    plain_environment(monkeypatch)
    project = film(tmp_path)
    home = tmp_path / "prefect"
    home.mkdir()
    often = {"TAILFRAME_POLL_INTERVAL": "0.1", "PYTHONPATH": acme.process_environment()["PYTHONPATH"]}
    studio = OwnWorker(home, project, acme.environment | often)
    try:
        studio.start()
        studio.deploy()
        yield studio
    finally:
        studio.stop()
        studio.api.close()


def takes(project: Path, state: TakeState) -> int:
    """How many takes are in this state."""
    with open_ledger(places_of(project, read_settings()).ledger) as ledger:
        return len(ledger.read(queries.takes, "lighthouse", states=(state,)))


def until_one_is(project: Path, state: TakeState) -> None:
    deadline = time.monotonic() + 90
    while not takes(project, state):
        assert time.monotonic() < deadline, f"no take is {state}"
        time.sleep(0.1)


@exhaustive
@pytest.mark.timeout(300)
def test_a_worker_that_is_told_to_end_waits_for_the_answers_to_its_orders(studio: OwnWorker, acme: Acme) -> None:
    """Each job is in the ledger, no outcome is unknown, and the run does not stay `Running` on the server."""
    acme.script(on="create", do="stall", seconds=ORDER_S, times=None)
    run_id = studio.begin("produce/produce", episode="e01", budget_usd=10)
    until_one_is(studio.project, TakeState.SUBMITTING)
    process = studio.worker._process
    assert process is not None
    os.kill(process.pid, signal.SIGTERM)
    assert process.wait(60) == 0, studio.worker.words()
    assert takes(studio.project, TakeState.SUBMITTING) == takes(studio.project, TakeState.UNKNOWN) == 0
    assert takes(studio.project, TakeState.SUBMITTED) == len(acme.jobs()) >= 1
    assert studio.ask("GET", f"/flow_runs/{run_id}")["state_type"] != "RUNNING"
    acme.forgive()
    studio.worker.start()
    assert studio.run("produce/produce", episode="e01", budget_usd=10)["state_type"] == "COMPLETED"
    assert len(acme.jobs()) == 3


@exhaustive
def test_a_worker_needs_a_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without one Prefect would begin one of its own, whose runs nobody sees."""
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("PREFECT_PROFILES_PATH", str(tmp_path / "profiles.toml"))
    done = tailframe("worker")
    assert done.exit_code == 2
    assert "PREFECT_API_URL names none" in done.output
