"""Every way in which a command can end has its code and its sentence, and never a traceback."""

import asyncio
import errno
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
import typer

from flows.cli.exits import ExitCode, guarded
from flows.errors import ServerError, SettingsError, UsageError
from render.claim_errors import BudgetRefused, OnHold, Unpriced
from render.errors import BadSetting, LedgerError, MediaError
from storyboard.errors import CannotBind, InvalidProject, Mistake, NoSuchName, Position

MISTAKES = InvalidProject(
    [
        Mistake(
            Position("episodes/e01.yaml", 9, 15),
            "unknown name 'maria'; did you mean 'mara'?",
            '      prompt: "{{ maria }}"',
        ),
        Mistake(Position("series.yaml", 3, 1), "unknown key 'titel'; did you mean 'title'?", "titel: The Last Lamp"),
    ]
)
REFUSED = BudgetRefused(
    scope="day", key="2026-11-20", cap=Decimal(40), spent=Decimal(30), reserved=Decimal(5), asked=Decimal(8)
)


@pytest.fixture(autouse=True)
def no_debugging(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("TAILFRAME_DEBUG", raising=False)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def ends(action: Callable[[], int | None], **arguments: object) -> int:
    """The exit code of a command that does this."""

    def command(**_: object) -> int | None:
        return action()

    with pytest.raises(typer.Exit) as caught:
        guarded(command)(**arguments)
    return caught.value.exit_code


def raising(error: BaseException) -> Callable[[], None]:
    def action() -> None:
        raise error

    return action


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (MISTAKES, 2, "series.yaml:3:1: unknown key 'titel'; did you mean 'title'?\n    titel: The Last Lamp\n    ^"),
        (CannotBind("lamp/010", "acme", "it sells 15 s at most", "Split it"), 2, "lamp/010: acme: it sells 15 s"),
        (NoSuchName("shot", "lamp/01", ["lamp/010"], "lamp/010"), 2, "did you mean 'lamp/010'?"),
        (SettingsError({"OXEN_BASE_URL": "is not a URL"}), 2, "OXEN_BASE_URL: is not a URL"),
        (BadSetting("ACME_API_KEY", "is not set"), 2, "ACME_API_KEY is not set"),
        (UsageError("there is no terminal to ask at"), 2, "no terminal"),
        (REFUSED, 3, "the day budget (2026-11-20) of $40.00 has $5.00 left"),
        (Unpriced("the price of acme-1 at 4k is not known"), 3, "is not known"),
        (MemoryError(), 1, "this machine has no memory left for this. End other programs"),
        (RuntimeError("can't start new thread"), 1, "this machine has no thread left for this"),
        (OnHold("the series is on hold"), 1, "on hold"),
        (LedgerError("the ledger is of another version; run `tailframe migrate`"), 1, "tailframe migrate"),
        (MediaError("ffmpeg failed", stderr="moov atom not found"), 1, "moov atom not found"),
        (ServerError("the embedded Prefect server did not answer"), 1, "did not answer"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (asyncio.CancelledError(), 130, "interrupted"),
        (typer.Abort(), 130, "interrupted"),
        (
            OSError(errno.ENOSPC, "No space left on device", "/disk/full"),
            1,
            "No space left on device: /disk/full. Check",
        ),
    ],
)
def test_each_error_has_its_code_and_its_words(
    capsys: pytest.CaptureFixture[str], error: BaseException, code: int, words: str
) -> None:
    """A script can tell apart wrong input, a refused budget, an interruption and the rest; a person can read why."""
    assert ends(raising(error)) == code
    captured = capsys.readouterr()
    assert words in captured.err
    assert "Traceback" not in captured.err
    assert captured.out == ""


def test_every_mistake_is_shown_and_counted(capsys: pytest.CaptureFixture[str]) -> None:
    """One run shows all there is to mend."""
    ends(raising(MISTAKES))
    assert capsys.readouterr().err.splitlines()[-1] == "2 mistakes to mend"


def test_a_command_says_its_own_code() -> None:
    """What a command returns is the exit code; nothing means that all is done."""
    assert ends(lambda: ExitCode.NOT_DONE) == 1
    assert ends(lambda: None) == 0


def test_what_nobody_expected_is_kept_in_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    """One sentence on the terminal; the traceback in the project's private folder, ready to be sent."""
    (tmp_path / "series.yaml").touch()
    assert ends(raising(ZeroDivisionError("division by zero")), project=tmp_path) == 1
    err = capsys.readouterr().err
    (log,) = (tmp_path / ".tailframe/logs").iterdir()
    assert "ZeroDivisionError: division by zero" in err
    assert str(log) in err
    assert "Traceback" not in err
    assert "Traceback" in log.read_text()
    assert log.read_text().startswith("tailframe ")


def test_a_folder_that_is_no_project_is_left_clean(tmp_path: Path) -> None:
    """The log goes to Tailframe's own state where the folder holds no series."""
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    ends(raising(ZeroDivisionError()), project=folder)
    assert list(folder.iterdir()) == []
    assert list((tmp_path / "state/tailframe/logs").iterdir())


def test_debugging_shows_the_traceback(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """TAILFRAME_DEBUG=1 is for whoever mends Tailframe."""
    monkeypatch.setenv("TAILFRAME_DEBUG", "1")
    assert ends(raising(OnHold("on hold"))) == 1
    assert "Traceback" in capsys.readouterr().err


def test_a_reader_that_has_seen_enough_is_no_failure() -> None:
    """`tailframe … | head -1` is quiet and ends well."""
    program = (
        "import typer\nfrom flows.cli.exits import guarded\n"
        "try:\n    guarded(lambda: print('a line\\n' * 100_000))()\n"
        "except typer.Exit as end:\n    raise SystemExit(end.exit_code)\n"
    )
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        assert process.stderr.read() == b""
    assert process.returncode == 0


WAITING = (
    "import time, typer\nimport flows.cli as cli\n"
    "from flows.cli.exits import guarded\n"
    "def wait():\n    print('waiting', flush=True)\n    time.sleep(60)\n"
    "cli.app.command()(guarded(wait))\n"
    "import sys\nsys.argv = ['tailframe', 'wait']\ncli.main()\n"
)


@pytest.mark.parametrize("told", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT])
def test_being_told_to_end_is_being_interrupted(told: signal.Signals) -> None:
    """Whatever signal asks for the end, ten times: it is as Ctrl-C once, also in a shell's background."""
    with waiting("INT QUIT") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        for _ in range(10):
            os.kill(process.pid, told)
        _, err = process.communicate(timeout=10)
    assert process.returncode == 130
    assert err.splitlines()[0].startswith(b"interrupted")
    assert len(err.splitlines()) == 1


def test_nohup_is_obeyed() -> None:
    """What was started so that it outlives its terminal does."""
    with waiting("HUP") as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"waiting\n"
        os.kill(process.pid, signal.SIGHUP)
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(0.5)
        os.kill(process.pid, signal.SIGTERM)
        assert process.wait(10) == 130


def waiting(ignoring: str) -> subprocess.Popen[bytes]:
    """A command that waits, started with these signals ignored."""
    shell = ["sh", "-c", f"trap '' {ignoring}; exec \"$@\"", "sh", sys.executable, "-c", WAITING]
    return subprocess.Popen(shell, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def test_signals_that_come_while_python_ends_change_no_exit_code() -> None:
    """What is left of a burst finds a process that is over already, to the last moment of it."""
    process = subprocess.Popen(
        [sys.executable, "-m", "flows.cli", "--version"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None
    process.stdout.readline()
    while process.poll() is None:
        os.kill(process.pid, signal.SIGQUIT)
        time.sleep(0.0002)
    process.communicate(timeout=10)
    assert process.returncode in {0, 130}
