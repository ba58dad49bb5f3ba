"""`tailframe doctor` before a sandbox: one line a finding, the same for scripts, and an exit code to rely on."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from tests.docs.pages import ROOT, blocks
from tests.flows.cli.in_process import tailframe
from tests.projects import write_project
from tests.render.sandbox.standing import Standing
from tests.vendors import VENDORS


@pytest.fixture(scope="module")
def typed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    """A sandbox whose Kinovi speaks the newer page's dialect alone."""
    standing = Standing(tmp_path_factory.mktemp("typed"))
    standing.start("--kinovi-dialect", "typed")
    yield standing
    standing.close()


@pytest.fixture
def environment(typed: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """As after copying what the sandbox prints, in an empty folder, with the dialect set right."""
    for name in [name for name in os.environ if re.match(r"TAILFRAME_|PREFECT_", name)]:
        monkeypatch.delenv(name)
    for name, value in (typed.environment | {"KINOVI_DIALECT": "typed", "XDG_STATE_HOME": str(tmp_path)}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def findings(done: Result) -> dict[tuple[str, str], dict[str, Any]]:
    told = json.loads(done.stdout)
    assert set(told) == {"good", "look", "wrong", "absent", "findings"}
    assert sum(told[state] for state in ("good", "look", "wrong", "absent")) == len(told["findings"])
    for each in told["findings"]:
        assert set(each) == {"part", "what", "state", "value", "remedy"}
        assert (each["remedy"] is None) == (each["state"] in {"good", "absent"})
    return {(each["part"], each["what"]): each for each in told["findings"]}


def test_all_is_well_before_a_sandbox(environment: pytest.MonkeyPatch, typed: Standing) -> None:
    """Every vendor is reached and takes its key, nothing is ordered, and the end is 0; the key is nowhere."""
    done = tailframe("doctor", "--json")
    assert done.exit_code == 0, done.stdout
    found = findings(done)
    assert {at for at, each in found.items() if each["state"] != "good"} == {("acme", "set up")}
    for vendor in VENDORS:
        assert found[vendor, "key"]["value"] == "accepted"
    assert found["evolink", "balance"]["value"] == "credits 100000.0, usd 1000"
    assert found["aihubmax", "balance"]["state"] == "good"
    assert found["kinovi", "dialect"]["value"] == "`typed`, as it answers"
    assert found["oxen", "model"]["state"] == "good"
    assert not {"project", "ledger", "store"} & {part for part, _ in found}
    assert typed.jobs() == []
    assert "sandbox-key" not in done.stdout


def test_each_thing_that_is_wrong_is_a_line_with_its_remedy(environment: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A wrong key, a port where nobody listens, the wrong dialect, a wrong variable and a broken ffmpeg at once: 1."""
    environment.setenv("EVOLINK_API_KEY", "sk-secret-0123")
    environment.setenv("AIHUBMAX_BASE_URL", "http://127.0.0.1:1")
    environment.setenv("KINOVI_DIALECT", "urls")
    environment.setenv("TAILFRAME_STORE_URL", "gs://bucket")
    environment.setenv("TAILFRAME_FFMPEG", "/bin/true")
    done = tailframe("doctor", write_project(tmp_path))
    assert done.exit_code == 1
    lines = [" ".join(line.split()) for line in done.stdout.splitlines()]
    for line in (
        "wrong evolink key refused (401): Invalid API Key",
        "Check the key in EVOLINK_API_KEY",
        "wrong aihubmax reached http://127.0.0.1:1: All connection attempts failed",
        "wrong kinovi dialect it answers as `typed`, and orders are spelled as `urls`",
        "wrong environment variable TAILFRAME_STORE_URL must be a folder, or s3://bucket/prefix",
        "wrong ffmpeg program /bin/true does not say that it is ffmpeg",
        "good project story lighthouse: 3 shots in 1 episode, asking animatic",
        "good oxen key accepted",
    ):
        assert line in lines
    parts = [line.split()[1] for line in lines if line.startswith(("good ", "wrong ", "look ", "– "))]
    assert list(dict.fromkeys(parts)) == [
        *("python", "ffmpeg", "prefect", "environment", "network", "project", "ledger", "archive"),
        *sorted(("acme", *VENDORS)),
    ]
    assert lines[-1].endswith("5 wrong")
    assert "sk-secret" not in done.stdout


def test_the_folder_it_is_called_in_is_the_project_where_it_is_one(
    environment: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And a vendor that its shots name has to be set up."""
    project = write_project(tmp_path, series={"defaults": {"provider": ["kinovi", "animatic"]}})
    environment.delenv("KINOVI_API_KEY")
    environment.delenv("OXEN_API_KEY")
    environment.chdir(project)
    done = tailframe("doctor", "--json")
    found = findings(done)
    assert done.exit_code == 1
    assert found["kinovi", "set up"]["state"] == "wrong"
    assert found["oxen", "set up"]["state"] == "absent"
    assert found["ledger", "folder"]["state"] == "good"


def test_a_folder_that_is_not_there_ends_with_2() -> None:
    """Wrong usage is no finding."""
    assert tailframe("doctor", "/no/such/folder").exit_code == 2


def test_the_page_shows_what_scripts_may_rely_on(environment: pytest.MonkeyPatch) -> None:
    """The keys of the sample are those that are printed."""
    (sample,) = [block for block in blocks(ROOT / "docs" / "operators.md", "json") if block.info == "doctor"]
    shown, real = json.loads(sample.text), json.loads(tailframe("doctor", "--json").stdout)
    assert list(shown) == list(real)
    assert {tuple(each) for each in shown["findings"]} == {tuple(each) for each in real["findings"]}
