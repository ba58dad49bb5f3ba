"""Comments that may have been meant as text: a `#` after a blank ends an unquoted text, and nothing tells its writer.

A remark is written `# so`, with a blank after its sign, and numbers, colours and hashtags without one. `##` and the
like are rulers.
"""

from __future__ import annotations

import re

from storyboard.errors import Position
from storyboard.source.decode import Text

_SIGN = r"#[^\s#=*~_-]"
_BEHIND = re.compile(rf"[ \t]+({_SIGN}.*)")
_BEHIND_KEY = re.compile(rf"[ \t]*:[ \t]+({_SIGN}.*)")
_NUMBER_BELOW = re.compile(r"[ \t]+(#[0-9].*)")  # any other sign may begin a line that is commented out
_ANYWHERE = re.compile(rf"""^[ \t]*[^#\s](?:[^"]|"[^"]*")*?[ \t]({_SIGN}.*)""")
_CLOSES_A_BRACKET = re.compile(r"[\]},]")
_INDENTED = re.compile(r"[ \t-]*")


def behind(text: Text, begins: int, ends: int, column: int) -> Position | None:
    """Where a comment goes on with the unquoted text that ends there; None where none does. Lines count from 0."""
    found = _BEHIND.match(text.lines[ends], column)
    if found is not None:
        return Position(text.name, ends + 1, found.start(1) + 1)
    below = _NUMBER_BELOW.match(text.lines[ends + 1]) if ends + 1 < len(text.lines) else None
    if below is not None and below.start(1) > _indentation(text.lines[begins]):
        return Position(text.name, ends + 2, below.start(1) + 1)
    return None


def behind_key(text: Text, line: int, column: int) -> Position | None:
    """Where a comment stands in place of the value of a key that ends there; None where none does."""
    found = _BEHIND_KEY.match(text.lines[line], column)
    return Position(text.name, line + 1, found.start(1) + 1) if found else None


def above(text: Text, line: int) -> Position | None:
    """Where a comment cuts off the text that goes on in this line, counted from 1; YAML cannot read it for that."""
    before = next((number for number in range(line - 1, 0, -1) if text.lines[number - 1].strip()), 0)
    if not before:
        return None
    written, goes_on = text.lines[before - 1], text.lines[line - 1]
    below = _NUMBER_BELOW.match(written)
    found = below or _ANYWHERE.match(written)
    if found is None or (below is None and _indentation(goes_on) <= _indentation(written)):
        return None
    return Position(text.name, before, found.start(1) + 1)


def within_brackets(text: Text, first: int, last: int) -> Position | None:
    """The first comment, from the line of a bracket on, that holds what may have closed it. Lines count from 1."""
    for number in range(first, min(last, len(text.lines)) + 1):
        found = _ANYWHERE.match(text.lines[number - 1])
        if found is not None and _CLOSES_A_BRACKET.search(found[1]):
            return Position(text.name, number, found.start(1) + 1)
    return None


def cuts(text: Text, at: Position) -> str:
    """What is wrong with a text that is cut off by the comment that begins there."""
    comment = text.lines[at.line - 1][at.column - 1 :].rstrip()
    shown = comment if len(comment) <= 40 else f"{comment[:40]}…"
    return (
        f"YAML takes {shown!r} for a comment, as a blank stands before its #, and the text ends there; "
        "put the whole text in quotes, or write a blank after the # where it is a remark"
    )


def _indentation(line: str) -> int:
    found = _INDENTED.match(line)
    return found.end() if found else 0
