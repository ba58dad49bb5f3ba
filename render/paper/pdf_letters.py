"""Letters in a PDF: measured, broken into lines and drawn in embedded fonts, in any script and direction."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode

from render.animatic.fonts import Typeface
from render.captions.caption_fonts import caption_font, face_number
from render.cards.wrapping import units
from render.paper.paper_fonts import PaperFonts
from storyboard.paper.typesetting_rules import POINT_MM, SetText, Style
from storyboard.text.letters import clusters

_MEASURED_PT = 100.0
_HEAVIER = 0.032  # stroke around strong letters, of their size: fonts of projects come without a bold face
_INK, _FAINT_INK = 22, 112  # grey levels, 0 to 255
_HALF_CELL = 0.3  # of the size of the letters: how far fpdf2 sets a baseline below a cell without height


class PdfLetters:
    """Sets text in one PDF. `scratch` holds the font that Pillow carries until the PDF is written."""

    def __init__(self, pdf: FPDF, fonts: PaperFonts, scratch: Path, language: str) -> None:
        self._pdf, self._fonts = pdf, fonts
        self._families = {face: f"face{number}" for number, face in enumerate(fonts.every)}
        for face, family in self._families.items():
            path = face.path or _bundled_file(scratch)
            pdf.add_font(family, fname=path, collection_font_number=face_number(path, language))
        pdf.set_fallback_fonts(list(self._families.values()), exact_match=False)
        self._widths: dict[tuple[str, Typeface], float] = {}

    def width_mm(self, text: str, style: Style) -> float:
        """How wide one line is."""
        face = self._face(text, style)
        if (text, face) not in self._widths:
            self._set(face, _MEASURED_PT, right_to_left=None)
            self._widths[text, face] = self._pdf.get_string_width(text)
        return self._widths[text, face] * style.size_pt / _MEASURED_PT

    def lines(self, text: str, style: Style, room_mm: float) -> Sequence[str]:
        """The text in lines that fit the room."""
        found, line, used_mm = list[str](), "", 0.0
        for unit in self._units(text, style, room_mm):
            wide_mm = self.width_mm(unit, style)
            if line and used_mm + self.width_mm(unit.rstrip(), style) > room_mm:
                found.append(line.rstrip())
                line, used_mm = "", 0.0
            line, used_mm = line + unit, used_mm + wide_mm
        return [*found, line.rstrip()] if line else found

    def draw(self, line: SetText) -> None:
        """Draw one line where it stands."""
        if not line.text:
            return
        pdf, style = self._pdf, line.style
        wide_mm = self.width_mm(line.text, style)
        pdf.set_xy(line.x_mm - wide_mm * line.to_the_right, line.baseline_mm - _HALF_CELL * style.size_pt * POINT_MM)
        grey = _FAINT_INK if style.faint else _INK
        mode = TextMode.FILL_STROKE if style.strong else TextMode.FILL
        with pdf.local_context(text_mode=mode, line_width=style.size_pt * POINT_MM * _HEAVIER):
            self._set(self._face(line.text, style), style.size_pt, right_to_left=line.right_to_left)
            pdf.set_text_color(grey)
            pdf.set_draw_color(grey)
            pdf.cell(w=wide_mm + 1, h=0, text=line.text)

    def _units(self, text: str, style: Style, room_mm: float) -> Iterator[str]:
        """What stays on one line; a stretch that is wider than that is broken between letters."""
        for unit in units(text):
            if self.width_mm(unit.rstrip(), style) <= room_mm:
                yield unit
            else:
                yield from clusters(unit)

    def _face(self, text: str, style: Style) -> Typeface:
        return self._fonts.first(text, display=True) if style.display else self._fonts.reading[0]

    def _set(self, face: Typeface, size_pt: float, *, right_to_left: bool | None) -> None:
        """Choose a font; None: text runs as its first letter says."""
        self._pdf.set_font(self._families[face], size=size_pt)
        direction = None if right_to_left is None else "rtl" if right_to_left else "ltr"
        self._pdf.set_text_shaping(use_shaping_engine=True, direction=direction)


def _bundled_file(scratch: Path) -> Path:
    path = scratch / "bundled.ttf"
    if not path.exists():
        path.write_bytes(caption_font((), None).content)
    return path
