"""The page of errors lists what a user can meet, draws the same trees as the code, and tells the right exit codes."""

from __future__ import annotations

import functools
import importlib
import inspect
import pkgutil
import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from decimal import Decimal
from types import ModuleType

import pytest
import typer

import flows
import render
import storyboard
from flows import errors as flow_errors
from flows.cli.exits import guarded
from flows.errors import SettingsError
from render import claim_errors, exchange_errors
from render import errors as render_errors
from render.claim_errors import BudgetRefused, OrdersEnded
from render.episode import archive_errors
from render.episode.archive_errors import DamagedRecord, InvalidManifest, InvalidTakeRecords
from render.errors import BadSetting, ChoiceChanged, Damaged, UnfitDelivery
from storyboard import errors as storyboard_errors
from storyboard.errors import (
    CannotBind,
    CannotDeliver,
    InvalidProject,
    LeadsOut,
    Mistake,
    NoSuchName,
    Position,
    TailframeError,
)
from tests.docs.pages import ROOT, Block, blocks

PAGE = ROOT / "docs" / "errors.md"
TOLD = {name: int(code) for name, code in re.findall(r"^\| `(\w+)` \| .+ \| (\d+) \|$", PAGE.read_text(), re.MULTILINE)}
TREES = (storyboard_errors, render_errors, claim_errors, archive_errors, exchange_errors, flow_errors)
MADE: dict[type[Exception], Callable[[], Exception]] = {
    BadSetting: lambda: BadSetting("ACME_API_KEY", "is not set"),
    BudgetRefused: lambda: BudgetRefused(
        scope="day", key="2026-01-01", cap=Decimal(1), spent=Decimal(1), reserved=Decimal(0), asked=Decimal(1)
    ),
    ChoiceChanged: lambda: ChoiceChanged("Rosa circled take 3 of e01/lamp/010 just now"),
    CannotBind: lambda: CannotBind("lamp/010", "acme", "it is too long", "Split it"),
    UnfitDelivery: lambda: UnfitDelivery("web", "it came out with 11 frames instead of 12"),
    Damaged: lambda: Damaged("clip.mp4 is cut off", "truncated"),
    DamagedRecord: lambda: DamagedRecord("contents.json", "is damaged"),
    InvalidTakeRecords: lambda: InvalidTakeRecords(["take 1: its cost is no number"]),
    InvalidManifest: lambda: InvalidManifest("it is no JSON"),
    InvalidProject: lambda: InvalidProject([Mistake(Position("series.yaml"), "it is empty")]),
    CannotDeliver: lambda: CannotDeliver("teaser", "it begins nowhere", Position("series.yaml", 7, 5)),
    LeadsOut: lambda: LeadsOut("output", "Replace the link by a folder"),
    NoSuchName: lambda: NoSuchName("episode", "e02", ["e01"]),
    OrdersEnded: lambda: OrdersEnded(datetime(2026, 11, 30, 6, tzinfo=UTC)),
    SettingsError: lambda: SettingsError({"TAILFRAME_FFMPEG": "is not a file"}),
}
PRIVATE = frozenset(
    {
        "flows.prefect.verify_archive.ArchiveDamaged",
        "flows.review.byte_ranges.Unsatisfiable",
        "flows.review.form_data.FormRefused",
        "render.media.picture_parts._CutOff",
        "render.net.responses.Unreadable",
        "render.cards.card_layout.DoesNotFit",
        "render.providers.health_checks.Unreached",
        "render.net.content_codings.BrokenCoding",
        "render.net.content_codings.UnknownCoding",
        "render.sandbox.dialect.Refusal",
        "render.sandbox.faults.BadPlan",
        "render.sandbox.file_uploads.BadUpload",
        "render.sandbox.reference_fetch.Unreadable",
        "render.store.plain_files.NoPlainFile",
        "storyboard.continuity.chains.Cycle",
        "storyboard.bind.fits.CannotFit",
        "storyboard.bind.prompt_template.BadTemplate",
        "storyboard.paper.page_layout.DoesNotFitPaper",
        "storyboard.source.nodes.BadSyntax",
        "storyboard.source.scalars.NumberTooLong",
        "storyboard.source.decode.Unreadable",
    }
)
"""Caught where they are used, and told as one of those on the page, as a mistake in the YAML, or to the sandbox's
customers. Nobody meets them by name."""


def subclasses(kind: type[BaseException]) -> Iterator[type[BaseException]]:
    """All that stand under a class, at any depth."""
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


@functools.cache
def ours() -> frozenset[type[BaseException]]:
    """Every class of exception that Tailframe defines anywhere."""
    for package in (storyboard, render, flows):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith((".__main__", ".migrations.env")):  # these run, and define nothing
                importlib.import_module(module.name)
    floors = ("storyboard.", "render.", "flows.")
    return frozenset(each for each in subclasses(BaseException) if each.__module__.startswith(floors))


def errors_of(module: ModuleType) -> dict[str, type[TailframeError]]:
    """The errors that a module defines, by name."""
    return {
        name: kind
        for name, kind in inspect.getmembers(module, inspect.isclass)
        if issubclass(kind, TailframeError) and kind.__module__ == module.__name__
    }


DRAWN = {name: kind for module in TREES for name, kind in errors_of(module).items()}


def made(kind: type[TailframeError]) -> Exception:
    """One of them."""
    return MADE.get(kind, lambda: kind("what happened, and where", "What to do now"))()


def test_every_error_is_listed_and_no_other() -> None:
    """The tables are the trees."""
    assert set(TOLD) == set(DRAWN)


def test_no_error_stands_elsewhere() -> None:
    """Whatever is derived from the root, in any module, is in one of the trees."""
    assert {kind for kind in ours() if issubclass(kind, TailframeError)} == set(DRAWN.values())


def test_what_stands_outside_the_root_never_reaches_a_user() -> None:
    """An exception of our own is in the trees, or somebody has said why nobody meets it."""
    assert {f"{kind.__module__}.{kind.__name__}" for kind in ours() - set(DRAWN.values())} == PRIVATE


def test_each_error_has_a_code_of_its_own() -> None:
    """Its name as one word in snake_case, written down, so that no new name of a class changes it by itself."""
    written = {name: kind.__dict__.get("code") for name, kind in DRAWN.items()}
    assert written == {name: re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower() for name in DRAWN}


@pytest.mark.parametrize("name", sorted(TOLD))
def test_each_error_ends_a_command_as_the_page_says(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    """The exit code that the page tells is the one that a command ends with, and the text is what is printed."""
    error = made(DRAWN[name])

    def fails() -> None:
        raise error

    with pytest.raises(typer.Exit) as ended:
        guarded(fails)()
    assert ended.value.exit_code == TOLD[name]
    assert str(error) in capsys.readouterr().err


@pytest.mark.parametrize("tree", list(blocks(PAGE, "text")), ids=lambda block: block.info)
def test_the_trees_are_those_of_the_code(tree: Block) -> None:
    """Each tree stands in its module's docstring, letter by letter, and holds every class of it."""
    module = importlib.import_module(tree.info)
    text = tree.text
    assert text in inspect.cleandoc(inspect.getdoc(module) or "").replace("\n    ", "\n")
    assert set(re.findall(r"^[│├└─ ]*(\w+)", text, re.MULTILINE)) == set(errors_of(module))


def test_every_tree_is_on_the_page() -> None:
    """None of them is left out."""
    assert {tree.info for tree in blocks(PAGE, "text")} == {module.__name__ for module in TREES}


@pytest.mark.parametrize("module", TREES, ids=lambda module: module.__name__)
def test_a_tree_is_drawn_as_its_classes_stand(module: ModuleType) -> None:
    """Each name stands under the class that it is derived from."""
    above: list[str] = []
    for indent, name in re.findall(r"^    ((?:[│ ]   |[├└]── )*)(\w+)", inspect.getdoc(module) or "", re.MULTILINE):
        depth = len(indent) // 4
        del above[depth:]
        if depth:
            assert above[-1] in {base.__name__ for base in DRAWN[name].__bases__}, name
        above.append(name)
