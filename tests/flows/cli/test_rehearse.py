"""`tailframe rehearse` as a shell runs it: what it refuses, what it prints, and that nothing of it stays behind."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import TINY, film, plain_environment
from tests.flows.forked_commands import run
from tests.projects import episode_file, png, reference_files, scene, series_file, shot, write_project
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def state(tmp_path: Path, prefect_state: Path) -> Path:
    """A state folder of the test's own, with the migrated database of them all."""
    databases = Path("tailframe", "prefect", "databases")
    (prefect_state / databases).mkdir(parents=True, exist_ok=True)
    own = tmp_path / "state" / databases
    own.parent.mkdir(parents=True)
    own.symlink_to(prefect_state / databases)
    return tmp_path / "state"


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, state: Path) -> None:
    """A person without any settings and without a key."""
    plain_environment(monkeypatch)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(state))


def one_shot(folder: Path) -> Path:
    """A second of film by Kinovi."""
    files = {name: png(320, 320, (20, 90, 160)) for name in reference_files() if name.endswith(".png")}
    series = series_file(defaults={"provider": "kinovi", "resolution": "480p"}, delivery=TINY)
    return write_project(
        folder, series=series, episodes={"e01": episode_file("e01", scene("a", shot("1")))}, files=files
    )


@contextmanager
def rehearsing(project: Path, *options: str) -> Iterator[subprocess.Popen[str]]:
    """The command in a process of its own, where Ctrl-C arrives as in a terminal; a test that fails leaves none."""
    command = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "rehearse", str(project), "e01", *options],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield command
    finally:
        command.kill()
        command.communicate()


def ran(project: Path, *options: str) -> tuple[int, str, str]:
    """The command to its end: its code, and what it said on either stream."""
    return run("rehearse", project, "e01", *options, timeout=120)


def processes_naming(folder: Path) -> list[str]:
    """Every process on this machine whose command line names a folder."""
    lines = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            line = (process / "cmdline").read_bytes().replace(b"\0", b" ").decode()
        except OSError:
            continue
        lines += [line] if str(folder) in line and process.name != str(os.getpid()) else []
    return lines


@exhaustive
def test_ctrl_c_leaves_nothing_running_and_the_same_command_goes_on(tmp_path: Path, state: Path) -> None:
    """130, no sandbox and no server stay; then the job that was ordered is carried on, and none is ordered again."""
    project = one_shot(tmp_path)
    with rehearsing(project, "--job-seconds", "2") as command:
        assert command.stderr is not None
        while "generating" not in (line := command.stderr.readline()):
            assert line, "it ended before its job was under way"
        assert any("render.sandbox" in line for line in processes_naming(project))
        command.send_signal(signal.SIGINT)
        _, err = command.communicate(timeout=120)
    assert command.returncode == 130, err
    assert err.splitlines()[-1].startswith("interrupted; what is paid for is written down")
    assert "Traceback" not in err
    assert processes_naming(project) == []
    assert processes_naming(state) == []

    code, out, err = ran(project)
    assert code == 0, err
    master, ended, *account = out.splitlines()
    assert master == str(project / ".tailframe/rehearsals/output/e01/e01.mp4")
    assert ended == "lighthouse e01 is complete after 1 round, and nothing was paid"
    assert "ordered         1 order sent, 1 job at the vendors" in account
    assert "would cost      $0.30" in account
    assert processes_naming(project) == []


def animatic(folder: Path) -> tuple[Path, list[str]]:
    return film(folder, provider="animatic", ledger=False), []


def stranger(folder: Path) -> tuple[Path, list[str]]:
    return film(folder, provider="acme", ledger=False), []


def nobody(folder: Path) -> tuple[Path, list[str]]:
    return film(folder, provider="animatic", ledger=False), ["--provider", "kinowi"]


def no_plan(folder: Path) -> tuple[Path, list[str]]:
    return film(folder, provider="kinovi", ledger=False), ["--faults", str(folder / "none.yaml")]


@pytest.mark.parametrize(
    ("asked", "words"),
    [
        (animatic, "there is nothing to rehearse"),
        (stranger, "and not for acme. Choose one with --provider"),
        (nobody, "there is no provider 'kinowi'"),
        (no_plan, "none.yaml"),
    ],
)
def test_what_cannot_be_rehearsed_is_told_at_once(
    tmp_path: Path, asked: Callable[[Path], tuple[Path, list[str]]], words: str
) -> None:
    """2, the reason, and what to type instead; nothing is started and no folder is made."""
    project, options = asked(tmp_path)
    done = tailframe("rehearse", project, "e01", *options)
    assert done.exit_code == 2, done.output
    assert words in " ".join(done.stderr.split())
    assert not (project / ".tailframe").exists()


def test_a_cap_of_the_project_ends_it_with_3(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prefect_url: str) -> None:
    """With the sums on standard error, as `produce` would; what is for scripts stays alone on standard output."""
    project = one_shot(tmp_path)
    written: dict[str, Any] = json.loads((project / "series.yaml").read_text())
    (project / "series.yaml").write_text(json.dumps({**written, "budget": {"run": 0.1}}))
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)
    code, out, err = ran(project, "--json")
    assert code == 3, err
    assert "refused: the run budget of $0.10 has $0.10 left" in err
    told = json.loads(out)
    assert (told["complete"], told["master"], told["orders"], told["vendors"]) == (False, None, 0, [])
