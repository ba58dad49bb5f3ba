"""Broken surroundings of a machine, and a process that lives in one: what it says, and how it ends."""

from __future__ import annotations

import os
import resource
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import typer

from tests.flows.episodes import produce
from tests.flows.forks import Fork, fork
from tests.flows.runs import tiny_project

NOBODY = 65534
Told = tuple[str, int, str]
"""A command, its exit code, and all that it said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surrounding:
    """One thing that is odd: in the environment, in the project's folder, or in the process itself."""

    variables: Mapping[str, str] = field(default_factory=dict)
    disturb: Callable[[Path], None] | None = None  # the project, before anything runs
    limit: Callable[[Path], None] | None = None  # the process
    commands: tuple[str, ...] = ("check", "plan", "make")
    words: str = ""  # that one of them says
    ends: frozenset[int] = frozenset({0, 1, 2})
    quick: bool = False  # cheap enough for every day


def lived_in(name: str, cases: str, around: Surrounding, folder: Path) -> list[Told]:
    """Every command of that surrounding, one after another, in a process of its own.

    `cases` is the module in whose CASES it stands by its name: functions do not travel.
    """
    project = tiny_project(folder)
    if around.disturb is not None:
        around.disturb(project)
    ours = ("TAILFRAME", "PREFECT", "AWS_", "SSL_CERT")
    plain = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    environment = plain | {"XDG_STATE_HOME": str(folder / "state")} | dict(around.variables)
    begun: Fork = fork(_live, name, cases, str(project), environment=environment)
    told: list[Told] = begun.finish()
    return told


def as_nobody(_project: Path) -> None:
    """Without root's rights, under which no file is out of reach. All that is needed is imported by then."""
    if os.getuid() == 0:
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)


def at_most(what: int, most: int) -> Callable[[Path], None]:
    """A limit of the system for this process."""

    def limit(_project: Path) -> None:
        resource.setrlimit(what, (most, most))

    return limit


def _live(name: str, cases: str, project: str) -> list[Told]:
    import importlib

    around: Surrounding = importlib.import_module(cases).CASES[name]
    if around.limit is not None:
        _import_all()
    told = []
    with tempfile.TemporaryFile() as said:
        for number in (1, 2):
            os.dup2(said.fileno(), number)
        if around.limit is not None:
            around.limit(Path(project))
        for command in around.commands:
            said.seek(0)
            said.truncate()
            code = _run(command, Path(project))
            said.seek(0)
            told.append((command, code, said.read().decode(errors="replace")))
    return told


def _import_all() -> None:
    """Once in a project that is well: afterwards nothing of Python's own need be read any more."""
    with tempfile.TemporaryDirectory() as well, Path(os.devnull).open("w") as nowhere:
        kept = os.dup(1), os.dup(2)
        for number in (1, 2):
            os.dup2(nowhere.fileno(), number)
        project = tiny_project(Path(well))
        for command in ("check", "plan", "make"):
            _run(command, project)
        for number, each in enumerate(kept, 1):
            os.dup2(each, number)
            os.close(each)
    tempfile.tempdir = None


def _run(command: str, project: Path) -> int:
    """A command, or (`make`) a whole run without Prefect behind the same boundary."""
    from flows.cli import main
    from flows.cli.exits import guarded

    def make(*, project: Path) -> int:
        return produce(project).exit_code

    try:
        if command == "make":
            guarded(make)(project=project)
        sys.argv = ["tailframe", command, str(project), *(["e01"] if command == "plan" else [])]
        main()
    except typer.Exit as ended:
        return ended.exit_code
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 0
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
    raise AssertionError("a command ends by an exit code")
