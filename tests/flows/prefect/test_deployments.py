"""prefect.yaml is held against the flows it names, and then deployed to a real server and run by a real worker."""

import importlib
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from prefect.flows import Flow
from ruamel.yaml import YAML

from flows.prefect.deploy import JOB_VARIABLES, PULL_STEPS
from flows.prefect.deployment_list import Hours, deployments_for
from flows.run.freeze import freeze
from flows.run.options import RunOptions
from flows.run.workspace import workspace_of
from tests.flows.prefect.deployed_server import DeployedServer, deployed_server
from tests.projects import write_project
from tests.thinning import exhaustive

ROOT = Path(__file__).parents[3]
WRITTEN: Mapping[str, Any] = YAML(typ="safe").load(ROOT / "prefect.yaml")
DEPLOYMENTS: list[Mapping[str, Any]] = WRITTEN["deployments"]
NAMES = [deployment["name"] for deployment in DEPLOYMENTS]


def flow_of(deployment: Mapping[str, Any]) -> Flow[..., Any]:
    """The flow that a deployment's entrypoint names."""
    module, _, name = deployment["entrypoint"].rpartition(".")
    flow = getattr(importlib.import_module(module), name)
    assert isinstance(flow, Flow)
    return flow


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)
def test_parameters_fit_the_flow(deployment: Mapping[str, Any]) -> None:
    """Every parameter that a deployment or a schedule sets is one that the flow takes, with a value that it accepts."""
    flow = flow_of(deployment)
    known = flow.parameters.properties
    for schedule in [{}, *(deployment.get("schedules") or [])]:
        given = {**deployment.get("parameters", {}), **schedule.get("parameters", {})}
        assert set(given) <= set(known)
        required = set(flow.parameters.required or []) - set(given)
        assert not (schedule and required), "a schedule asks nobody: it must bring every required parameter"
        if not required:
            flow.validate_parameters(given)


@pytest.mark.parametrize("deployment", DEPLOYMENTS, ids=NAMES)
def test_every_field_of_the_form_is_explained(deployment: Mapping[str, Any]) -> None:
    """The server's form says beside each field what it does, and what the whole flow does."""
    flow = flow_of(deployment)
    assert flow.description
    assert deployment["description"]
    for name, field in flow.parameters.properties.items():
        assert field.get("description"), f"{deployment['name']}: {name} has no description"


def test_every_schedule_has_a_slug_of_its_own_and_stands_as_the_server_has_it() -> None:
    """The server knows a schedule by its slug; whether it is on is never the file's to say."""
    scheduled = [deployment for deployment in DEPLOYMENTS if deployment.get("schedules")]
    schedules = [schedule for deployment in scheduled for schedule in deployment["schedules"]]
    slugs = [schedule["slug"] for schedule in schedules]
    assert len(set(slugs)) == len(slugs) > 0
    assert [schedule["active"] for schedule in schedules] == [f"{{{{ schedules.{slug} }}}}" for slug in slugs]
    (step,) = {json.dumps(deployment["build"]) for deployment in scheduled}
    assert json.loads(step) == [{"flows.prefect.kept_schedules.schedules_as_they_stand": {"id": "schedules"}}]


def test_the_file_says_what_is_deployed_from_python() -> None:
    """One truth, in two spellings: each deployment with all that it has, in one order."""
    told = [
        {
            "name": each.name,
            "description": each.does,
            "entrypoint": each.flow,
            "tags": list(each.tags),
            "parameters": dict(each.parameters),
            "concurrency_limit": {"limit": each.at_once, "collision_strategy": each.beyond},
            "work_pool": {"name": "studio", "work_queue_name": each.queue, "job_variables": JOB_VARIABLES},
            "schedules": [
                {"slug": on.slug, "cron": on.cron, "timezone": on.time_zone, "parameters": dict(on.parameters)}
                for on in each.schedules
            ],
        }
        for each in deployments_for("projects/lighthouse", Hours())
    ]
    assert [_as_written(deployment) for deployment in DEPLOYMENTS] == told
    assert WRITTEN["pull"] == PULL_STEPS


def _as_written(deployment: Mapping[str, Any]) -> dict[str, Any]:
    schedules = [
        {name: value for name, value in schedule.items() if name != "active"}
        for schedule in deployment.get("schedules", [])
    ]
    return {**{name: value for name, value in deployment.items() if name != "build"}, "schedules": schedules}


def test_no_deployment_names_a_file_of_a_checkout() -> None:
    """A worker that has Tailframe as a package runs all of them."""
    assert not any(":" in deployment["entrypoint"] or "/" in deployment["entrypoint"] for deployment in DEPLOYMENTS)


def test_scheduled_runs_have_a_budget() -> None:
    """What runs while nobody watches says what it may spend."""
    for deployment in DEPLOYMENTS:
        spends = "budget_usd" in flow_of(deployment).parameters.properties
        assert spends or "free" in deployment["tags"] or not deployment.get("schedules")
        for schedule in deployment.get("schedules") or [] if spends else []:
            assert {**deployment["parameters"], **schedule["parameters"]}["budget_usd"] > 0


def test_no_deployment_holds_a_folder_of_who_deployed_it() -> None:
    """What a shell says of its folder may be of another one, and a worker elsewhere need not have it."""
    assert set(re.findall(r"{{ *(.)", (ROOT / "prefect.yaml").read_text())) == {"s"}, "only schedules. is filled in"


def test_a_run_of_a_deployment_works_where_its_tailframe_stands(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Wherever its worker was started, and whatever the shell says."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PWD", "/no/such/folder")
    ((step, given),) = WRITTEN["pull"][0].items()
    module, _, name = step.rpartition(".")
    assert getattr(importlib.import_module(module), name)(**given) == {"directory": str(ROOT)}
    assert Path.cwd() == ROOT


@pytest.fixture(scope="module")
def deployed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedServer]:
    """Everything deployed, as docs/operators.md says."""
    project = write_project(tmp_path_factory.mktemp("studio"))
    with deployed_server(tmp_path_factory.mktemp("prefect"), project) as server:
        yield server


@exhaustive
@pytest.mark.timeout(300)
def test_everything_deploys(deployed: DeployedServer) -> None:
    """All deployments are there, with their tags, their limits, and the schedule by its slug, switched off."""
    there = {each["name"]: each for each in deployed.ask("POST", "/deployments/filter", json={})}
    assert sorted(there) == sorted(NAMES)
    for deployment in DEPLOYMENTS:
        found = there[deployment["name"]]
        assert set(found["tags"]) == set(deployment["tags"])
        assert found["work_pool_name"] == "studio"
        assert found["global_concurrency_limit"]["limit"] == deployment["concurrency_limit"]["limit"]
    (schedule,) = there["nightly"]["schedules"]
    assert (schedule["slug"], schedule["active"]) == ("nightly", False)


@exhaustive
@pytest.mark.timeout(300)
def test_a_worker_makes_the_episode_and_then_exactly_the_shots_that_are_named(deployed: DeployedServer) -> None:
    """The produce deployment makes everything once; reshoot with two shots makes those two again and no other."""
    made = deployed.run("produce/produce", episode="e01")
    assert made["state_type"] == "COMPLETED", made["state"]["message"]
    assert (deployed.project / "output/e01/e01.mp4").stat().st_size > 0
    assert deployed.takes() == {"e01/lamp/010": 1, "e01/lamp/020": 1, "e01/shore/010": 1}

    again = deployed.run("reshoot/reshoot", episode="e01", shots=["lamp/020", "shore/010"])
    assert again["state_type"] == "COMPLETED", again["state"]["message"]
    assert deployed.takes() == {"e01/lamp/010": 1, "e01/lamp/020": 2, "e01/shore/010": 2}

    tables = deployed.ask("POST", "/artifacts/latest/filter", json={})
    assert any(table["type"] == "table" for table in tables)


@exhaustive
@pytest.mark.timeout(300)
def test_the_review_room_has_a_retake_made_by_the_deployment(deployed: DeployedServer) -> None:
    """Of the snapshot that a person was shown, by a worker: the room only asks, and is no second engine."""
    workspace = workspace_of(deployed.project)
    snapshot = freeze(deployed.project, workspace.store)
    wanted = RunOptions(
        episode="e01",
        shots=frozenset({"shore/010"}),
        new_take=True,
        snapshot=snapshot,
        agreed_usd=Decimal(0),
    )
    told = {
        "flow": "produce",
        "deployed": True,
        "project": str(deployed.project),
        "parameters": wanted.parameters("produce"),
    }
    before = deployed.takes().get("e01/shore/010", 0)
    environment = {**os.environ, "PREFECT_API_URL": str(deployed.api.base_url).rstrip("/")}
    command = [sys.executable, "-m", "flows.cli.agreed_run"]
    asked = subprocess.run(
        command, input=json.dumps(told), env=environment, cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert asked.returncode == 0, asked.stdout + asked.stderr
    assert "reshoot/reshoot will make it" in asked.stdout
    deadline = time.monotonic() + 120
    while deployed.takes().get("e01/shore/010", 0) == before:
        assert time.monotonic() < deadline, "the worker made nothing"
        time.sleep(0.5)
    (run,) = deployed.ask("POST", "/flow_runs/filter", json={"sort": "EXPECTED_START_TIME_DESC", "limit": 1})
    assert run["parameters"]["snapshot"] == snapshot


@exhaustive
@pytest.mark.timeout(300)
def test_a_schedule_that_is_on_begins_runs(deployed: DeployedServer) -> None:
    """Of nothing else does the server say that its scheduler cannot write: its log has it, and no run ever comes."""
    verify = deployed.ask("GET", "/deployments/name/verify/verify")
    tomorrow = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    every_day = {"active": True, "schedule": {"interval": 86_400, "anchor_date": tomorrow}}
    deployed.ask("POST", f"/deployments/{verify['id']}/schedules", json=[every_day])
    wanted = {"deployments": {"id": {"any_": [verify["id"]]}}}
    deadline = time.monotonic() + 120
    while not deployed.ask("POST", "/flow_runs/filter", json=wanted):
        assert time.monotonic() < deadline, "the server schedules nothing"
        time.sleep(0.5)


@exhaustive
def test_a_form_that_names_no_shot_is_refused(deployed: DeployedServer) -> None:
    """An empty list never means every shot: the server refuses it before a run exists."""
    with pytest.raises(httpx.HTTPStatusError, match="409"):
        deployed.run("reshoot/reshoot", episode="e01", shots=[])
