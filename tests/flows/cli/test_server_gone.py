"""The Prefect server ends in the middle of a run: what is made is made, and the command ends in its own time."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from flows.prefect.server import EmbeddedServer, prefect_server
from tests.flows.runs import tiny_project
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)

IN_ITS_OWN_TIME_S = 100.0
"""From the server's end to the command's, cut included, on a busy machine; Prefect's clients would wait for 150 s."""


def environment(folder: Path) -> dict[str, str]:
    """A person's, with nothing of Prefect and Tailframe set, and a home of the test's own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("PREFECT", "TAILFRAME"))}
    return plain | {"XDG_STATE_HOME": str(folder / "state"), "NO_COLOR": "1"}


def cut_off(project: Path, around: Mapping[str, str], server: int | None = None) -> tuple[int, str, str, float]:
    """Preview e01 and kill its server once a shot is being drawn: exit code, results, news, seconds after the kill."""
    command = [sys.executable, "-m", "flows.cli", "preview", project, "e01"]
    run = subprocess.Popen(command, env=around, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert run.stderr is not None
    before = []
    for line in run.stderr:
        before.append(line)
        if "generating" in line:
            break
    os.kill(server or embedded_of(run.pid), signal.SIGKILL)
    killed = time.monotonic()
    out, err = run.communicate(timeout=200)
    return run.returncode, out, "".join(before) + err, time.monotonic() - killed


def embedded_of(run: int) -> int:
    """The process id of a command's own server."""
    children = [int(pid) for pid in Path(f"/proc/{run}/task/{run}/children").read_text().split()]
    return next(pid for pid in children if b"embedded_server.py" in Path(f"/proc/{pid}/cmdline").read_bytes())


@exhaustive
def test_a_run_whose_own_server_is_killed_ends_well(tmp_path: Path) -> None:
    """Every shot is made and cut, the exit code is the work's, the master is named, and Prefect's loss is told."""
    project = tiny_project(tmp_path / "film")
    code, out, err, took_s = cut_off(project, environment(tmp_path))
    assert (code, out) == (0, f"{project / 'output/e01/preview/e01.mp4'}\n"), err
    assert Path(out.strip()).stat().st_size > 0
    assert err.count("the Prefect server cannot be told how this run ended") == 1
    assert "4 of 4 shots" in err
    assert all(line.startswith("e01 ") for line in err.splitlines()), err
    assert took_s < IN_ITS_OWN_TIME_S


@exhaustive
def test_a_run_whose_named_server_is_killed_ends_well_too(tmp_path: Path) -> None:
    """What listens to its events and its log is gone as well, and is not waited for."""
    project = tiny_project(tmp_path / "film")
    with prefect_server(tmp_path / "other") as server:
        assert isinstance(server, EmbeddedServer)
        with server.connected() as url:
            around = environment(tmp_path) | {"PREFECT_API_URL": url, "PREFECT_HOME": str(tmp_path / "home")}
        code, out, err, took_s = cut_off(project, around, server.pid)
    assert (code, Path(out.strip()).stat().st_size > 0) == (0, True), err
    assert "the Prefect server cannot be told how this run ended" in err
    assert all(line.startswith("e01 ") for line in err.splitlines()), err
    assert took_s < IN_ITS_OWN_TIME_S
