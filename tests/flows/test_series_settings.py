"""Who pays at Oxen.ai by the series' own word: it reaches the order and the list of jobs, and no wish."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.doctor.vendor_checks import look_at_vendor
from flows.run.series_settings import with_series_settings
from storyboard.loading import load_project
from tests.flows.accounts import Account, chain, sandbox
from tests.flows.cli.in_process import tailframe
from tests.flows.doctor.checks import around
from tests.flows.episodes import actions, edit, plain_environment, shoot, takes_of
from tests.render.sandbox.standing import Standing

pytestmark = pytest.mark.timeout(300)


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0.05) as standing:
        yield standing


@pytest.fixture
def oxen(standing: Standing, monkeypatch: pytest.MonkeyPatch) -> Account:
    """This process buys from Oxen.ai's stand-in, whose books are empty."""
    plain_environment(monkeypatch)
    monkeypatch.delenv("OXEN_NAMESPACE", raising=False)
    account = Account(standing, "oxen")
    account.renew()
    for name, value in (standing.environment | {"TAILFRAME_POLL_INTERVAL": "0.05"}).items():
        monkeypatch.setenv(name, value)
    return account


def paid_by(project: Path, namespace: str) -> None:
    """Write into the series who pays."""
    edit(project, '"version": 1', f'"version": 1, "vendors": {{"oxen": {{"namespace": "{namespace}"}}}}', "series.yaml")


def namespaces(oxen: Account) -> list[str | None]:
    """Whom each order names, in order."""
    return [job["body"].get("target_namespace") for job in oxen.standing.jobs()]


def test_the_series_says_who_pays_and_the_environment_comes_first(
    oxen: Account, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each order holds the namespace; a change of it, or none, buys nothing again; `plan` tells who pays."""
    project = chain(tmp_path, oxen, "010", spare=3)
    paid_by(project, "studio-1")
    told = tailframe("plan", project, "e01").output
    assert "the namespace studio-1 pays oxen and keeps the results" in " ".join(told.split())

    assert shoot(project).exit_code == 0
    assert namespaces(oxen) == ["studio-1"]
    wish = takes_of(project)[0].wish

    edit(project, "studio-1", "studio-2", "series.yaml")
    assert actions(project) == {"lamp/010": "reuse"}
    assert "studio-2" not in tailframe("plan", project, "e01").output, "nothing is paid for"
    for value, sent in (("operator", "operator"), ("", None)):
        monkeypatch.setenv("OXEN_NAMESPACE", value)
        assert "studio-2" not in tailframe("plan", project, "e01", "--new-take", "lamp/010").output
        assert shoot(project, new_take=True).exit_code == 0
        assert namespaces(oxen)[-1] == sent
    assert {take.wish for take in takes_of(project)} == {wish}


def test_a_list_of_jobs_is_asked_for_by_the_same_name(oxen: Account, tmp_path: Path) -> None:
    """Where an answer is lost, the job is looked for among those of whoever paid, and so does the doctor."""
    project = chain(tmp_path, oxen, "010")
    paid_by(project, "studio-1")
    oxen.standing.plan(vendor="oxen", where="create", what="drop", when="after")
    shoot(project)
    assert tailframe("reconcile", project).exit_code in {0, 1}
    listed = [each["path"] for each in oxen.standing.log() if each["kind"] == "list"]
    assert listed
    assert all("namespace=studio-1" in path for path in listed), listed

    before = len(oxen.standing.log())
    asyncio.run(look_at_vendor("oxen", around(project)))
    (asked, *_) = oxen.standing.log()[before:]
    assert "namespace=studio-1" in asked["path"]


@pytest.mark.parametrize("namespace", ["a/b", "a b", "studio?x=1", "größe", "", "-studio", "s" * 65])
def test_a_namespace_is_letters_digits_and_dashes(oxen: Account, tmp_path: Path, namespace: str) -> None:
    """It comes from whoever wrote the series: `check` says where it is wrong, and nothing is asked."""
    project = chain(tmp_path, oxen, "010")
    paid_by(project, namespace)
    told = tailframe("check", project)
    assert told.exit_code == 2
    assert "series.yaml:" in told.output
    assert "namespace" in told.output
    assert oxen.jobs() == []


def test_what_the_environment_holds_stays(oxen: Account, tmp_path: Path) -> None:
    """A series adds what is missing, and nothing else."""
    project = chain(tmp_path, oxen, "010")
    series = load_project(project).series
    assert with_series_settings({"OXEN_API_KEY": "k"}, series) == {"OXEN_API_KEY": "k"}
    paid_by(project, "studio")
    series = load_project(project).series
    assert with_series_settings({"A": "b"}, series) == {"A": "b", "OXEN_NAMESPACE": "studio"}
    assert with_series_settings({"OXEN_NAMESPACE": "mine"}, series) == {"OXEN_NAMESPACE": "mine"}
