"""The page of errors lists what the code can raise, draws the same trees, and tells the right exit codes."""

from __future__ import annotations

import importlib
import inspect
import re
from collections.abc import Callable
from decimal import Decimal
from types import ModuleType

import pytest
import typer

from flows.cli.exits import UsageError, guarded
from flows.cli.new_project import CannotStart
from flows.prefect.server import ServerError
from flows.rehearsal import RehearsalError
from flows.settings import SettingsError
from render import errors as render_errors
from render.errors import BudgetRefused
from storyboard import errors as storyboard_errors
from storyboard.errors import CannotBind, InvalidProject, LeadsOut, Mistake, NoSuchName, Position
from tests.docs.pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "errors.md"
TOLD = {name: int(code) for name, code in re.findall(r"^\| `(\w+)` \| .+ \| (\d+) \|$", PAGE.read_text(), re.MULTILINE)}
AROUND = {kind.__name__: kind for kind in (CannotStart, RehearsalError, ServerError, SettingsError, UsageError)}
MADE: dict[type[Exception], Callable[[], Exception]] = {
    BudgetRefused: lambda: BudgetRefused(
        scope="day", key="2026-01-01", cap=Decimal(1), spent=Decimal(1), reserved=Decimal(0), asked=Decimal(1)
    ),
    CannotBind: lambda: CannotBind("lamp/010", "acme", "it is too long", "Split it"),
    InvalidProject: lambda: InvalidProject([Mistake(Position("series.yaml"), "it is empty")]),
    LeadsOut: lambda: LeadsOut("output", "Replace the link by a folder"),
    NoSuchName: lambda: NoSuchName("episode", "e02", ["e01"]),
    SettingsError: lambda: SettingsError({"TAILFRAME_FFMPEG": "is not a file"}),
}


def errors_of(module: ModuleType) -> dict[str, type[Exception]]:
    """The exceptions that a module defines, by name."""
    return {
        name: kind
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, Exception) and kind.__module__ == module.__name__
    }


KNOWN = errors_of(storyboard_errors) | errors_of(render_errors) | AROUND


def test_every_error_is_listed_and_no_other() -> None:
    """The tables are the two trees and what stands around them."""
    assert set(TOLD) == set(KNOWN)


@pytest.mark.parametrize("name", sorted(TOLD))
def test_each_error_ends_a_command_as_the_page_says(name: str) -> None:
    """The exit code that the page tells is the one that a command ends with."""
    kind = KNOWN[name]
    error = MADE.get(kind, lambda: kind("what happened, where, and what to do now"))()

    def fails() -> None:
        raise error

    with pytest.raises(typer.Exit) as ended:
        guarded(fails)()
    assert ended.value.exit_code == TOLD[name]


@pytest.mark.parametrize("tree", list(blocks(PAGE, "text")), ids=lambda block: block.info)
def test_the_trees_are_those_of_the_code(tree: Block) -> None:
    """Each tree stands in its module's docstring, letter by letter, and holds every class of it."""
    module = importlib.import_module(tree.info)
    text = tree.text
    assert text in inspect.cleandoc(inspect.getdoc(module) or "").replace("\n    ", "\n")
    assert set(re.findall(r"^[│├└─ ]*(\w+)", text, re.MULTILINE)) == set(errors_of(module))
