"""The fonts of a document: the project's own, then the one that Pillow carries, then those of this machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from render.animatic.fonts import Typeface, bundled, is_invisible, runs
from render.cards.card_fonts import CardFonts, FileOf
from storyboard.shot import Episode


@dataclass(frozen=True, slots=True)
class PaperFonts:
    """The fonts that a document's texts need, each of which is embedded as far as it is used."""

    display: tuple[Typeface, ...]  # for the series' title, where one has all of it
    reading: tuple[Typeface, ...]  # for everything else, best first: the first has most of it

    @property
    def every(self) -> tuple[Typeface, ...]:
        """All of them, each once."""
        return tuple(dict.fromkeys([*self.reading, *self.display]))

    def first(self, text: str, *, display: bool) -> Typeface:
        """The font in which a line is set; letters that it lacks come from the others."""
        faces = (*self.display, *self.reading) if display else self.reading
        return next((face for face in faces if face.covers(text)), self.reading[0])

    def readable(self, text: str) -> str:
        """The text, with a plain letter or a note in the place of what no font has: never an empty box."""
        parts = groupby(text, key=self._has)
        return "".join("".join(part) if has else _plain("".join(part)) for has, part in parts)

    def _has(self, letter: str) -> bool:
        return _is_mark(letter) or any(letter in face.coverage for face in self.every)


def fonts_of(episode: Episode, file_of: FileOf, texts: Iterable[str]) -> PaperFonts:
    """The fonts for these texts of an episode; `file_of` gives the files that its YAML names.

    Texts are read in the font of its subtitles, where it names one; its series' title stands in the font of its cards.
    Raises MediaError where one of them is no font.
    """
    opened = CardFonts(file_of)
    rules = episode.subtitles
    own = [rules.font] if rules is not None and rules.font is not None else []
    cards = dict.fromkeys(font for card in episode.cards for text in card.look.texts for font in text.fonts)
    return chosen_fonts([opened.face(each) for each in own], [opened.face(each) for each in cards], texts)


def chosen_fonts(reading: Sequence[Typeface], display: Sequence[Typeface], texts: Iterable[str]) -> PaperFonts:
    """Fonts for texts: those that are given, and for what these lack the first of this machine that has it."""
    letters = list(dict.fromkeys(letter for text in texts for letter in text if not _is_mark(letter)))
    found = list(reading) or [_for_latin(letters)]
    for letter in letters:
        if not any(letter in face.coverage for face in (*found, *display)):
            found += [run.typeface for run in runs(letter) if run.typeface not in found]
    if bundled() not in found:
        found.append(bundled())  # for notes of what no font has
    return PaperFonts(tuple(display), tuple(found))


def _for_latin(letters: Sequence[str]) -> Typeface:
    """Pillow's own font where it has all Latin letters of a document, so that words are never of two fonts."""
    latin = "".join(each for each in letters if each.isalpha() and unicodedata.name(each, "").startswith("LATIN"))
    whole = runs(latin or "A")
    return whole[0].typeface if len(whole) == 1 and whole[0].typeface.covers(latin) else bundled()


def _is_mark(letter: str) -> bool:
    """What follows the letter before it, whatever font that is in."""
    return is_invisible(letter) or unicodedata.category(letter).startswith("M")


def _plain(part: str) -> str:
    return "".join(run.text for run in runs(part))
