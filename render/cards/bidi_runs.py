"""In which order the parts of a line stand that are set in several fonts, where letters run both ways.

Raqm orders a line that one font has whole. Parts in several fonts are ordered here, by the Unicode Bidirectional
Algorithm (UAX #9) as far as lines without embeddings need it: its rules W2 to W7, N1, N2, I1, I2 and L2.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, TypeVar

from storyboard.text.letters import begins_right

F = TypeVar("F", bound=Hashable)

_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


@dataclass(frozen=True, slots=True)
class Run(Generic[F]):
    """A part of a line in one font and one direction."""

    text: str
    font: F
    right_to_left: bool


def visual_runs(letters: Sequence[tuple[F, str]]) -> list[Run[F]]:
    """Letters with their fonts, in the order of reading, as runs from left to right."""
    levels = _levels([letter[0] for _, letter in letters])
    tagged = [(font, level, letter) for (font, letter), level in zip(letters, levels, strict=True)]
    runs = [
        (level, Run("".join(each for *_, each in part), font, level % 2 == 1))
        for (font, level), part in groupby(tagged, key=lambda each: each[:2])
    ]
    for least in range(max(levels, default=0), 0, -1):
        runs = _turned_from(runs, least)
    return [run for _, run in runs]


def mirrored(text: str) -> str:
    """Brackets as they look in a part that runs from right to left, for a font that is set without Raqm."""
    return text.translate(_MIRRORED)[::-1]


def _turned_from(runs: list[tuple[int, Run[F]]], least: int) -> list[tuple[int, Run[F]]]:
    """Rule L2 for one level: what stands together at this level or above it is turned round."""
    found: list[tuple[int, Run[F]]] = []
    for is_turned, part in groupby(runs, key=lambda run: run[0] >= least):
        together = list(part)
        found += together[::-1] if is_turned else together
    return found


def _levels(signs: Sequence[str]) -> list[int]:
    base = 1 if begins_right("".join(signs)) else 0
    kinds = _neutrals(_weak([unicodedata.bidirectional(sign) for sign in signs], base), base)
    even = {"L": 0, "R": 1, "EN": 2, "AN": 2}
    odd = {"L": 2, "R": 1, "EN": 2, "AN": 2}
    return [(odd if base else even)[kind] for kind in kinds]


def _weak(kinds: list[str], base: int) -> list[str]:
    """Numbers, and the signs between and beside them."""
    strong = "R" if base else "L"
    found: list[str] = []
    for place, kind in enumerate(kinds):
        if kind in {"L", "R", "AL"}:
            strong = kind
        found.append(_weak_kind(kinds, found, place, strong))
    return [kind if kind in {"L", "R", "EN", "AN"} else "ON" for kind in found]


def _weak_kind(kinds: list[str], found: list[str], place: int, strong: str) -> str:
    """What one sign counts as, after those before it; `strong` is the last letter's direction, or the line's."""
    kind, before = kinds[place], found[-1] if found else strong
    behind_number, before_number = kinds[place - 1 : place] == ["EN"], kinds[place + 1 : place + 2] == ["EN"]
    if kind == "NSM":
        return before
    if kind == "EN":
        return {"AL": "AN", "L": "L"}.get(strong, "EN")
    if behind_number and (kind == "ET" or (before_number and (kind == "CS" or (kind == "ES" and strong != "AL")))):
        return "ON" if kind == "ET" and before == "AN" else before
    if kind == "CS" and kinds[place - 1 : place] == kinds[place + 1 : place + 2] == ["AN"]:
        return "AN"
    if kind == "ET" and strong != "AL":  # those before a number belong to it
        after = next((each for each in kinds[place:] if each != "ET"), "")
        return {"L": "L"}.get(strong, "EN") if after == "EN" else "ON"
    return "R" if kind == "AL" else kind


def _neutrals(kinds: list[str], base: int) -> list[str]:
    """What is neither way goes with its neighbours where both go one way, else with the line."""
    line = "R" if base else "L"
    found: list[str] = []
    parts = [(kind, len(list(part))) for kind, part in groupby(kinds)]
    for place, (kind, count) in enumerate(parts):
        if kind == "ON":
            sides = {_side(parts[near][0]) if 0 <= near < len(parts) else line for near in (place - 1, place + 1)}
            found += [sides.pop() if len(sides) == 1 else line] * count
        else:
            found += [kind] * count
    return found


def _side(kind: str) -> str:
    return "L" if kind == "L" else "R"
