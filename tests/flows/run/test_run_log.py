"""A run can be followed afterwards: each decision is in its log once, with its sums and without secrets."""

from __future__ import annotations

import io
import json
import logging
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from flows.errors import SettingsError
from flows.run.run_log import KEPT, run_log
from flows.settings import read_settings
from flows.terminal.progress import LineReporter
from render.decisions import decided
from render.ledger import queries, transitions
from render.ledger.database import open_engine, writing
from render.ledger.state_machine import CLAIM
from tests.acme.fixture import Acme
from tests.flows.accounts import Account, chain, make_shots, sandbox
from tests.flows.cli.in_process import make, tailframe
from tests.flows.episodes import buys_from, film, ledger_of, produce, takes_of, three_shots
from tests.flows.runs import ROOT
from tests.leaks import files_that_match
from tests.projects import write_project
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

SIGNATURE = re.compile(rb"(?i)signature(?:=|%3d)[0-9a-f]{16}")
SHOTS = ("e01/lamp/010", "e01/lamp/020", "e01/shore/010")
_LOG = logging.getLogger("render.test")


def logs(project: Path) -> list[Path]:
    return sorted((project / ".tailframe/logs").glob("run-*"))


def decisions(*files: Path) -> list[dict[str, Any]]:
    """What JSON logs say was decided, in order; every line is an object."""
    told = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    assert all({"at", "level", "logger", "text"} <= set(each) for each in told)
    return [each for each in told if "decision" in each]


def of(decision: str, told: list[dict[str, Any]]) -> Counter[str]:
    """How often it was decided, by shot."""
    return Counter(each.get("shot", "") for each in told if each["decision"] == decision)


@pytest.fixture
def as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TAILFRAME_LOG", "json")


def test_a_whole_run_tells_each_decision_once(
    acme: Acme, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    """From the first claim to the joined master, with the ledger's sums; standard error has the same lines."""
    acme.restart(job_seconds=0)
    buys_from(acme, monkeypatch, TAILFRAME_LOG="json")
    project = film(tmp_path, *three_shots())
    capfd.readouterr()
    assert produce(project).exit_code == 0
    (file,) = logs(project)
    told = decisions(file)

    once = Counter(dict.fromkeys(SHOTS, 1))
    for decision in ("opened", "claimed", "sent", "polled", "generated", "downloaded", "done", "shot done"):
        assert of(decision, told) == once, decision
    assert of("conformed", told) == Counter(dict.fromkeys((shot.partition("/")[2] for shot in SHOTS), 1))
    for decision in ("run begun", "joined", "archived", "run ended"):
        assert sum(each["decision"] == decision for each in told) == 1, decision
    claims = [each for each in told if each["decision"] == "claimed"]
    assert {each["reserved_usd"] for each in claims} == {"0.40"}
    assert {each["vendor"] for each in claims} == {"acme@stand-in"}
    assert [each["cost_usd"] for each in told if each["decision"] == "generated"] == ["0.40"] * 3
    assert {each["run"] for each in told if "run" in each} == {takes_of(project)[0].run}
    said = capfd.readouterr().err.splitlines()
    assert [line for line in said if line.startswith("{")] == file.read_text().splitlines()

    assert produce(project).exit_code == 0
    again = decisions(*(set(logs(project)) - {file}))
    assert of("reused", again) == once
    assert of("claimed", again) == Counter()


def test_an_animatic_is_told_too(monkeypatch: pytest.MonkeyPatch, acme: Acme, tmp_path: Path) -> None:
    """As text, in a file of its owner's alone, unless somebody asks otherwise; nothing of it is on standard error."""
    buys_from(acme, monkeypatch)
    project = film(tmp_path, *three_shots()[1:], provider="animatic")
    assert produce(project).exit_code == 0
    (file,) = logs(project)
    assert file.stat().st_mode & 0o777 == 0o600
    lines = file.read_text().splitlines()
    words = [line.split(" ", 3)[3] for line in lines]
    for decision in ("claimed", "sent", "generated", "downloaded", "done"):
        (line,) = [each for each in words if each.startswith(f"{decision} e01/shore/010:1 at animatic")]
        assert line
    assert sum(each.startswith("joined") for each in words) == 1


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@pytest.mark.usefixtures("as_json")
def test_a_hosted_vendors_run_holds_no_secret(
    standing: Standing, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Uploads, an answer that was lost, a failed job: all told, and no key and no signed link."""
    account = Account(standing, "evolink")
    account.renew()
    for name, value in account.environment.items():
        monkeypatch.setenv(name, value)
    standing.plan(vendor="evolink", where="job", what="fail", prompt="boat 020")
    standing.plan(vendor="evolink", where="create", what=500, when="after", prompt="boat 010")
    project = chain(tmp_path, account, "010", "020", continuity="none")
    assert make_shots(project) == {"lamp/010": "unknown", "lamp/020": "failed"}
    make_shots(project)

    told = decisions(*logs(project))
    one, two = "e01/lamp/010", "e01/lamp/020"
    assert of("unanswered", told) == of("adopted", told) == Counter({one: 1})
    assert of("failed", told) == Counter({two: 1})
    assert of("claimed", told) == Counter({one: 1, two: 2})
    published = [each for each in told if each["decision"] == "published"]
    assert [each["reference"] for each in published] == ["references/cast/mara.png"] * 2  # once a run
    folder = project / ".tailframe/logs"
    assert files_that_match(re.compile(b"sandbox-key"), folder) == []
    assert files_that_match(SIGNATURE, folder) == []


@pytest.mark.usefixtures("as_json")
def test_a_persons_word_is_told_and_every_line_of_the_command_is_json(tmp_path: Path) -> None:
    """What the command says in words is an object too, so that a program can read all of standard error."""
    project = write_project(tmp_path)
    make(project, "lamp/010", "unknown")
    done = tailframe("reconcile", project, "--not-charged")
    assert done.exit_code == 0
    lines = [json.loads(line) for line in done.stderr.splitlines()]
    assert [each["decision"] for each in lines if "decision" in each] == ["settled"]
    assert [each["text"] for each in lines if "logger" not in each] == [
        "e01/lamp/010:1 was not charged; its money is free again",
        "no outcome is unknown",
    ]


@pytest.mark.usefixtures("as_json")
def test_a_runs_news_are_json_beside_a_json_log() -> None:
    """A line a change, as ever."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream)
    reporter.shot("lamp/010", "failed", "a\x1b[31m\nb")
    reporter.close()
    texts = [json.loads(line)["text"] for line in stream.getvalue().splitlines()]
    assert texts[0].startswith("e01 lamp/010 failed")


class Screen(io.StringIO):
    """A terminal, as far as anybody asks."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("asked", ["text", "json", None])
def test_a_terminal_is_told_nothing(asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its table stays whole, whatever is asked for; the file has the lines."""
    screen = Screen()
    monkeypatch.setattr(sys, "stderr", screen)
    with run_log(tmp_path, asked), run_log(tmp_path, asked):
        decided(_LOG, "claimed", shot="e01/a/1", take=1, reserved_usd=Decimal("0.4"), why="key=abcdefgh\x1b[31m")
    (file,) = tmp_path.iterdir()
    assert screen.getvalue() == ""
    (line,) = file.read_text().splitlines()
    assert "claimed" in line
    assert "0.40" in line
    assert "abcdefgh" not in line
    assert "\x1b" not in line


def test_off_writes_nothing(tmp_path: Path) -> None:
    """Neither a file nor a line."""
    with run_log(tmp_path, "off"):
        decided(_LOG, "claimed")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_form_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """With its variable, and what it may be."""
    monkeypatch.setenv("TAILFRAME_LOG", "xml")
    with pytest.raises(SettingsError, match="TAILFRAME_LOG: must be one of: 'text', 'json' or 'off'"):
        read_settings()


def test_old_files_go_and_a_folder_that_cannot_be_written_ends_no_run(tmp_path: Path) -> None:
    """The newest are kept; a log is never a reason to stop."""
    for number in range(KEPT + 3):
        (tmp_path / f"run-20200101T{number:06}-1.log").touch()
    (tmp_path / "error-20200101T000000-1.log").touch()
    with run_log(tmp_path, None):
        decided(_LOG, "claimed")
    assert len(list(tmp_path.glob("run-*"))) == KEPT
    assert len(list(tmp_path.glob("error-*"))) == 1
    (tmp_path / "a file").touch()
    with run_log(tmp_path / "a file", None):
        decided(_LOG, "claimed")


class Boom(Exception):
    """Ends a transaction."""


def test_what_is_rolled_back_was_never_decided(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """A move is told once it is on disk, and not before."""
    project = write_project(tmp_path)
    take = make(project, "lamp/010", "unknown")
    caplog.set_level(logging.INFO)
    with ledger_of(project) as ledger:
        engine = open_engine(ledger._engine.url)
        with suppress(Boom), writing(engine) as tx:
            transitions.note(tx, queries.take(tx, take.id), take.state, "never")
            raise Boom
        assert not [each for each in caplog.records if "never" in each.getMessage()]
        with writing(engine) as tx:
            transitions.note(tx, queries.take(tx, take.id), take.state, "at last")
            assert not transitions.move(tx, queries.take(tx, take.id), CLAIM)
            assert not [each for each in caplog.records if "at last" in each.getMessage()]
        engine.dispose()
    assert sum(each.getMessage().endswith("at last") for each in caplog.records) == 1


FOLLOWED = """
import io, logging, threading
from flows.prefect.server import prefect_server

with prefect_server() as server, server.connected():
    from prefect import flow
    from flows.prefect.prefect_log import decisions_told
    from render.decisions import decided

    run, console = logging.StreamHandler(io.StringIO()), logging.StreamHandler(io.StringIO())
    logging.getLogger("prefect.flow_runs").addHandler(run)
    logging.getLogger().addHandler(console)

    @flow
    def follows():
        with decisions_told():
            told = {"shot": "e01/a/1"}
            thread = threading.Thread(target=decided, args=(logging.getLogger("render.x"), "claimed"), kwargs=told)
            thread.start()
            thread.join()

    follows()
    print([each.stream.getvalue().count("claimed e01/a/1") for each in (run, console)])
"""


@exhaustive
def test_prefects_log_of_a_flow_run_has_it_from_any_thread(prefect_url: str) -> None:
    """The ledger works in threads that no flow run knows of. A worker's console has each line once."""
    environment = os.environ | {"PREFECT_API_URL": prefect_url}
    command = [sys.executable, "-c", FOLLOWED]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.stdout == "[1, 1]\n", done.stderr
