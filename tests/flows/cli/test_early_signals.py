"""A signal while Python still imports the command's modules: nothing is begun, nothing is lost, and no traceback."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from flows import startup_signals
from flows.cli import INTERRUPTED
from flows.cli.exits import ExitCode
from tests.flows.runs import ROOT

ENTRIES = {
    "the module": ["-m", "flows.cli"],
    "the command": ["-c", "import sys; from flows.cli import main; sys.exit(main())"],
}


@pytest.mark.parametrize("entry", ENTRIES)
@pytest.mark.parametrize("told", startup_signals.SIGNALS)
def test_a_signal_while_modules_are_imported_ends_it_cleanly(entry: str, told: signal.Signals) -> None:
    """130 and one sentence, as at any later moment. Python tells what it has imported: the command is in the midst."""
    with begun(entry) as process:
        process.send_signal(told)
        out, err = process.communicate(timeout=60)

    said = [line for line in err.splitlines() if not line.startswith("import time:")]
    assert (process.returncode, out) == (130, "")
    assert len(said) == 1, said
    assert said[0].startswith("interrupted")


def test_nohup_is_obeyed_from_the_start() -> None:
    """What is to outlive its terminal does."""
    with begun("the module", "nohup") as process:
        process.send_signal(signal.SIGHUP)
        out, _ = process.communicate(timeout=60)
    assert process.returncode == 0
    assert "tailframe" in out


def test_the_exit_code_is_the_one_that_scripts_know() -> None:
    """It is written twice, as what says it first may import nothing."""
    assert INTERRUPTED == ExitCode.INTERRUPTED


def test_what_listens_first_is_there_within_milliseconds() -> None:
    """It imports no module of ours, nor any library."""
    program = f"import sys; sys.path.insert(0, {str(ROOT)!r}); import flows.cli; print(*sys.modules)"
    told = subprocess.run([sys.executable, "-I", "-c", program], capture_output=True, text=True, check=True).stdout
    ours = {name for name in told.split() if name.partition(".")[0] in {"flows", "render", "storyboard"}}
    assert ours == {"flows", "flows.cli", "flows.startup_signals"}
    assert not {"typer", "asyncio", "rich", "pydantic"} & set(told.split())


def begun(entry: str, *before: str) -> subprocess.Popen[str]:
    """The command once it imports its first library."""
    process = subprocess.Popen(
        [*before, sys.executable, "-X", "importtime", *ENTRIES[entry], "--version"],
        cwd=Path(ROOT),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "typer" not in process.stderr.readline():
        assert process.poll() is None
    return process
