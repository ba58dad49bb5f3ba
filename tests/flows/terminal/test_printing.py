"""Whatever other people wrote, no command writes anything that a terminal obeys."""

from __future__ import annotations

import ast
import io
import json
import logging
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from rich.console import Console
from rich.text import Text

from flows.prefect.prefect_log import keep_log_printable
from flows.terminal.consoles import SafeConsole, cell
from flows.terminal.progress import LineReporter, LiveReporter
from tests.flows.cli.in_process import make, tailframe
from tests.flows.runs import tiny_project
from tests.projects import scene, shot
from tests.thinning import one_in

ROOT = Path(__file__).parents[3]
VICIOUS = "\x1b[31mred\x1b[0m \x1b]0;title\x07 \x9b2J a\u202eb\u2066c\nnew line\r\x00\x7f \u2028"
PRINTING = {"flows/terminal/printing.py", "flows/terminal/consoles.py"}


@pytest.fixture(autouse=True)
def plain_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("TAILFRAME_LEDGER_URL", "TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL", "TAILFRAME_DEBUG"):
        monkeypatch.delenv(name, raising=False)


def said_by(*arguments: str | Path) -> str:
    """All that a command writes, which must hold nothing that a terminal obeys."""
    done = tailframe(*arguments)
    text = (done.stdout_bytes + done.stderr_bytes).decode()
    assert is_fit(text), repr(text)
    assert "did not expect" not in text
    return text


def is_fit(text: str) -> bool:
    return all(letter.isprintable() or letter == "\n" for letter in text)


@pytest.fixture
def told(tmp_path: Path) -> Path:
    """A project whose ledger, made by somebody else, says vicious things."""
    project = tiny_project(tmp_path / "project")
    failed, unknown = make(project, "lamp/010", "failed"), make(project, "shore/010", "unknown")
    make(project, "shore/020")
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("PRAGMA foreign_keys=OFF")
        for take in (failed, unknown):
            ledger.execute(
                "UPDATE takes SET provider = ?1, model = ?1, error_message = ?1, error_code = ?1, job_id = ?1 || id "
                "WHERE id = ?2",
                (VICIOUS, take.id),
            )
        ledger.execute("UPDATE takes SET shot = ?1 WHERE id = ?2", (f"e01/{VICIOUS}", unknown.id))
        guard = "events_are_never_changed"
        (made,) = ledger.execute("SELECT sql FROM sqlite_master WHERE name = ?", (guard,)).fetchone()
        ledger.execute(f"DROP TRIGGER {guard}")
        ledger.execute("UPDATE events SET words = ?1, alarm = 1", (VICIOUS,))
        ledger.execute(made)
        ledger.execute("UPDATE runs SET host = ?1", (VICIOUS,))
    return project


@one_in(3)
@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "e01"),
        ("plan", "e01", "-v"),
        ("plan", "e01", "--json"),
        ("status",),
        ("status", "e01"),
        ("status", "e01", "--json"),
        ("reconcile", "--not-charged", "--take", "e01/lamp/010:9"),
        ("reconcile", "--not-charged"),
        ("redownload",),
        ("cancel",),
        ("cancel", "--yes"),
        ("takes", "e01", "lamp/010"),
        ("takes", "e01", "lamp/010", "--json"),
        ("takes", "e01", VICIOUS),
        ("circle", "e01", "lamp/010", "1"),
        ("reject", "e01", "shore/010", "1"),
        ("doctor", "--json"),
    ],
)
def test_a_ledgers_words_move_no_terminal(told: Path, arguments: tuple[str, ...]) -> None:
    """Vendor, shot, complaint, alarm: whatever a ledger holds, and whichever command shows it."""
    command, *rest = arguments
    said_by(command, told, *rest)


def test_scripts_read_what_the_ledger_holds(told: Path) -> None:
    """JSON escapes what is not seen, and loses nothing of it. (A name that no vendor can have is refused before.)"""
    with closing(sqlite3.connect(told / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET provider = 'animatic', model = 'animatic', error_code = 'odd', job_id = id")
        ledger.execute("UPDATE takes SET shot = 'e01/lamp/020' WHERE shot NOT IN ('e01/lamp/010', 'e01/shore/020')")
    shown = json.loads(tailframe("status", told, "e01", "--json").stdout)
    (take,) = next(each for each in shown["shots"] if each["key"] == "lamp/010")["takes"]
    assert take["error"]["message"] == VICIOUS


def test_a_table_keeps_one_line_a_shot(told: Path) -> None:
    """A line break within a vendor's name begins no row of its own."""
    assert not [line for line in tailframe("status", told, "e01").stdout.splitlines() if line.startswith("new line")]


@one_in(5)
@pytest.mark.parametrize("name", ["\x1b[31mred", "turned \u202e round", "two\nlines", "\x9b2J\x07"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("check",),
        ("plan", "e01"),
        ("plan", "e02"),
        ("status",),
        ("hold",),
        ("verify",),
        ("circle", "e01", "lamp/010", "7"),
    ],
)
def test_a_folders_name_moves_no_terminal(tmp_path: Path, name: str, arguments: tuple[str, ...]) -> None:
    """Commands name the folder that they were given, in what they say and in what they complain of."""
    project = tiny_project(tmp_path / name)
    command, *rest = arguments
    said_by(command, project, *rest)
    shutil.rmtree(project)
    said_by(command, project, *rest)


@pytest.mark.parametrize("arguments", [("plan", VICIOUS), (VICIOUS,), ("plan", f"--{VICIOUS}"), ("new", VICIOUS, "x")])
def test_what_the_shell_gave_moves_no_terminal(arguments: tuple[str, ...]) -> None:
    """Complaints quote arguments, and a script may have taken these from anywhere."""
    said_by(*arguments)


def test_a_storyboards_words_move_no_terminal(tmp_path: Path) -> None:
    """YAML takes letters that turn others round; a plan shows that they are there, and what is asked is as written."""
    turned = scene("lamp", shot("010", "a \u202e boat"), title="\u2066 lamp", location=None)
    project = tiny_project(tmp_path / "project", title="Light\u202ehouse")
    episode = json.loads((project / "episodes/e01.yaml").read_text())
    (project / "episodes/e01.yaml").write_text(json.dumps({**episode, "scenes": [turned], "style": None}))
    assert "a � boat" in said_by("plan", project, "e01", "-v")
    asked = json.loads(tailframe("plan", project, "e01", "--json").stdout)["shots"][0]["prompt"]
    assert "a \u202e boat" in asked


@pytest.mark.parametrize("variable", ["TAILFRAME_ARCHIVE_URL", "TAILFRAME_STORE_URL", "TAILFRAME_LEDGER_URL"])
def test_an_environments_words_move_no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """Addresses are shown where they lead nowhere."""
    project = tiny_project(tmp_path)
    for value in ("ftp://\x1b[31m", "/nowhere/\x1b[31m", "sqlite:////nowhere/\x1b[31m/ledger", "s3://\x9b2J"):
        monkeypatch.setenv(variable, value)
        said_by("status", project, "e01")
        said_by("hold", project)


def test_a_runs_news_move_no_terminal() -> None:
    """A vendor's words reach a log line by line, each under its episode's name."""
    stream = io.StringIO()
    reporter = LineReporter("e01", stream)
    reporter.shot("lamp/010", "failed", VICIOUS)
    reporter.note(VICIOUS)
    reporter.stage(VICIOUS)
    reporter.close()
    assert is_fit(stream.getvalue())
    assert all(line.startswith("e01 ") for line in stream.getvalue().splitlines())


def test_a_live_tables_news_move_no_terminal() -> None:
    """What stands in the table and above it is other people's; only the table's own codes move the cursor."""
    seen = []
    for words in ("words", f"words{VICIOUS}"):
        reporter = LiveReporter("e01", SafeConsole(file=io.StringIO(), width=200, height=40, force_terminal=True))
        reporter.shot("lamp/010", "submitted", words)
        reporter.note(words)
        seen.append(_rendered(reporter))
        reporter.close()
    assert is_fit(seen[1])
    assert seen[1].count("\n") == seen[0].count("\n")


def _rendered(reporter: LiveReporter) -> str:
    plain = SafeConsole(file=io.StringIO(), width=200, color_system=None)
    with plain.capture() as captured:
        plain.print(reporter.table())
    return captured.get()


def test_consoles_pass_nothing_on() -> None:
    """Also text that no table made fit."""
    console = SafeConsole(file=io.StringIO(), width=100, color_system=None)
    with console.capture() as captured:
        console.print(Text(VICIOUS), cell(VICIOUS), VICIOUS, markup=False)
    assert is_fit(captured.get())


@pytest.fixture
def prefect_logger() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """A logger as Prefect's flow runs have one."""
    logger, stream = logging.getLogger("prefect.flow_runs.test"), io.StringIO()
    handler = logging.StreamHandler(stream)
    logger.addHandler(handler)
    logger.propagate = False  # Prefect's own handler asks for a flow run, where an earlier test set it up
    yield logger, stream
    logger.propagate = True
    logger.removeHandler(handler)


def test_prefects_log_is_fit_to_be_shown(prefect_logger: tuple[logging.Logger, io.StringIO]) -> None:
    """Messages and tracebacks alike: whatever ended a flow is logged there."""
    logger, stream = prefect_logger
    keep_log_printable()
    try:
        raise ValueError(VICIOUS)
    except ValueError:
        logger.exception("it ended: %s", VICIOUS)
    assert "red" in stream.getvalue()
    assert is_fit(stream.getvalue())


def test_commands_print_in_two_places_alone() -> None:
    """Whoever prints past them prints what others wrote."""
    past = []
    for file in [*(ROOT / "flows").rglob("*.py"), *(ROOT / "render").rglob("*.py")]:
        name = file.relative_to(ROOT).as_posix()
        if name in PRINTING or "/template/" in name:
            continue
        for node in ast.walk(ast.parse(file.read_text())):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) else ""
            if called in {"typer.echo", "typer.secho", "typer.confirm", "click.echo", "Console", "Text"}:
                past.append(f"{name}:{node.lineno} {called}")
    assert past == []
    assert issubclass(SafeConsole, Console)
