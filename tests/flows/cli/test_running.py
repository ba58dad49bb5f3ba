"""produce as a shell runs it: the real command, an embedded Prefect, real clips; its codes, its words, its silence."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.flows.episodes import film
from tests.flows.runs import ROOT, takes_of, tiny_project
from tests.projects import scene, shot
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, prefect_state: Path) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_DEBUG", "PREFECT_API_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(prefect_state))


def start(*arguments: str | Path) -> subprocess.Popen[str]:
    """The command in a process of its own, where Ctrl-C arrives as in a terminal."""
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_an_episode_is_made_and_its_path_is_the_result(tmp_path: Path) -> None:
    """Results on standard output, one line a change on standard error, nothing of Prefect's on either."""
    project = film(tmp_path, scene("lamp", shot("010"), shot("020")), provider="animatic", ledger=False)
    command = start("produce", project, "e01")
    out, err = command.communicate(timeout=120)
    assert (command.returncode, out) == (0, f"{project / 'output/e01/e01.mp4'}\n"), err
    assert Path(out.strip()).stat().st_size > 0
    lines = err.splitlines()
    assert all(line.startswith("e01 ") for line in lines), err
    assert any(line.startswith("e01 lamp/010 done ") and line.endswith(" $0.00") for line in lines)
    assert lines[-1].startswith("e01 2 of 2 shots, $0.00")


@exhaustive
def test_ctrl_c_ends_in_order_and_the_next_run_goes_on(tmp_path: Path) -> None:
    """130 and one sentence; then only what is missing is made, by the takes that were opened."""
    project = tiny_project(tmp_path)
    command = start("produce", project, "e01")
    assert command.stderr is not None
    while "generating" not in command.stderr.readline():
        assert command.poll() is None
    command.send_signal(signal.SIGINT)
    _, err = command.communicate(timeout=60)
    assert command.returncode == 130
    assert err.splitlines()[-1].startswith("interrupted; what is paid for is written down")
    assert "Traceback" not in err

    again = start("produce", project, "e01")
    _, err = again.communicate(timeout=120)
    assert again.returncode == 0, err
    assert sorted(take.number for take in takes_of(project)) == [1, 1, 1, 1]


@exhaustive
def test_a_budget_refuses_with_the_sums(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str) -> None:
    """3, the figures, and nothing claimed; the vendor is not even asked."""
    monkeypatch.setenv("PYTHONPATH", f"{ROOT / 'tests/acme/site'}:{ROOT}:{os.environ['PYTHONPATH']}")
    monkeypatch.setenv("ACME_BASE_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("ACME_API_KEY", "acme-key")
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    project = tiny_project(tmp_path, provider="acme")
    command = start("produce", project, "e01", "--yes", "--budget", "0.10")
    out, err = command.communicate(timeout=120)
    assert (command.returncode, out) == (3, ""), err
    assert "$0.10" in err
    assert "Traceback" not in err
    assert takes_of(project) == ()
