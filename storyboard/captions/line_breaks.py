"""Breaks a text into captions, and a caption into lines. Pure.

As few captions as hold the text, each ended where a sentence or a clause ends, if that can be; as few lines as hold a
caption, of like length, the lower one rather the longer, ended where a reader pauses.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache
from itertools import pairwise
from math import ceil

from storyboard.captions.caption_text import clean, half_widths
from storyboard.captions.phrases import Break, Phrase, phrases
from storyboard.subtitle_rules import Limits

_LINE_ENDS: Mapping[Break, float] = {
    Break.WRITTEN: -50.0,
    Break.SENTENCE: 0.0,
    Break.CLAUSE: 0.6,
    Break.JOINT: 1.2,
    Break.PLAIN: 2.5,
    Break.POOR: 6.0,
}
_CAPTION_ENDS: Mapping[Break, float] = {
    Break.WRITTEN: 0.0,
    Break.SENTENCE: 0.0,
    Break.CLAUSE: 3.0,
    Break.JOINT: 5.0,
    Break.PLAIN: 9.0,
    Break.POOR: 20.0,
}
_A_CAPTION = 12.0
_UNEVEN = 12.0
_TOP_HEAVY = 2.0
_TOO_LONG = 1_000.0

Lines = tuple[str, ...]
"""The lines of one caption."""


@lru_cache(maxsize=4096)
def captions_of(text: str, language: str, limits: Limits) -> tuple[Lines, ...]:
    """The captions that show this text, in order; none where it has nothing to show.

    Each has at most `limits.max_lines` lines. A single word that is longer than a line stays whole.
    """
    found = phrases(clean(text), language, limits.max_line)
    return tuple(_lines(found[start:end], language, limits) for start, end in _parted(found, language, limits))


def _parted(found: Sequence[Phrase], language: str, limits: Limits) -> list[tuple[int, int]]:
    """Where each caption begins and ends, among the phrases; the cheapest way over all."""
    if not found:
        return []
    widths = _Widths(found, language)
    if _rows(widths, 0, len(found), limits) <= limits.max_lines:
        return [(0, len(found))]
    whole, most = widths.between(0, len(found)), 2 * limits.max_line * limits.max_lines
    share = whole / ceil(max(1, whole / most))
    cheapest: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(found) + 1):
        ways = []
        for start in range(end - 1, -1, -1):
            if start < end - 1 and _rows(widths, start, end, limits) > limits.max_lines:
                break
            uneven = ((widths.between(start, end) - share) / most) ** 2
            ends = 0.0 if end == len(found) else _CAPTION_ENDS[found[end - 1].after]
            ways.append((cheapest[start][0] + _A_CAPTION + ends + _UNEVEN * uneven, start))
        cheapest.append(min(ways))
    parts, end = [], len(found)
    while end:
        parts.append((cheapest[end][1], end))
        end = cheapest[end][1]
    return parts[::-1]


class _Widths:
    """How wide stretches of phrases are on one line, in halves of a letter."""

    def __init__(self, found: Sequence[Phrase], language: str) -> None:
        self.found = found
        self.gaps = [half_widths(each.gap, language) for each in found]
        self.sums = [0]
        for each, gap in zip(found, self.gaps, strict=True):
            self.sums.append(self.sums[-1] + half_widths(each.text, language) + gap)

    def between(self, start: int, end: int) -> int:
        """From one phrase to before another, without the blank at the end."""
        return self.sums[end] - self.sums[start] - self.gaps[end - 1]


def _rows(widths: _Widths, start: int, end: int, limits: Limits) -> int:
    """How many lines these phrases need, each filled as far as it goes; a break that is written ends one."""
    rows, begins = 1, start
    for place in range(start + 1, end):
        ended = widths.found[place - 1].after is Break.WRITTEN
        if ended or widths.between(begins, place + 1) > 2 * limits.max_line:
            rows, begins = rows + 1, place
            if rows > limits.max_lines:
                break
    return rows


def _lines(found: Sequence[Phrase], language: str, limits: Limits) -> Lines:
    widths = _Widths(found, language)
    rows = _rows(widths, 0, len(found), limits)
    mean = widths.between(0, len(found)) / rows

    @cache
    def best(start: int, left: int, above: int) -> tuple[float, tuple[int, ...]]:
        """The cheapest way to set what begins at `start` in so many lines, under one that is so long."""
        if left == 1:
            return _cost(widths.between(start, len(found)), above, mean, limits), (len(found),)
        ways = []
        for end in range(start + 1, len(found) - left + 2):
            width = widths.between(start, end)
            here = _cost(width, above, mean, limits) + _LINE_ENDS[found[end - 1].after]
            below, ends = best(end, left - 1, width)
            ways.append((here + below, (end, *ends)))
        return min(ways)

    ends = best(0, rows, 0)[1]
    return tuple(_joined(found[start:end]) for start, end in pairwise((0, *ends)))


def _cost(width: int, above: int, mean: float, limits: Limits) -> float:
    most = 2 * limits.max_line
    over, top_heavy = max(0, width - most), max(0, above - width)
    return over * _TOO_LONG + _UNEVEN * ((width - mean) / most) ** 2 + _TOP_HEAVY * top_heavy / most


def _joined(found: Sequence[Phrase]) -> str:
    return "".join(each.text + each.gap for each in found[:-1]) + found[-1].text
