"""A font for tests: every letter a box, so that any script can be set on any machine."""

from __future__ import annotations

from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.ttGlyphPen import TTGlyphPen


def drawn_font(path: Path, letters: str, name: str = "Boxes") -> Path:
    """Write a TrueType font that has these letters, and no other."""
    glyphs = {f"u{ord(letter):04X}": ord(letter) for letter in sorted({*letters, " "})}
    names = [".notdef", *glyphs]
    made = FontBuilder(1000, isTTF=True)
    made.setupGlyphOrder(names)
    made.setupCharacterMap({code: glyph for glyph, code in glyphs.items()})
    made.setupGlyf({glyph: _box(empty=glyph == "u0020") for glyph in names})
    made.setupHorizontalMetrics(dict.fromkeys(names, (600, 50)))
    made.setupHorizontalHeader(ascent=800, descent=-200)
    made.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name, "psName": name})
    made.setupOS2(sTypoAscender=800, sTypoDescender=-200, usWinAscent=800, usWinDescent=200)
    made.setupPost()
    made.font["head"].created = made.font["head"].modified = 3_786_912_000  # seconds from 1904: the year 2024
    made.save(path)
    return path


def _box(*, empty: bool) -> object:
    pen = TTGlyphPen(None)
    if not empty:
        for point, move in (((50, 0), pen.moveTo), ((50, 700), pen.lineTo), ((550, 700), pen.lineTo)):
            move(point)
        pen.lineTo((550, 0))
        pen.closePath()
    return pen.glyph()
