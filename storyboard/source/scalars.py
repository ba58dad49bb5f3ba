"""What an unquoted word means: YAML 1.2's core rules, with `Decimal` where YAML says float."""

from __future__ import annotations

import re
from decimal import Decimal

Scalar = str | int | Decimal | bool | None

_FIXED: dict[str, Scalar] = {
    "": None,
    **dict.fromkeys(("~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}
_WHOLE = re.compile(r"[-+]?[0-9]+")
_OTHER_BASE = re.compile(r"0o[0-7]+|0x[0-9a-fA-F]+")
_FRACTION = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?")
_INFINITE = re.compile(r"[-+]?\.(inf|Inf|INF)")
_NO_NUMBER = re.compile(r"\.(nan|NaN|NAN)")
_LONGEST_NUMBER = 32
_LARGEST_EXPONENT = 99


class NumberTooLong(ValueError):
    """A number of more than 32 characters, or with an exponent above 99: no storyboard has one."""


def resolve(word: str) -> Scalar:
    """The value of an unquoted word. Raises NumberTooLong where computing with it could never end well."""
    if word in _FIXED:
        return _FIXED[word]
    if _INFINITE.fullmatch(word):
        return Decimal("-Infinity") if word.startswith("-") else Decimal("Infinity")
    if _NO_NUMBER.fullmatch(word):
        return Decimal("NaN")
    return _resolve_number(word)


def _resolve_number(word: str) -> Scalar:
    fraction = _FRACTION.fullmatch(word)
    if fraction is None and not _OTHER_BASE.fullmatch(word):
        return word
    if len(word) > _LONGEST_NUMBER:
        raise NumberTooLong
    if _WHOLE.fullmatch(word):
        return int(word)
    if fraction is None:
        return int(word, 0)
    exponent = re.split("[eE]", word)[1:]
    if exponent and abs(int(exponent[0])) > _LARGEST_EXPONENT:
        raise NumberTooLong
    return Decimal(word)
