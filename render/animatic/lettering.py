"""Sets lines of text in any script: measures, wraps, shortens, and gives them back as masks to colour in."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from PIL import Image, ImageDraw

from render.animatic.fonts import runs
from storyboard.text.printable import one_line

ELLIPSIS = "…"
_ASCENT = 1.02  # of the size, above the baseline
_DESCENT = 0.34
LEADING = _ASCENT + _DESCENT
"""Height of a line, in sizes of its letters."""


def width(text: str, size: int) -> float:
    """How wide a line is, in pixels."""
    return sum(run.typeface.at(size).getlength(run.text) for run in runs(text))


def line_mask(text: str, size: int) -> Image.Image:
    """One line as a mask ("L"), `LEADING` times its size high, cut to its width."""
    set_runs = [(run.text, run.typeface.at(size)) for run in runs(text)]
    mask = Image.new("L", (max(1, round(width(text, size)) + 2), round(size * LEADING)))
    pen, x = ImageDraw.Draw(mask), 1.0
    for part, font in set_runs:
        pen.text((x, round(size * _ASCENT)), part, fill=255, font=font, anchor="ls")
        x += font.getlength(part)
    return mask


def block_mask(lines: list[str], size: int, *, centred: bool = False) -> Image.Image:
    """Several lines as one mask."""
    masks = [line_mask(line, size) for line in lines]
    block = Image.new("L", (max(mask.width for mask in masks), sum(mask.height for mask in masks)))
    top = 0
    for mask in masks:
        block.paste(mask, ((block.width - mask.width) // 2 if centred else 0, top))
        top += mask.height
    return block


def shorten(text: str, size: int, room: float) -> str:
    """The text, or as much of it as fits into `room` pixels with an ellipsis."""
    if width(text, size) <= room:
        return text
    return _longest(text, size, room, ELLIPSIS).rstrip() + ELLIPSIS


def wrap(text: str, size: int, room: float, most: int) -> list[str]:
    """Break a text into at most so many lines of so many pixels; the last one ends in an ellipsis if more follows."""
    lines: list[str] = []
    rest = one_line(text)
    while rest and len(lines) < most:
        if len(lines) == most - 1:
            lines.append(shorten(rest, size, room))
            break
        line = _first_line(rest, size, room)
        lines.append(line.rstrip())
        rest = rest[len(line) :].lstrip()
    return lines or [""]


def _first_line(text: str, size: int, room: float) -> str:
    """As many whole words as fit; a word wider than the room is broken between its letters."""
    if width(text, size) <= room:
        return text
    longest = _longest(text, size, room)
    if text[len(longest) : len(longest) + 1] == " ":
        return longest
    at_word = longest.rpartition(" ")[0]
    return at_word or longest


def _longest(text: str, size: int, room: float, end: str = "") -> str:
    """The longest beginning that fits together with `end`, never parted from its marks; at least one letter."""
    ends = list(_letter_ends(text))
    low, high = 0, len(ends) - 1
    while low < high:
        middle = (low + high + 1) // 2
        if width(text[: ends[middle]] + end, size) <= room:
            low = middle
        else:
            high = middle - 1
    return text[: ends[low]] if ends else ""


def _letter_ends(text: str) -> Iterator[int]:
    """Where the text may be parted: after each letter with all its marks."""
    for place in range(1, len(text)):
        if not unicodedata.category(text[place]).startswith("M") and text[place] != "\u200d":
            yield place
    if text:
        yield len(text)
