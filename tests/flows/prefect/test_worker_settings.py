"""A worker without a checkout, a key or the name of a project: package, secret block and variables serve."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.flows.prefect.deployed_server import ENDS, DeployedServer, deployed_server
from tests.leaks import files_that_show, shows
from tests.projects import episode_file, scene, series_file, shot, write_project
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

pytestmark = [exhaustive, pytest.mark.timeout(400)]

ROOT = Path(__file__).parents[3]
KEY = "sk-Rv7Qm2Zp4Xk9Lw3Tb8NyJc5"
TOLD, TOLD_BY_THE_COPY = "nothing was approved of what runs wait for", "nothing was approved, says the package"


class Studio:
    """A server, a worker that has Tailframe as a package elsewhere, and a vendor that asks for a key."""

    def __init__(self, server: DeployedServer, folder: Path) -> None:
        self.server, self.folder = server, folder

    def python(self, code: str, **more: str) -> None:
        """Something that an operator does beside the server."""
        environment = {**self.server.environment, **more}
        done = subprocess.run(
            [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr

    def run(self, deployment: str, **parameters: object) -> dict[str, Any]:
        """A run to its end; nothing that the worker writes meanwhile may show the key."""
        begun = self.server.begin(deployment, **parameters)
        deadline = time.monotonic() + 150
        while (run := self.server.ask("GET", f"/flow_runs/{begun}"))["state_type"] not in ENDS:
            assert time.monotonic() < deadline, run["state_name"]
            assert self.shown() == []
            time.sleep(0.05)
        return dict(run)

    def shown(self) -> list[str]:
        """The files of server, worker and project that hold the key."""
        try:
            return files_that_show(KEY, self.folder)
        except FileNotFoundError:  # gone while it was to be read
            return []


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Studio]:
    folder = tmp_path_factory.mktemp("searched")
    package, home, tmp = folder / "package", folder / "prefect", folder / "tmp"
    for each in (package, home, tmp):
        each.mkdir()
    for floor in ("flows", "render", "storyboard"):
        shutil.copytree(ROOT / floor, package / floor, ignore=shutil.ignore_patterns("__pycache__"))
    look_again = package / "flows/prefect/look_again.py"
    assert TOLD in look_again.read_text()
    look_again.write_text(look_again.read_text().replace(TOLD, TOLD_BY_THE_COPY))
    standing = Standing(tmp_path_factory.mktemp("sandbox"), job_seconds=0.05)
    standing.start("--key", KEY)
    vendors = {name: value for name, value in standing.environment.items() if not name.endswith("_API_KEY")}
    more = {
        **vendors,
        "PYTHONPATH": str(package),
        "TMPDIR": str(tmp),
        "TAILFRAME_DEBUG": "1",
        "TAILFRAME_POLL_INTERVAL": "0.1",
        "PREFECT_LOGGING_LEVEL": "DEBUG",
        "PREFECT_LOGGING_ROOT_LEVEL": "DEBUG",
    }
    with deployed_server(home, _project(folder / "series"), **more) as server:
        yield Studio(server, folder)
    standing.close()


def _project(folder: Path) -> Path:
    shots = [shot("010", "the lamp burns", provider="kinovi")]
    series = series_file(defaults={"resolution": "480p"}, delivery={"master": {"width": 160, "height": 90, "fps": 24}})
    return write_project(folder, series=series, episodes={"e01": episode_file("e01", scene("lamp", *shots))})


def test_a_package_without_a_checkout_runs_every_deployment(studio: Studio) -> None:
    """The run's own code is that of the package; a project is named by its whole path."""
    run = studio.run("approvals/approvals")
    assert (run["state_type"], run["state"]["message"]) == ("COMPLETED", TOLD_BY_THE_COPY)


def test_a_key_comes_from_a_secret_block_and_is_left_nowhere(studio: Studio) -> None:
    """Without it the vendor cannot be asked; with it the episode is made. No log, answer, artifact or file shows it."""
    without = studio.run("produce/produce", episode="e01")
    assert without["state_type"] == "FAILED"
    assert "KINOVI_API_KEY" in json.dumps(without["state"])

    saving = "import os; from prefect.blocks.system import Secret; Secret(value=os.environ['K']).save('kinovi-api-key')"
    studio.python(saving, K=KEY)
    made = studio.run("produce/produce", episode="e01")

    assert made["state_type"] == "COMPLETED", made["state"]["message"]
    assert (studio.server.project / "output/e01/e01.mp4").stat().st_size > 0
    assert not shows(json.dumps(_answers(studio.server.ask)), KEY)
    assert studio.shown() == []


def _answers(ask: Callable[..., Any]) -> list[Any]:
    """All that the server tells of runs to whoever does not ask for secrets."""
    kinds = ("flow_runs", "task_runs", "logs", "artifacts", "deployments", "events", "variables", "block_documents")
    bodies = {"events": {"filter": {}}}
    return [ask("POST", f"/{kind}/filter", json=bodies.get(kind, {"limit": 200})) for kind in kinds]


def test_what_a_form_leaves_empty_is_a_variable_of_the_server(studio: Studio) -> None:
    """Project and budget; without one, what is missing is told, and nothing is made."""
    nobody = studio.run("approvals/approvals", project="")
    assert nobody["state_type"] == "FAILED"
    assert "tailframe_project" in nobody["state"]["message"]

    studio.server.ask("POST", "/variables/", json={"name": "tailframe_project", "value": str(studio.server.project)})
    assert studio.run("approvals/approvals", project="")["state"]["message"] == TOLD_BY_THE_COPY

    broke = studio.run("nightly/nightly", project="", budget_usd=None, window_from="", window_until="")
    assert broke["state_type"] == "FAILED"
    assert "tailframe_budget_usd" in broke["state"]["message"]


def test_a_night_orders_within_its_hours_alone(studio: Studio) -> None:
    """Started outside them it says so and is no failure; within them it is made, under the variable's budget."""
    studio.server.ask("POST", "/variables/", json={"name": "tailframe_budget_usd", "value": 10})
    now = datetime.now(UTC)

    def hours(begins: float, ends: float) -> dict[str, str]:
        shown = [f"{now + timedelta(hours=each):%H:%M}" for each in (begins, ends)]
        return {"window_from": shown[0], "window_until": shown[1], "time_zone": "UTC"}

    outside = studio.run("nightly/nightly", budget_usd=None, **hours(4, 6))
    assert (outside["state_type"], outside["state_name"]) == ("COMPLETED", "OutsideWindow")
    within = studio.run("nightly/nightly", budget_usd=None, **hours(-2, 2))
    assert (within["state_type"], within["state_name"]) == ("COMPLETED", "Completed")
