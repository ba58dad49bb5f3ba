"""Enumerations that `make test` runs in part, and `make crash` as a whole.

A test that kills a run at every moment, or tries every kind of a thing, takes minutes. Such a test is marked: `thinned`
where some of its cases stand for all of them in `make test`, `exhaustive` where none of them runs there. `make crash`
sets EVERY_MOMENT and runs all cases of both; so does CI. Properties are thinned by themselves: `make test` tries each
with fewer examples.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Sequence
from typing import Any, TypeVar

import pytest

Case = TypeVar("Case")

EVERY_MOMENT = bool(os.environ.get("EVERY_MOMENT"))
WHOLE_DRILLS = bool(os.environ.get("WHOLE_DRILLS"))
"""Set by `make drills`: every drill runs, and its fault lasts as long as it should."""

thinned = pytest.mark.thinned
exhaustive = pytest.mark.exhaustive
drill = pytest.mark.drill
"""For tests that want a whole studio, and this machine for themselves: `make drills` alone runs them, in turn."""


def one_in(usual: int, *, first: int = 0) -> pytest.MarkDecorator:
    """Thin a parametrised test: `make test` runs its case number `first`, and each `usual`th after that one."""
    return thinned(usual, first)


in_part = pytest.mark.in_part
"""For a parameter (a kind of database, of archive) of many tests: `make test` runs each third of those cases.

Where there are several such parameters, they are told apart by an argument.
"""

patient = pytest.mark.timeout(1800 if EVERY_MOMENT else 240)
"""For tests whose number of steps is theirs to find out."""


def stride(usual: int) -> int:
    """How many steps to go from one case to the next."""
    return 1 if EVERY_MOMENT else usual


def in_turn(vendors: Sequence[str], cases: Collection[str]) -> list[Any]:
    """Each case at every vendor; in `make test` at one of them, the next case at the next one."""
    return [
        pytest.param(vendor, case, id=f"{case}-{vendor}")
        for number, case in enumerate(cases)
        for place, vendor in enumerate(vendors)
        if EVERY_MOMENT or place == number % len(vendors)
    ]


def kept(items: Sequence[pytest.Item]) -> list[pytest.Item]:
    """The tests that run: all of them with EVERY_MOMENT, else none that is exhaustive, and `one_in` so many cases.

    Drills run in `make drills` alone.
    """
    if WHOLE_DRILLS:
        return list(items)
    items = [item for item in items if item.get_closest_marker("drill") is None]
    if EVERY_MOMENT:
        return list(items)
    cases: dict[str, list[pytest.Item]] = {}
    for item in items:
        if item.get_closest_marker("exhaustive") is None:
            cases.setdefault(item.nodeid.partition("[")[0], []).append(item)
    chosen = {case for each in cases.values() for case in _chosen(each)}
    partly: dict[tuple[Any, ...], list[pytest.Item]] = {}
    for item in items:
        if item in chosen and (mark := item.get_closest_marker("in_part")):
            partly.setdefault(mark.args, []).append(item)
    for each in partly.values():
        chosen -= set(each) - set(each[::3])
    return [item for item in items if item in chosen]


def _chosen(cases: list[pytest.Item]) -> list[pytest.Item]:
    """Of all cases of one test."""
    mark = cases[0].get_closest_marker("thinned")
    usual, first = mark.args if mark and mark.args else (1, 0)
    return cases[first::usual] or cases[:1]


def examples(number: int) -> int:
    """How many examples a property is tried with; in `make test` a sixth of them."""
    return number if EVERY_MOMENT else -(-number // 6)


def some(cases: Sequence[Case], usual: int, *, first: int = 0) -> list[Case]:
    """Every case, or in `make test` each `usual`th of them."""
    return list(cases) if EVERY_MOMENT else list(cases[first::usual])
