"""The command line as a whole: fast to start, honest about usage, helpful when asked."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.core import TyperGroup

from flows.cli import app, commands
from tests.flows.cli.in_process import tailframe

TAILFRAME = typer.main.get_command(app)
assert isinstance(TAILFRAME, TyperGroup)
COMMANDS = sorted(TAILFRAME.commands)
HEAVY = ("prefect", "sqlalchemy", "alembic", "boto3", "botocore", "av", "PIL", "httpx", "pydantic", "ruamel", "jinja2")


def imported_by(*arguments: str) -> set[str]:
    """The top-level modules that a command has imported when it ends."""
    program = (
        "import atexit, json, sys\n"
        "atexit.register(lambda: print(json.dumps(sorted({name.partition('.')[0] for name in sys.modules}))))\n"
        f"sys.argv = ['tailframe', *{list(arguments)!r}]\n"
        "from flows.cli import main; main()\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def test_help_imports_nothing_heavy() -> None:
    """Asking for help costs no database, no vendor, no media library and no Prefect."""
    assert imported_by("--help").isdisjoint(HEAVY)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(command: str) -> None:
    """Help says what a command does and shows one that can be typed."""
    done = tailframe(command, "--help")
    assert done.exit_code == 0
    assert f"tailframe {command}{'' if command in {'sandbox', 'worker'} else ' my-series'}" in done.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_usage_tells_what_must_be_given_from_what_may_be(command: str) -> None:
    """`PROJECT [EPISODE]`: one word an argument, in brackets where a command goes without it."""
    usage = re.split(r"\n *\n", tailframe(command, "--help").stdout.strip())[0].split()
    arguments = [each for each in TAILFRAME.commands[command].params if each.param_type_name == "argument"]
    names = [str(each.metavar) for each in arguments]  # type: ignore[attr-defined]
    told = [name if each.required else f"[{name}]" for name, each in zip(names, arguments, strict=True)]
    told = [f"{name}..." if each.nargs == -1 else name for name, each in zip(told, arguments, strict=True)]
    assert usage == ["Usage:", "tailframe", *command.split(), "[OPTIONS]", *told]


@pytest.mark.parametrize("columns", [80, 120])
@pytest.mark.parametrize("command", ["", *COMMANDS])
def test_examples_keep_their_lines(command: str, columns: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each example stands in a line of its own, two blanks in, and is whole, however wide the terminal is."""
    monkeypatch.setenv("COLUMNS", str(columns))
    shown = tailframe(*command.split(), "--help").stdout.splitlines()
    asked = TAILFRAME.commands[command] if command else TAILFRAME
    written = re.findall(r"\[not dim\](.+)\[/not dim\]", asked.help or "")
    assert written
    for example in written:
        assert f" {example}".ljust(columns) in [line.ljust(columns) for line in shown]


def test_help_lists_every_command() -> None:
    """Nothing is hidden."""
    listed = tailframe("--help").stdout
    assert all(f" {command} " in listed for command in COMMANDS)


def test_every_module_of_commands_stands_in_the_table_of_help() -> None:
    """A command whose module nobody names would not be there."""
    on_disk = {each.stem.removesuffix("_cmd") for each in Path(commands.__file__).parent.glob("*_cmd.py")}
    assert sorted(stem for stems in commands.PANELS.values() for stem in stems) == sorted(on_disk)


def test_the_version_is_one_line() -> None:
    """For bug reports and scripts."""
    assert tailframe("--version").stdout.split()[0] == "tailframe"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["pln", ".", "e01"], "Did you mean 'plan'?"),
        (["plan", "."], "EPISODE"),
        (["plan", "/no/such/folder", "e01"], "there is no folder"),
        (["produce", ".", "e01", "--budget", "lots"], "is not an amount of US dollars"),
        (["produce", ".", "e01", "--budget", "-1"], "is not an amount of US dollars"),
        (["produce", ".", "e01", "--budget", "nan"], "is not an amount of US dollars"),
        (["circle", ".", "e01", "lamp/010", "first"], "Invalid value for 'TAKE'"),
    ],
)
def test_wrong_usage_ends_with_two(arguments: list[str], words: str) -> None:
    """A slip of the hand is wrong input, and the answer names it."""
    done = tailframe(*arguments)
    assert done.exit_code == 2
    assert words in " ".join(done.stderr.replace("│", " ").split())
    assert done.stdout == ""
