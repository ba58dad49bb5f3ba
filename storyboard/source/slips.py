"""Finds signs that only look like YAML's own (other quotes, blanks and colons), and says what to write instead.

Within a text they are letters like any other, and stay. So a line is only looked at where something is wrong with it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from storyboard.errors import Position
from storyboard.source.decode import Text
from storyboard.text.confusables import called

_BLANKS = "\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u2064\u3000\ufeff"
_DASHES = "\u2010-\u2015\u2022\u2023\u2043\u2212\u25cf\u25e6\u00b7\ufe63\uff0d*"
_COLONS = "\u02d0\u02f8\u2236\ua789\ufe13\ufe30\ufe55\uff1a"
_BRACKETS = {"\uff3b": "[", "\uff5b": "{", "\u3010": "[", "\u3014": "[", "\u300c": '"', "\u300e": '"'}
_QUOTES = "\u2018-\u201f\u00ab\u00bb\u2039\u203a\uff02\uff07`\u00b4"
_KEY = r"""^[ \t]*(?:-[ \t]+)*["']?[A-Za-z0-9_-]+["']?"""

_Saying = Callable[[str], str]
_TAB = (re.compile(r"^ *(\t)"), lambda _: "the line is indented with a tab; YAML takes spaces only")
_FENCE = re.compile(r"^\s*(`{3,}|~{3,})\s*[A-Za-z]*\s*$")
_ANYWHERE: tuple[tuple[re.Pattern[str], _Saying], ...] = (
    _TAB,
    (
        re.compile(rf"^[ \t]*([{_BLANKS}])"),
        lambda sign: f"the line begins with {called(sign)}; indent it with plain spaces",
    ),
    (
        re.compile(rf"{_KEY}[ \t]*([{_COLONS}])"),
        lambda sign: f"{called(sign)} is no colon to YAML; write : and a space",
    ),
    (
        re.compile(rf"{_KEY}:([{_BLANKS}])"),
        lambda sign: f"a plain space must follow the colon, and here stands {called(sign)}",
    ),
    (
        re.compile(rf"^[ \t]*(?:- +)*-([{_BLANKS}\t])"),
        lambda sign: f"a plain space must follow the -, and here stands {'a tab' if sign == chr(9) else called(sign)}",
    ),
    (
        re.compile(rf"^[ \t]*([{_DASHES}])[\s{_BLANKS}]+[A-Za-z0-9_-]+:"),
        lambda sign: f"{called(sign)} begins no item of a list; write - and a space",
    ),
)
_HERE: tuple[tuple[re.Pattern[str], _Saying], ...] = (
    *_ANYWHERE,
    (
        re.compile(rf"^[ \t]*([{_DASHES}])[\s{_BLANKS}]"),
        lambda sign: f"{called(sign)} begins no item of a list; write - and a space",
    ),
    (
        re.compile(rf"(?:[:-][ \t]+|^[ \t]*)([{''.join(_BRACKETS)}])"),
        lambda sign: f"{called(sign)} is no bracket to YAML; write {_BRACKETS[sign]}",
    ),
)
_NO_QUOTE = "is no quote to YAML, but part of the text; write ' or \" at both ends"
_IN_QUOTES = re.compile(rf"[{_QUOTES}].*[{_QUOTES}]", re.DOTALL)
_IN_TYPED_QUOTES = re.compile(
    "[\u201c-\u201f\uff02][^\u201c-\u201f\uff02]*[\u201c-\u201f\uff02]|\u2018[^\u2018\u2019]*\u2019"
)
_QUOTE = re.compile(rf"(?:[:-][ \t]+|[\[{{,][ \t]*|^[ \t]*)([{_QUOTES}])")
_STUCK_COLON = re.compile(rf"{_KEY}(:)[^\s/]")


def slip(text: Text, line: int) -> tuple[Position, str] | None:
    """What has no place between the words of this line, counted from 1, and what to write; None where all has."""
    return _fence(text, line) or _first(text, line, _HERE)


def slip_beside(text: Text, line: int) -> tuple[Position, str] | None:
    """The same of a line beside the one that is wrong: no more than what can hardly be part of a text."""
    return _fence(text, line) or _first(text, line, _ANYWHERE)


def quote(text: Text, line: int) -> tuple[Position, str] | None:
    """Where a value of this line begins with a quote that YAML does not know."""
    return _first(text, line, ((_QUOTE, lambda sign: f"{called(sign)} {_NO_QUOTE}"),))


def stuck_colon(text: Text, line: int) -> tuple[Position, str] | None:
    """Where a key's colon has its value right behind it."""
    return _first(text, line, ((_STUCK_COLON, lambda _: "a space must follow the colon of a key"),))


def in_odd_quotes(spelling: str) -> str | None:
    """The sentence about a value that stands in quotes that YAML does not know; None where it does not."""
    return f"{called(spelling[0])} {_NO_QUOTE}" if _IN_QUOTES.fullmatch(spelling) else None


def typed_quotes(spelling: str) -> tuple[str, str] | None:
    """The quotes around a text, where they are those that keyboards put in place of straight ones."""
    return (spelling[0], spelling[-1]) if _IN_TYPED_QUOTES.fullmatch(spelling) else None


def fence_within(text: Text, first: int, last: int) -> tuple[Position, str] | None:
    """A fence that an unquoted text of these lines has swallowed."""
    found = (_fence(text, line) for line in range(first, last + 1))
    return next(filter(None, found), None)


def _first(text: Text, line: int, rules: tuple[tuple[re.Pattern[str], _Saying], ...]) -> tuple[Position, str] | None:
    written = text.lines[line - 1] if 1 <= line <= len(text.lines) else ""
    for pattern, saying in rules:
        found = pattern.search(written)
        if found is not None:
            return Position(text.name, line, found.start(1) + 1), saying(found[1])
    return None


def _fence(text: Text, line: int) -> tuple[Position, str] | None:
    written = text.lines[line - 1] if 1 <= line <= len(text.lines) else ""
    if not _FENCE.match(written):
        return None
    others = [number for number, each in enumerate(text.lines, start=1) if number != line and _FENCE.match(each)]
    also = f", and line {others[0]} with it" if len(others) == 1 else ""
    at = Position(text.name, line, len(written) - len(written.lstrip()) + 1)
    return at, f"this is a Markdown fence and no YAML; remove the line{also}"
