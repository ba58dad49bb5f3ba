"""A text as phrases that no line is broken within, and how well a line may end after each. Pure.

Where words stand apart, phrases are words, and the quality of a break is what editors of subtitles go by: best at the
end of a sentence, then of a clause, then before a conjunction or preposition, and never after an article. Chinese,
Japanese and Thai write no blanks; there BudouX tells phrases, and lines keep the rules of what may begin or end one.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from functools import lru_cache

from storyboard.captions.caption_text import KEPT_TOGETHER, SOFT_BREAK, length, letters
from storyboard.captions.small_words import JOINING, LEANING, TITLES
from storyboard.languages import is_traditional_chinese, primary


class Break(IntEnum):
    """How a line may end at a place, from a must to what is hardly ever right."""

    WRITTEN = 0  # a line break of the text itself
    SENTENCE = 1
    CLAUSE = 2
    JOINT = 3  # before a conjunction or a preposition
    PLAIN = 4
    POOR = 5  # after an article, between a title and its name, within what belongs together


@dataclass(frozen=True, slots=True)
class Phrase:
    """What stands on one line: its text, the blank between it and the next on the same line, the break after it."""

    text: str
    gap: str
    after: Break


_OPENING = "([{<«‹„‚“‘¿¡（［｛〈《「『【〔〖〝"
_CLOSING = ")]}>»›”’?!.,;:…%°、。，．！？；：）］｝〉》」』】〕〗〟ーァィゥェォッャュョヮぁぃぅぇぉっゃゅょゎ々゛゜・"
_SENTENCE_END = re.compile(r"[.!?…。．！？؟۔।]+[\"'”’»›)\]）」』】]*$")
_CLAUSE_END = re.compile(r"(?:[,;:，、；：،؛]|[–—])[\"'”’»›)\]）」』】]*$")
_INITIAL = re.compile(r"^(?!i)[^\W\d]\.$")  # "I." ends a sentence
_DASHES = frozenset({"-", "–", "—", "―"})
_QUOTES = "\"'"
_AROUND = "\"'“”‘’«»‹›„()[]"


def phrases(text: str, language: str, max_line: int) -> tuple[Phrase, ...]:
    """The phrases of a clean text. What is longer than a line is parted between letters where the script allows it."""
    found: list[Phrase] = []
    for written in text.split("\n"):
        line = [*_of_line(written, language, max_line)]
        if line:
            found += [*line[:-1], replace(line[-1], gap=" ", after=Break.WRITTEN)]
    if found and primary(language) in {"ja", "zh"}:
        found = [replace(each, gap="") if each.after is Break.WRITTEN else each for each in found]
    return tuple(found)


def _of_line(text: str, language: str, max_line: int) -> Iterator[Phrase]:
    parser = _parser(primary(language), traditional=is_traditional_chinese(language))
    parts = _parts(text, parser)
    if parser is not None:
        parts = [piece for part in parts for piece in _short_enough(part, language, max_line)]
    glued = _glued(parts)
    for place, (word, gap) in enumerate(glued):
        following = glued[place + 1][0] if place + 1 < len(glued) else None
        yield Phrase(word, gap, _quality(word, gap, following, primary(language), spaced=parser is None))


def _parts(text: str, parser: Callable[[str], Sequence[str]] | None) -> list[tuple[str, str]]:
    """Words or phrases, each with the blank behind it."""
    parts: list[tuple[str, str]] = []
    for word, gap in re.findall(f"([^ \u3000{SOFT_BREAK}]+)([ \u3000{SOFT_BREAK}]*)", text):
        pieces = list(parser(word)) if parser is not None else _hyphened(word)
        parts += [*((piece, "") for piece in pieces[:-1]), (pieces[-1], gap.replace(SOFT_BREAK, ""))]
    return parts


def _hyphened(word: str) -> list[str]:
    """A word may be parted behind a long dash within it, as in "wait—now"."""
    return [part for part in re.split(r"(?<=\w[—―])(?=\w)", word) if part]


def _short_enough(part: tuple[str, str], language: str, max_line: int) -> Iterator[tuple[str, str]]:
    """A phrase wider than a line by its letters; words in Latin letters stay whole."""
    word, gap = part
    if length(word, language) <= max_line or word.isascii():
        yield part
        return
    pieces = list(letters(word))
    yield from ((piece, "") for piece in pieces[:-1])
    yield pieces[-1], gap


def _glued(parts: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """The same without lines that would begin with a closing sign or end with an opening one."""
    glued: list[tuple[str, str]] = []
    for word, gap in parts:
        if glued and _belongs(glued[-1][0], word, blank=bool(glued[-1][1])):
            before, between = glued[-1]
            glued[-1] = (before + between + word, gap)
        else:
            glued.append((word, gap))
    return glued


def _belongs(before: str, word: str, *, blank: bool) -> bool:
    """Whether no line may end between two parts."""
    if word in _DASHES:
        return True  # a dash ends a line and begins none
    if all(letter in _OPENING for letter in before) or before in _DASHES:
        return True
    if all(letter in _CLOSING + _QUOTES for letter in word):
        return True
    if blank:
        return False
    if word[0] in KEPT_TOGETHER or before[-1] in KEPT_TOGETHER or unicodedata.category(word[0])[0] == "M":
        return True
    latin = before[-1].isascii() and before[-1].isalnum() and word[0].isascii() and word[0].isalnum()
    return latin or word[0] in _CLOSING or before[-1] in _OPENING


def _quality(word: str, gap: str, following: str | None, language: str, *, spaced: bool) -> Break:
    plain = _bare(word)
    if plain in TITLES or _INITIAL.match(plain):
        return Break.POOR
    if _SENTENCE_END.search(word):
        return Break.SENTENCE
    if _CLAUSE_END.search(word):
        return Break.CLAUSE
    if not spaced:
        return Break.PLAIN if gap or length(word, language) > 1 else Break.POOR
    return _between(word, "" if following is None else following, language)


def _between(word: str, following: str, language: str) -> Break:
    """Of two words with a blank between them and no sign."""
    joining = JOINING.get(language, frozenset())
    if _bare(word) in joining | LEANING.get(language, frozenset()) or _are_one(word, following):
        return Break.POOR
    return Break.JOINT if _bare(following) in joining else Break.PLAIN


def _bare(word: str) -> str:
    return word.strip(_AROUND).casefold()


def _are_one(word: str, following: str) -> bool:
    """A number and what it counts, or two names of one person."""
    return word.isdigit() or (word[:1].isupper() and word[1:].islower() and following[:1].isupper())


@lru_cache(maxsize=8)
def _parser(language: str, *, traditional: bool) -> Callable[[str], Sequence[str]] | None:
    """What tells phrases where no blanks do; None where blanks do."""
    if language not in {"ja", "th", "zh"}:
        return None
    import budoux

    if language == "ja":
        return budoux.load_default_japanese_parser().parse
    if language == "th":
        return budoux.load_default_thai_parser().parse
    if traditional:
        return budoux.load_default_traditional_chinese_parser().parse
    return budoux.load_default_simplified_chinese_parser().parse
