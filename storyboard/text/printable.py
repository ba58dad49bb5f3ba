"""Text from elsewhere, fit to be shown: the one place that decides what a terminal, a log or a picture may be told.

Ledgers, archives, vendors, folders and storyboards are other people's words. Written as they come, some of these would
move a cursor, colour a screen, rename a window, or turn letters round, so that a person reads what nobody wrote.
"""

from __future__ import annotations

import json
import re

_LINE_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_JOINERS = "\u200c\u200d"  # within words of some scripts, and within pictures that are written as letters


def printable(text: str, *, lines: bool = False) -> str:
    """The text with a blank for every kind of blank, and a replacement character for whatever else is not seen.

    A line break is a blank too; with `lines` it stays, as `\\n`.
    """
    if text.isprintable():
        return text
    if lines:
        return "\n".join(map(printable, _LINE_BREAK.split(text)))
    line = _LINE_BREAK.sub(" ", text)
    return "".join(_shown(line, at) for at in range(len(line)))


def one_line(text: str) -> str:
    """The printable text, its blanks single and none at its ends."""
    return " ".join(printable(text).split())


def is_printable(text: str, *, lines: bool = False) -> bool:
    """Whether it is fit to be shown as it stands."""
    return printable(text, lines=lines) == text


def printable_json(text: str) -> str:
    """The same JSON, with escapes in its strings for whatever is not seen: nothing of it is lost to its reader."""
    if text.isprintable():
        return text
    return "".join(each if each.isprintable() or each == "\n" else json.dumps(each)[1:-1] for each in text)


def _shown(line: str, at: int) -> str:
    letter = line[at]
    if letter.isprintable() or (letter in _JOINERS and _joins(line[at - 1 : at], line[at + 1 : at + 2])):
        return letter
    return " " if letter.isspace() else "\N{REPLACEMENT CHARACTER}"


def _joins(before: str, after: str) -> bool:
    return all(side.isprintable() and not side.isascii() for side in (before, after))
