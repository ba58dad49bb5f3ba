"""An option of a run is declared once: flags, forms and what a flow is given follow from that."""

from __future__ import annotations

import ast
import dataclasses
import inspect
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import ModuleType
from typing import Any, get_args

import pytest
import typer
from prefect.flows import Flow
from typer.core import TyperGroup

import flows.cli.produce_cmd
import flows.prefect.flow_docs
import flows.prefect.produce
from flows.cli import app
from flows.prefect.make_shots import make_shots
from flows.prefect.produce import produce, rehearse
from flows.prefect.reshoot import reshoot
from flows.prefect.series import series
from flows.run.option_types import SHOTS, FlowName, Option, taking
from flows.run.options import OPTIONS, RunOptions

FLOWS: dict[FlowName, Flow[..., Any]] = {
    "produce": produce,
    "reshoot": reshoot,
    "rehearse": rehearse,
    "series": series,
    "shots": make_shots,
}
OWN = {
    "produce": {"project", "episode"},
    "reshoot": {"project", "episode", "shots", "new_take"},
    "series": {"project", "episodes", "budget_usd", "spread"},
    "shots": {"project", "episode", "shots"},
}
GIVEN = RunOptions(
    episode="e01",
    provider="acme",
    shots=frozenset({"lamp/010", "lamp/020"}),
    new_take=True,
    takes=3,
    with_notes=True,
    cascade=True,
    budget_usd=Decimal("12.5"),
    until_budget=True,
    orders_until=datetime(2026, 11, 30, 5, tzinfo=UTC),
    anew=True,
    allow_missing=True,
    snapshot="6d1a",
    agreed_usd=Decimal("0.40"),
    unpriced=frozenset({"lamp/010"}),
    patience=timedelta(seconds=90),
    day_budget_usd=Decimal("2.5"),
    wait_for_approval=False,
)


def ids(option: Option) -> str:
    return option.name


@pytest.mark.parametrize("option", OPTIONS, ids=ids)
def test_an_option_is_a_parameter_of_each_flow_that_has_it_and_of_no_other(option: Option) -> None:
    """With its words beside its field, and without it where nobody sets it."""
    for name, flow in FLOWS.items():
        fields, own = flow.parameters.properties, OWN.get(name, set())
        if name in option.flows:
            assert fields[option.parameter]["description"] == option.means
            assert option.parameter not in (flow.parameters.required or [])
        else:
            assert option.parameter not in set(fields) - own


@pytest.mark.parametrize("command", ["produce", "plan"])
def test_both_commands_take_every_option_that_has_a_flag(command: str) -> None:
    """The same flags, with the same words; `plan` shows what `produce` would do with them."""
    commands = typer.main.get_command(app)
    assert isinstance(commands, TyperGroup)
    taken = {each.name: each for each in commands.commands[command].params}
    for option in OPTIONS:
        assert (option.name in taken) == bool(option.flag)
        if option.flag:
            assert taken[option.name].opts == [option.flag]
            assert taken[option.name].help == f"{option.means}."  # type: ignore[attr-defined]


@pytest.mark.parametrize("flow", get_args(FlowName))
def test_what_was_asked_for_reaches_the_flow_as_it_was(flow: FlowName) -> None:
    """Through JSON and back, each option that the flow has; the others are as if nobody had set them."""
    given = GIVEN.parameters(flow)
    own = {"project": "x", "shots": ["a/1"], **given}
    takes = FLOWS[flow].parameters.properties
    validated = FLOWS[flow].validate_parameters({name: value for name, value in own.items() if name in takes})
    read = RunOptions.of_parameters("e01", {name: validated[name] for name in given if name != "episode"})
    for option in OPTIONS:
        assert getattr(read, option.name) == (getattr(GIVEN, option.name) if flow in option.flows else option.default)
    assert {option.name for option in OPTIONS if getattr(GIVEN, option.name) == option.default} == set()


def test_nothing_that_is_no_option_is_taken() -> None:
    """A slip in a parameter's name is no wish that goes unheard."""
    with pytest.raises(TypeError, match="no option called budget, shot"):
        RunOptions.of_parameters("e01", {"budget": 1, "shot": "a/1", "anew": True})


def test_a_function_keeps_what_it_writes_itself() -> None:
    """Options come behind the one that is named, in place of `**asked`."""

    def asked_for(one: str, *, two: int = 2, three: int = 3, **asked: Any) -> None: ...

    options = [inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=0) for name in ("three", "four")]
    assert list(inspect.signature(taking(asked_for, options, after="two")).parameters) == [
        "one",
        "two",
        "four",
        "three",
    ]


@pytest.mark.parametrize(
    "module",
    [flows.prefect.produce, flows.prefect.flow_docs, flows.cli.produce_cmd],
    ids=lambda module: module.__name__,
)
def test_the_wiring_names_no_option(module: ModuleType) -> None:
    """So that another option changes its declaration, the code that uses it, and the page, and nothing on the way."""
    tree = ast.parse(inspect.getsource(module))
    named = {
        name for node in ast.walk(tree) for name in (getattr(node, "arg", None), getattr(node, "attr", None)) if name
    }
    assert named.isdisjoint({option.name for option in OPTIONS} | {option.parameter for option in OPTIONS})


def test_every_field_is_an_option_or_says_that_it_is_none() -> None:
    """What no person may give is set by Tailframe's own code alone."""
    inner = {"episode", "try_of", "cut", "preview", "rehearsal"}
    assert {each.name for each in dataclasses.fields(RunOptions)} == inner | {option.name for option in OPTIONS}
    assert [option.name for option in OPTIONS if option.spelling is SHOTS] == ["shots"]
