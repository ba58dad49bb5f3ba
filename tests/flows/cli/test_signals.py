"""Signals to the real command while a vendor holds back its answers: what was ordered is known, whatever comes."""

import os
import pty
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest

from render.ledger import Take, open_ledger_read_only, queries
from storyboard.takes import TakeState
from tests.flows.accounts import Account, chain, sandbox
from tests.flows.runs import ROOT, takes_of
from tests.render.sandbox.standing import Standing
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)

HELD_S = 2.5
SHOTS = ("010", "020", "030")


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Standing]:
    with sandbox(tmp_path_factory.mktemp("sandbox") / "state", job_seconds=0) as standing:
        yield standing


@pytest.fixture
def account(standing: Standing) -> Account:
    """At a vendor that tells nobody of its jobs, and answers every order late."""
    account = Account(standing, "kinovi")
    account.renew()
    standing.plan(where="create", what="slow", when="after", seconds=HELD_S, times=None)
    return account


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, prefect_url: str) -> None:
    monkeypatch.setenv("PREFECT_API_URL", prefect_url)


@exhaustive
@pytest.mark.parametrize(
    "burst",
    [
        pytest.param((signal.SIGINT,) * 10, id="Ctrl-C ten times"),
        pytest.param((signal.SIGHUP, signal.SIGTERM, signal.SIGQUIT, signal.SIGHUP), id="one of each"),
    ],
)
def test_no_burst_of_signals_loses_an_order(burst: Sequence[signal.Signals], account: Account, tmp_path: Path) -> None:
    """130, told once what is waited for and how to end at once; every job at the vendor is one take's."""
    project = chain(tmp_path, account, *SHOTS, continuity="none")
    command = begun(account, "produce", project, "e01", "--yes")
    for each in burst:
        command.send_signal(each)
        time.sleep(0.04)
    out, err = command.communicate(timeout=60)

    assert (command.returncode, out) == (130, ""), err
    assert err.splitlines()[-1].startswith("interrupted; what is paid for is written down")
    assert err.rstrip().endswith(f"to end what can be ended there: tailframe cancel {project} e01")
    assert err.count(f"To end at once: kill -9 {command.pid}") == 1
    assert "Traceback" not in err
    all_known(takes_of(project), account)


@exhaustive
def test_a_terminal_that_is_closed_loses_no_order(account: Account, tmp_path: Path) -> None:
    """The kernel hangs up, and nothing can be written any more: the run ends in order all the same."""
    project = chain(tmp_path, account, *SHOTS, continuity="none")
    with terminal(account, "produce", project, "e01", "--yes") as (pid, close):
        close()
        _, status = os.waitpid(pid, 0)

    assert os.waitstatus_to_exitcode(status) == 130
    all_known(takes_of(project), account)


@exhaustive
def test_a_rehearsal_is_left_in_order_too(account: Account, tmp_path: Path) -> None:
    """Its stand-in goes on answering until what was sent to it is known."""
    project = chain(tmp_path / "project", account, *SHOTS, continuity="none")
    faults = tmp_path / "faults.yaml"
    faults.write_text(f"- {{where: create, what: slow, when: after, seconds: {HELD_S}, times: null}}\n")
    command = start(account, "rehearse", project, "e01", "--faults", faults)
    books = project / ".tailframe/rehearsals/sandbox/sandbox.sqlite"
    while not count_of_jobs(books):
        assert command.poll() is None
        time.sleep(0.02)
    for _ in range(3):
        command.send_signal(signal.SIGINT)
        time.sleep(0.04)
    _, err = command.communicate(timeout=60)

    assert command.returncode == 130, err
    ledger = open_ledger_read_only(f"sqlite:///{project}/.tailframe/rehearsals/ledger.sqlite")
    assert ledger is not None
    takes = ledger.read(queries.takes, "lighthouse")
    assert {take.state for take in takes} <= {TakeState.SUBMITTED, TakeState.PLANNED}
    assert sum(take.job_id is not None for take in takes) == count_of_jobs(books)


def all_known(takes: Sequence[Take], account: Account) -> None:
    """The vendor's books and the ledger agree: each job is one take's, and nothing is unknown."""
    jobs = sorted(job["id"] for job in account.jobs())
    assert jobs
    assert sorted(str(take.job_id) for take in takes if take.job_id) == jobs
    assert {take.state for take in takes} <= {TakeState.SUBMITTED, TakeState.PLANNED}


def count_of_jobs(books: Path) -> int:
    """How many jobs a sandbox wrote down there, once it did."""
    with suppress(sqlite3.Error), closing(sqlite3.connect(f"file:{books}?mode=ro", uri=True)) as read:
        return int(read.execute("SELECT count(*) FROM jobs").fetchone()[0])
    return 0


def start(account: Account, *arguments: str | Path) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "flows.cli", *map(str, arguments)],
        cwd=ROOT,
        env=account.environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def begun(account: Account, *arguments: str | Path) -> subprocess.Popen[str]:
    """The command, once the vendor has a job of it and holds back the answer."""
    command = start(account, *arguments)
    until_a_job_exists(account, lambda: command.poll() is None)
    return command


@contextmanager
def terminal(account: Account, *arguments: str | Path) -> Iterator[tuple[int, Callable[[], None]]]:
    """The command on a terminal of its own, once the vendor has a job of it; and how to close the terminal."""
    pid, screen = pty.fork()
    if pid == 0:
        os.chdir(ROOT)
        os.execve(sys.executable, [sys.executable, "-m", "flows.cli", *map(str, arguments)], account.environment)
    until_a_job_exists(account, lambda: bool(os.read(screen, 4096)))
    yield pid, lambda: os.close(screen)


def until_a_job_exists(account: Account, lives: Callable[[], bool]) -> None:
    while not account.jobs():
        assert lives()
        time.sleep(0.02)
