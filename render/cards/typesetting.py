"""Sets single lines in fonts of a project: which letters come from which font, and how far they reach.

Shaping is Raqm's: it orders what runs from right to left, joins Arabic letters, and builds the syllables of Indic
scripts. Space between letters is given only to scripts whose letters stand apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import groupby

from PIL import Image, ImageDraw, ImageFont
from PIL import features as parts_of_pillow

from render.animatic.fonts import Typeface, is_invisible, is_right_to_left
from render.cards.line_breaks import clusters

_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""Scripts that run from right to left, or whose letters change beside each other."""

_NO_LIGATURES = ["-liga", "-clig"]

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels; right and bottom are the first that are not part of it."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A stretch of one line in one font, `x` pixels right of where the line begins."""

    text: str
    face: Typeface
    x: float


@dataclass(frozen=True, slots=True)
class SetLine:
    """One line as it is set. `ink` is what its letters cover, from the beginning of its baseline."""

    glyphs: tuple[Glyphs, ...]
    size: int
    width: float
    ink: Box
    spaced: bool  # whether its letters were placed one by one

    def draw(self, mask: Image.Image, x: float, baseline: float) -> None:
        """Draw it into a mask ("L"), its baseline beginning at this point."""
        pen = ImageDraw.Draw(mask)
        for each in self.glyphs:
            font = each.face.at(self.size)
            features = _features(font, self.spaced)
            pen.text((x + each.x, baseline), each.text, fill=255, font=font, anchor="ls", features=features)


@dataclass(frozen=True, slots=True)
class Setting:
    """How a text is set: the fonts, best first, the height of letters in pixels, and the space between them."""

    faces: tuple[Typeface, ...]
    size: int
    tracking: float = 0.0  # pixels
    _widths: dict[str, float] = field(default_factory=dict, compare=False)

    def width(self, line: str) -> float:
        """How wide a line is, in pixels."""
        if line not in self._widths:
            self._widths[line] = self.line(line).width if self._is_spaced(line) else self._advance(line)
        return self._widths[line]

    def line(self, text: str) -> SetLine:
        """Set one line, which must hold no line break."""
        spaced = self._is_spaced(text)
        glyphs, x = list[Glyphs](), 0.0
        for face, part in self._runs(text):
            font = face.at(self.size)
            if not spaced:
                glyphs.append(Glyphs(part, face, x))
                x += _length(font, part)
                continue
            reached = ""
            for letter in clusters(part):
                glyphs.append(Glyphs(letter, face, x + _length(font, reached, spaced=True)))
                reached += letter
                x += self.tracking
            x += _length(font, reached, spaced=True)
        width = x - (self.tracking if spaced and glyphs else 0.0)
        return SetLine(tuple(glyphs), self.size, width, self._ink(glyphs, spaced), spaced)

    def _advance(self, text: str) -> float:
        return sum(_length(face.at(self.size), part) for face, part in self._runs(text))

    def _ink(self, glyphs: Sequence[Glyphs], spaced: bool) -> Box:
        boxes = list[Box]()
        for each in glyphs:
            font = each.face.at(self.size)
            left, top, right, bottom = font.getbbox(each.text, anchor="ls", features=_features(font, spaced))
            if right > left and bottom > top:
                boxes.append((each.x + left, top, each.x + right, bottom))
        return around(boxes)

    def _is_spaced(self, text: str) -> bool:
        return self.tracking != 0 and not any(needs_shaping(sign) for sign in text)

    def _runs(self, text: str) -> list[tuple[Typeface, str]]:
        """The text parted by fonts, in the order in which it is seen. One font for all of it is preferred."""
        whole = next((face for face in self.faces if face.covers(text)), None)
        if whole is not None or not text:
            return [(whole or self.faces[0], text)]
        letters: list[tuple[Typeface, str]] = []
        for letter in clusters(text):
            near = letters[-1][0] if letters else None
            letters.append((near if near and is_invisible(letter) else self._face_of(letter), letter))
        parts = [(face, "".join(each for _, each in run)) for face, run in groupby(letters, key=lambda pair: pair[0])]
        return parts[::-1] if is_right_to_left(text) else parts

    def _face_of(self, letter: str) -> Typeface:
        return next((face for face in self.faces if face.covers(letter)), self.faces[0])


def around(boxes: Sequence[Box]) -> Box:
    """The box around all of these; nothing at all where there are none."""
    if not boxes:
        return (0.0, 0.0, 0.0, 0.0)
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return (min(lefts), min(tops), max(rights), max(bottoms))


def lacking(text: str, faces: Sequence[Typeface]) -> str:
    """The letters of a text that none of these fonts has, each once."""
    seen = dict.fromkeys(sign for sign in text if not is_invisible(sign) and not _selects(sign))
    return "".join(sign for sign in seen if not any(sign in face.coverage for face in faces))


def needs_shaping(sign: str) -> bool:
    """Whether a letter is of a script that cannot be set letter by letter."""
    return any(first <= ord(sign) <= last for first, last in _SHAPED)


@cache
def can_shape() -> bool:
    """Whether this Pillow has Raqm."""
    return bool(parts_of_pillow.check("raqm"))


def _selects(sign: str) -> bool:
    """Variation selectors choose between the shapes of the letter before them, and have none."""
    return unicodedata.name(sign, "").startswith("VARIATION SELECTOR")


def _features(font: ImageFont.FreeTypeFont, spaced: bool) -> list[str] | None:
    """Letters that stand apart have no ligatures. Without Raqm, as the built-in font is set, there are none anyhow."""
    return _NO_LIGATURES if spaced and font.layout_engine == ImageFont.Layout.RAQM else None


def _length(font: ImageFont.FreeTypeFont, text: str, *, spaced: bool = False) -> float:
    return font.getlength(text, features=_features(font, spaced))
