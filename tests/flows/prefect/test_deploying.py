"""Deployed from the file and from Python to a real server: the same is there, nothing doubles, switches stay."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.flows.prefect.deployed_server import DeployedServer, deployed_server
from tests.projects import write_project
from tests.thinning import exhaustive

pytestmark = [exhaustive, pytest.mark.timeout(300)]

ROOT = Path(__file__).parents[3]
ITS_OWN = {
    "id",
    "created",
    "updated",
    "flow_id",
    "created_by",
    "updated_by",
    "last_polled",
    "status",
    "version_id",
    "labels",
}
"""What a server gives a thing by itself, and how its worker is."""
OF_THE_CHECKOUT = {"version", "version_info"}
"""Told by `prefect deploy` of the Git commit that it stands on."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[DeployedServer]:
    """With everything deployed from the file."""
    project = write_project(tmp_path_factory.mktemp("studio"))
    with deployed_server(tmp_path_factory.mktemp("prefect"), project) as server:
        yield server


def there(server: DeployedServer) -> dict[str, dict[str, Any]]:
    """Every deployment as the server's API tells it, by name, as far as somebody decides it."""
    found = server.ask("POST", "/deployments/filter", json={})
    assert len({each["name"] for each in found}) == len(found)
    return {each["name"]: _decided(each) for each in found}


def _decided(found: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in found.items() if name not in ITS_OWN | OF_THE_CHECKOUT}
    limit = kept.pop("global_concurrency_limit")
    schedules = [
        {name: value for name, value in schedule.items() if name not in ITS_OWN | {"deployment_id"}}
        for schedule in kept.pop("schedules")
    ]
    return {**kept, "limit": limit["limit"], "schedules": sorted(schedules, key=lambda each: str(each["slug"]))}


def without_choices(deployments: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """The same, with forms that know no project."""
    return {
        name: {**each, "parameter_openapi_schema": _plain(each["parameter_openapi_schema"])}
        for name, each in deployments.items()
    }


def _plain(field: Any) -> Any:
    """A schema in which any text can be typed where a project's own are listed."""
    if isinstance(field, list):
        return [_plain(each) for each in field]
    if not isinstance(field, dict):
        return field
    if "anyOf" in field and field["anyOf"][0].get("title") == "Of this project":
        kinds = [{name: value for name, value in each.items() if name != "title"} for each in field["anyOf"][1:]]
        rest = {name: value for name, value in field.items() if name != "anyOf"}
        return {**rest, **kinds[0]} if len(kinds) == 1 else {**rest, "anyOf": kinds}
    return {name: _plain(value) for name, value in field.items()}


def from_python(server: DeployedServer, *arguments: str) -> str:
    """`tailframe deploy` of the example, in the checkout."""
    done = server.tailframe("deploy", "projects/lighthouse", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def identities(server: DeployedServer) -> dict[str, tuple[str, ...]]:
    found = server.ask("POST", "/deployments/filter", json={})
    return {each["name"]: (each["id"], *(on["id"] for on in each["schedules"])) for each in found}


def switch(server: DeployedServer, name: str, *, on: bool) -> None:
    """Switch the first schedule of a deployment, as Prefect's pages do."""
    found = server.ask("GET", f"/deployments/name/{name}/{name}")
    path = f"/deployments/{found['id']}/schedules/{found['schedules'][0]['id']}"
    server.ask("PATCH", path, json={"active": on})


def test_both_ways_a_server_has_the_same(server: DeployedServer) -> None:
    """Each deployment, by all that its API tells of it; what Python adds are a project's choices alone."""
    by_file = there(server)
    for identity, *_ in identities(server).values():
        server.ask("DELETE", f"/deployments/{identity}")
    assert there(server) == {}

    named = from_python(server)

    by_python = there(server)
    assert without_choices(by_python) == by_file
    assert sorted(each.partition("/")[2] for each in named.split()) == sorted(by_file)
    offered = by_python["produce"]["parameter_openapi_schema"]["properties"]["episode"]["anyOf"][0]["enum"]
    assert offered == sorted(file.stem for file in (ROOT / "projects/lighthouse/episodes").glob("*.yaml"))


def test_deployed_again_nothing_doubles_and_nothing_is_new(server: DeployedServer) -> None:
    """Either way, after either way: the same deployments and schedules, by their ids."""
    first, before = identities(server), there(server)
    for deploy in (server.deploy, lambda: from_python(server), lambda: from_python(server), server.deploy):
        deploy()
        assert identities(server) == first
        assert without_choices(there(server)) == without_choices(before)


def test_a_schedule_that_somebody_switched_on_stays_on(server: DeployedServer) -> None:
    """And one that they switched off again stays off, whichever way it is deployed anew."""
    for on in (True, False):
        switch(server, "nightly", on=on)
        for deploy in (server.deploy, lambda: from_python(server)):
            deploy()
            (schedule,) = there(server)["nightly"]["schedules"]
            assert (schedule["slug"], schedule["active"]) == ("nightly", on)


def test_a_schedule_that_somebody_added_stays_when_it_is_deployed_from_python(server: DeployedServer) -> None:
    """As Prefect's pages add one: without a slug."""
    found = server.ask("GET", "/deployments/name/nightly/nightly")
    mine = {"schedule": {"cron": "30 4 * * *", "timezone": "UTC"}, "active": False}
    server.ask("POST", f"/deployments/{found['id']}/schedules", json=[mine])
    switch(server, "approvals", on=True)

    from_python(server, "--nightly", "23:30", "--until", "05:00", "--budget", "7.50", "--time-zone", "UTC")

    found = server.ask("GET", "/deployments/name/nightly/nightly")
    crons = {(each["slug"], each["schedule"]["cron"], each["active"]) for each in found["schedules"]}
    assert crons == {(None, "30 4 * * *", False), ("nightly", "30 23 * * *", False)}
    (ours,) = [each for each in found["schedules"] if each["slug"] == "nightly"]
    assert found["parameters"] == ours["parameters"]
    assert (ours["parameters"]["budget_usd"], ours["parameters"]["window_until"]) == (7.5, "05:00")
    assert there(server)["approvals"]["schedules"][0]["active"]


def test_a_work_pool_that_is_not_there_is_told(server: DeployedServer) -> None:
    """With the command that makes it, before anything is deployed."""
    done = server.tailframe("deploy", "projects/lighthouse", "--pool", "stage")
    assert (done.returncode, done.stdout) == (1, "")
    assert "has no work pool stage" in done.stderr
    assert "prefect worker start --pool stage --type process" in done.stderr
