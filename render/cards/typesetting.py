"""Sets single lines in fonts of a project: which letters come from which font, and how far they reach.

Shaping is Raqm's: it orders what runs from right to left, joins Arabic letters, and builds the syllables of Indic
scripts. Space between letters is given only to scripts whose letters stand apart.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Literal

from PIL import Image, ImageDraw, ImageFont
from PIL import features as parts_of_pillow

from render.animatic.fonts import Typeface, is_invisible
from render.cards.bidi_runs import Run, mirrored, visual_runs
from storyboard.text.letters import clusters

_SHAPED = ((0x0590, 0x08FF), (0x0900, 0x0DFF), (0x0F00, 0x109F), (0x1780, 0x18AF), (0xFB1D, 0xFDFF), (0xFE70, 0xFEFF))
"""Scripts that run from right to left, or whose letters change beside each other."""

_NO_LIGATURES = ["-liga", "-clig"]
_ANY_SIZE = 16

Box = tuple[float, float, float, float]
"""Left, top, right and bottom in pixels; right and bottom are the first that are not part of it."""


@dataclass(frozen=True, slots=True)
class Glyphs:
    """A stretch of one line in one font, `x` pixels right of where the line begins."""

    text: str
    face: Typeface
    x: float
    direction: Literal["ltr", "rtl"] | None = None  # None: as its letters run


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
            features, way = _apart(font) if self.spaced else None, _direction(font, each)
            at = (x + each.x, baseline)
            pen.text(at, each.text, fill=255, font=font, anchor="ls", features=features, direction=way)


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
            self._widths[line] = self.line(line).width
        return self._widths[line]

    def line(self, text: str) -> SetLine:
        """Set one line, which must hold no line break."""
        spaced = self._is_spaced(text)
        glyphs, x = list[Glyphs](), 0.0
        for part in self._parts(text):
            font = part.face.at(self.size)
            if not spaced:
                glyphs.append(replace(part, x=x))
                x += font.getlength(part.text, direction=_direction(font, part))
                continue
            before = ""
            for letter in clusters(part.text):
                x += _kerning(font, before, letter) + (self.tracking if glyphs else 0.0)
                glyphs.append(replace(part, text=letter, x=x))
                x += font.getlength(letter, features=_apart(font))
                before = letter
        return SetLine(tuple(glyphs), self.size, x, self._ink(glyphs, spaced), spaced)

    def _ink(self, glyphs: Sequence[Glyphs], spaced: bool) -> Box:
        boxes = list[Box]()
        for each in glyphs:
            font = each.face.at(self.size)
            features, direction = _apart(font) if spaced else None, _direction(font, each)
            left, top, right, bottom = font.getbbox(each.text, anchor="ls", features=features, direction=direction)
            if right > left and bottom > top:
                boxes.append((each.x + left, top, each.x + right, bottom))
        return around(boxes)

    def _is_spaced(self, text: str) -> bool:
        return self.tracking != 0 and not any(needs_shaping(sign) for sign in text)

    def _parts(self, text: str) -> list[Glyphs]:
        """The text parted by fonts, in the order in which it is seen. One font for all of it is preferred."""
        whole = next((face for face in self.faces if face.covers(text)), None)
        if whole is not None or not text:
            return [Glyphs(text, whole or self.faces[0], 0.0)]
        letters: list[tuple[Typeface, str]] = []
        for letter in clusters(text):
            near = letters[-1][0] if letters else None
            letters.append((near if near and is_invisible(letter) else self._face_of(letter), letter))
        return [
            Glyphs(_readable(run), run.font, 0.0, "rtl" if run.right_to_left else "ltr") for run in visual_runs(letters)
        ]

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


def _readable(run: Run[Typeface]) -> str:
    """The text of a run as its font is given it: without Raqm it must be turned round already."""
    turned = run.right_to_left and not _is_shaped(run.font.at(_ANY_SIZE))
    return mirrored(run.text) if turned else run.text


def _is_shaped(font: ImageFont.FreeTypeFont) -> bool:
    return font.layout_engine == ImageFont.Layout.RAQM


def _apart(font: ImageFont.FreeTypeFont) -> list[str] | None:
    """Letters that stand apart have no ligatures. Without Raqm, as the built-in font is set, there are none anyhow."""
    return _NO_LIGATURES if _is_shaped(font) else None


def _kerning(font: ImageFont.FreeTypeFont, before: str, letter: str) -> float:
    """How much nearer two letters stand than side by side, in pixels, negative; 0 at the beginning of a part."""
    if not before:
        return 0.0
    apart = _apart(font)
    pair, one, other = (font.getlength(each, features=apart) for each in (before + letter, before, letter))
    return pair - one - other


def _direction(font: ImageFont.FreeTypeFont, part: Glyphs) -> Literal["ltr", "rtl"] | None:
    return part.direction if _is_shaped(font) else None
