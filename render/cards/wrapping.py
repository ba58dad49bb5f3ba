"""Where a line of text may end: after words, and in Chinese and Japanese after most letters.

Follows the rules of JIS X 4051 that readers notice: no closing bracket, full stop, small kana or prolonged sound at a
line's beginning, and no opening bracket at its end. Korean is broken between words, as it is printed.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator

from storyboard.text.letters import clusters

_WIDE = ((0x2E80, 0x2FDF), (0x3005, 0x3007), (0x3021, 0x3029), (0x3040, 0x30FF), (0x31F0, 0x31FF), (0x3400, 0x4DBF))
_WIDER = ((0x4E00, 0x9FFF), (0xF900, 0xFAFF), (0xFF66, 0xFF9F), (0x20000, 0x3FFFF))
_NOT_FIRST = frozenset(
    ",.:;!?%)]}»›’”‥…‰、。，．：；！？％）］｝〉》」』】〕〗〙〛·・゠〜～ーｰ々〻ゝゞヽヾ"
    "ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶㇰㇱㇲㇳㇴㇵㇶㇷㇸㇹㇺㇻㇼㇽㇾㇿｧｨｩｪｫｬｭｮｯ｡｣､･°′″℃"
)
_NOT_LAST = frozenset("([{«‹‘“（［｛〈《「『【〔〖〘〚｢$€£¥￥＄#＃№")
_ENDS_OF_CLAUSES = frozenset(",.:;!?、。，．：；！？」』）…،؛؟।\u3000")
_HYPHENS = frozenset("-‐–—/")


def units(text: str) -> Iterator[str]:
    """The stretches of a text that stay on one line, with the blanks behind them: a line may end after each."""
    unit = ""
    letters = clusters(text)
    for place, letter in enumerate(letters):
        unit += letter
        opens = unit.rstrip()[-1:] in _NOT_LAST  # also with a blank behind it
        if place + 1 < len(letters) and not opens and _may_end(letter, letters[place + 1]):
            yield unit
            unit = ""
    if unit:
        yield unit


def _may_end(letter: str, follows: str) -> bool:
    """Whether a line may end between two letters."""
    if follows == " " or follows[0] in _NOT_FIRST:
        return False
    if letter == " ":
        return True
    if letter[0] in _HYPHENS:
        return follows[0].isalpha()
    return _is_wide(letter[0]) or _is_wide(follows[0]) or _ends_a_clause(letter[0])


def _ends_a_clause(sign: str) -> bool:
    """Full-width signs stand among letters without a blank, and a line may end behind them."""
    return sign in _NOT_FIRST and unicodedata.east_asian_width(sign) in {"W", "F", "H"}


def _is_wide(sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in (*_WIDE, *_WIDER))


def wrapped(text: str, room: float, width: Callable[[str], float]) -> list[str]:
    """The text in as few lines as fit the room, evened out so that no last word stands alone.

    Where a clause can end a line, it does. A unit wider than the room has a line of its own, which is then too wide:
    that is for the caller to see.
    """
    lines = _greedy(list(units(text)), room, width)
    if not 2 <= len(lines) <= _EVENED:
        return lines
    for parts in (list(_clauses(text)), list(units(text))):
        evened = _evened(parts, len(lines), room, width)
        if evened is not None:
            return evened
    return lines


_EVENED = 6
"""Lines at most that are evened out; more are read as running text."""


def _evened(parts: list[str], most: int, room: float, width: Callable[[str], float]) -> list[str] | None:
    """These parts in so many lines, as even as they come; None where they need more, or more room."""

    def fit(within: float) -> list[str] | None:
        lines = _greedy(parts, within, width)
        return lines if len(lines) == most and all(width(line) <= within for line in lines) else None

    best, low, high = fit(room), 0.0, room
    for _ in range(8 if best else 0):
        middle = (low + high) / 2
        tried = fit(middle)
        best, low, high = (tried, low, middle) if tried else (best, middle, high)
    return best


def _clauses(text: str) -> Iterator[str]:
    """The units of a text, put together to what stands between its commas and stops."""
    clause = ""
    for unit in units(text):
        clause += unit
        if clause.rstrip()[-1:] in _ENDS_OF_CLAUSES:
            yield clause
            clause = ""
    if clause:
        yield clause


def _greedy(parts: list[str], room: float, width: Callable[[str], float]) -> list[str]:
    lines, line = list[str](), ""
    for part in parts:
        if line and width((line + part).rstrip()) > room:
            lines.append(line.rstrip())
            line = part
        else:
            line += part
    return [*lines, line.rstrip()]
