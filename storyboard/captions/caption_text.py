"""The text of a caption: cleaned of what a player must not see, and measured as readers read it. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from fractions import Fraction

from storyboard.languages import primary
from storyboard.subtitle_rules import FULL_WIDTH

SOFT_BREAK = "\u200b"
"""A place where a line may end that is not seen: how Thai and Khmer texts part their words."""

KEPT_TOGETHER = "\u00a0\u202f"
"""Blanks at which no line ends."""

_LINE_BREAKS = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")
_IDEOGRAPHIC = "\u3000"
_JOINERS = "\u200c\u200d"
_MARKS = "\u200e\u200f\u061c"  # left-to-right, right-to-left and Arabic letter marks
_ISOLATES, _END_OF_ISOLATE = "\u2066\u2067\u2068", "\u2069"
_WIDE = frozenset("WF")


def clean(text: str) -> str:
    """The text as it may be shown: blanks single, `\\n` where a line was broken by hand, nothing that is not seen.

    Joiners, marks of direction and isolates that are closed again stay, since scripts need them. What would turn all
    that follows, such as an override of direction, does not, nor does any control character.
    """
    lines = [_clean_line(line) for line in _LINE_BREAKS.split(unicodedata.normalize("NFC", text))]
    return "\n".join(line for line in lines if line)


def length(text: str, language: str) -> Fraction:
    """How many characters a text has for its readers: letters with their marks, blanks and signs.

    In Chinese, Japanese and Korean a sign of half width, as of Latin letters, counts as a half.
    """
    return Fraction(half_widths(text, language), 2)


def half_widths(text: str, language: str) -> int:
    """The same in halves, as a whole number."""
    full = primary(language) in FULL_WIDTH
    if text.isascii():
        return len(text) if full else 2 * len(text)
    return sum(_half_widths(each, full=full) for each in text)


def letters(text: str) -> Iterator[str]:
    """The text letter by letter, each with its marks and whatever is joined to it."""
    letter = ""
    for each in text:
        joined = letter.endswith("\u200d") or unicodedata.category(each) in {"Mn", "Mc", "Me", "Cf"}
        if letter and not joined:
            yield letter
            letter = ""
        letter += each
    if letter:
        yield letter


def _clean_line(line: str) -> str:
    kept = "".join(filter(None, map(_kept, line)))
    kept = _without_loose_isolates(kept)
    if all(unicodedata.category(letter)[0] in "CZ" for letter in kept):
        return ""
    kept = re.sub(" *\u200b[ \u200b]*", SOFT_BREAK, re.sub(" +", " ", kept))
    return kept.strip(" " + SOFT_BREAK + _IDEOGRAPHIC + KEPT_TOGETHER)


def _kept(letter: str) -> str:
    kind = unicodedata.category(letter)
    if letter in KEPT_TOGETHER or letter in _IDEOGRAPHIC or letter == SOFT_BREAK:
        return letter
    if kind == "Zs" or letter == "\t":
        return " "
    if kind == "Cf":
        return letter if letter in _JOINERS + _MARKS + _ISOLATES + _END_OF_ISOLATE else ""
    if kind == "Cc":
        return ""
    return "\N{REPLACEMENT CHARACTER}" if kind in {"Cn", "Co", "Cs"} else letter


def _without_loose_isolates(line: str) -> str:
    """Without those that open and never close, or close what was never opened."""
    opened: list[int] = []
    loose: set[int] = set()
    for place, letter in enumerate(line):
        if letter in _ISOLATES:
            opened.append(place)
        elif letter == _END_OF_ISOLATE:
            if opened:
                opened.pop()
            else:
                loose.add(place)
    loose.update(opened)
    return "".join(letter for place, letter in enumerate(line) if place not in loose)


def _half_widths(letter: str, *, full: bool) -> int:
    if unicodedata.category(letter) in {"Mn", "Me", "Cf"}:
        return 0
    return 1 if full and unicodedata.east_asian_width(letter) not in _WIDE else 2
