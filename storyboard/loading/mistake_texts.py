"""Turns the errors of pydantic's validation into sentences that a producer understands.

The validator speaks of tuples, patterns and extra inputs. A producer wrote a word in line 12 and wants to know what to
write instead.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from storyboard.model.cards import COLOUR
from storyboard.model.fields import LETTERS, NAME, RATIO, SHOT_KEY, SLUG
from storyboard.model.schema_lookup import keys_at
from storyboard.source.slips import in_odd_quotes
from storyboard.text.confusables import foreign, none_of_them
from storyboard.text.suggestions import did_you_mean

if TYPE_CHECKING:
    from pydantic import BaseModel
    from pydantic_core import ErrorDetails

_PATTERNS = {
    COLOUR: 'must be a colour as six digits from 0 to f, such as "#f4efe6"',
    SLUG: f"may hold only {LETTERS}, must begin with a letter or digit and have at most 64 characters",
    NAME: f"must be a name that prompts can call: {LETTERS.replace(', -', '')}, beginning with a letter, "
    "at most 64 characters",
    SHOT_KEY: "must be SCENE/SHOT, such as shore/020",
    RATIO: 'must be a ratio such as "16:9", or auto',
}


def sentence(error: ErrorDetails, model: type[BaseModel], spelling: str | None) -> str:
    """What is wrong, and what to write instead. `spelling` is the value as it stands in the file, if it is single."""
    kind, loc = error["type"], error["loc"]
    if kind == "missing":
        return f"the key {str(loc[-1])!r} is missing"
    if kind == "extra_forbidden":
        return _unknown_key(str(loc[-1]), keys_at(model, loc[:-1]))
    if loc == ("version",):
        return f"this Tailframe reads version 1 of the format, and the file says {spelling}; write `version: 1`"
    word = str(loc[-2]) if loc and loc[-1] == "[key]" else spelling or ""
    return in_odd_quotes(word) or f"{_subject(loc)} {_complaint(error, spelling)}{_odd_number(kind, word)}"


def _odd_number(kind: str, word: str) -> str:
    """What of a number or a truth only looks as it should: a decimal comma, other digits, a blank that is not seen."""
    if kind not in ("bool_type", "int_type", "storyboard"):
        return ""
    if re.fullmatch(r"[-+]?[0-9]+,[0-9]+", word):
        return f"; write {word.replace(',', '.')}"
    named = foreign(word)
    return f"; it holds {named}" if named else ""


def _unknown_key(key: str, known: tuple[str, ...]) -> str:
    if key == "<<":
        return "YAML 1.2 has no merge key <<; use defaults instead"
    meant = did_you_mean(key, known)
    return f"unknown key {key!r}{meant or '. Valid keys are: ' + ', '.join(known)}"


def _subject(loc: tuple[str | int, ...]) -> str:
    """How a sentence calls the value: `'duration'`, `item 2 of 'references'`, `the key 'old-mara'`."""
    if loc and loc[-1] == "[key]":
        return f"the key {str(loc[-2])!r}"
    if not loc:
        return "the file"
    if isinstance(loc[-1], int):
        return f"item {loc[-1] + 1} of {str(loc[-2])!r}" if len(loc) > 1 else f"item {loc[-1] + 1}"
    return f"{loc[-1]!r}"


def _complaint(error: ErrorDetails, spelling: str | None) -> str:
    context: Mapping[str, Any] = error.get("ctx", {})
    say = _SAYINGS.get(error["type"])
    if say is not None:
        return say(context, error["input"], spelling)
    message = error["msg"]
    return f"is wrong: {message[:1].lower()}{message[1:]}"


def _text(_: Mapping[str, Any], written: Any, spelling: str | None) -> str:
    if isinstance(written, dict | list) or spelling is None:
        return "must be text"
    return f'must be text: put it in quotes, "{spelling}"'


def _truth(_: Mapping[str, Any], written: Any, __: str | None) -> str:
    if isinstance(written, str) and written.lower() in ("yes", "no", "on", "off"):
        return f"must be true or false (YAML 1.2 reads {written} as text)"
    return "must be true or false"


def _choice(context: Mapping[str, Any], _: Any, spelling: str | None) -> str:
    values = re.findall(r"'([^']*)'", context["expected"]) or [context["expected"]]
    if spelling is None:
        return f"must be one of: {', '.join(values)}"
    meant = did_you_mean(spelling, values)
    return f"cannot be {spelling!r}{meant or '.'} Valid values are: {', '.join(values)}"


def _pattern(context: Mapping[str, Any], written: Any, _: str | None) -> str:
    meant = _PATTERNS.get(context["pattern"], f"does not look like {context['pattern']}")
    return meant + none_of_them(str(written))


def _mapping(_: Mapping[str, Any], written: Any, __: str | None) -> str:
    return "is empty; write keys and values below it, or {}" if written is None else "must be keys and values"


def _list(_: Mapping[str, Any], written: Any, __: str | None) -> str:
    if isinstance(written, str):
        return f"must be a list: [{written}]" if len(written) <= 60 else "must be a list"
    return "must be a list, with a - before each item"


_Saying = Callable[[Mapping[str, Any], Any, str | None], str]

_SAYINGS: Mapping[str, _Saying] = {
    "bool_type": _truth,
    "dict_type": _mapping,
    "enum": _choice,
    "greater_than": lambda context, *_: f"must be more than {context['gt']}",
    "greater_than_equal": lambda context, *_: f"must be at least {context['ge']}",
    "int_type": lambda *_: "must be a whole number, written without quotes",
    "less_than": lambda context, *_: f"must be less than {context['lt']}",
    "less_than_equal": lambda context, *_: f"must be at most {context['le']}",
    "literal_error": _choice,
    "mapping_type": _mapping,
    "model_type": _mapping,
    "storyboard": lambda context, *_: str(context["message"]),
    "string_pattern_mismatch": _pattern,
    "string_too_long": lambda context, *_: f"is longer than {context['max_length']:,} characters",
    "string_too_short": lambda *_: "must not be empty",
    "string_type": _text,
    "too_long": lambda context, *_: f"holds more than {context['max_length']} items",
    "too_short": lambda *_: "must hold at least one item",
    "tuple_type": _list,
}
