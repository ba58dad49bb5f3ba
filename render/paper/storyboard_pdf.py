"""Draws a storyboard for print as a PDF: frames as fine as paper shows, and text that can be searched and copied."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from fpdf import FPDF
from PIL import Image

from render.media.pictures import fitted
from render.paper.paper_fonts import PaperFonts
from render.paper.pdf_letters import PdfLetters
from render.paper.shot_frames import Size
from render.store.atomic_files import disk_errors, whole_file
from storyboard.paper.page_heads import Heading
from storyboard.paper.page_layout import Grid, Page, laid_out
from storyboard.paper.panel import Board, Paragraph, Standing
from storyboard.paper.panel_setting import Box, SetPanel
from storyboard.paper.typesetting_rules import SetText, Style

PictureOf = Callable[[str, Size], Image.Image | None]
"""Gives the picture of a shot, by SCENE/SHOT, for a place of so many pixels; None where there is none."""

_DPI = 200
_QUALITY = 86  # of JPEG
_HAIRLINE_MM, _RULE_MM = 0.12, 0.25
_GREY, _LIGHT_GREY = 90, 185  # levels, 0 to 255
_EMPTY = 246
_DASH_MM = 1.2
_UNSEEN = Style(7, faint=True)
_UNDATED = datetime(2000, 1, 1, tzinfo=UTC)
"""A PDF names a time of its making; the same storyboard is the same file, so it is always this one."""


def write_storyboard(
    board: Board, grid: Grid, fonts: PaperFonts, picture_of: PictureOf, target: Path, *, language: str = ""
) -> int:
    """Write a board as a PDF, whole or not at all; returns the number of pages. Raises StoreError.

    The same board, fonts and pictures give the same bytes. `language` is a BCP 47 tag, or empty.
    """
    with TemporaryDirectory(prefix="paper-") as scratch:
        pdf = _document(board, grid, language)
        letters = PdfLetters(pdf, fonts, Path(scratch), language)
        layout = laid_out(_readable(board, fonts), grid, letters)
        for page in layout.pages:
            pdf.add_page()
            _draw_page(pdf, letters, page, layout.margin_mm, picture_of)
        content = pdf.output()
    with disk_errors(f"write {target}"), whole_file(target) as file:
        file.write(content)
    return len(layout.pages)


def texts_of(board: Board) -> list[str]:
    """Every text that is printed of a board."""
    texts = [board.series, board.episode, board.summary, "0123456789…", "no picture"]
    for panel in board.panels:
        texts += [panel.key, panel.scene_title, panel.length, str(panel.standing)]
        texts += [text for each in panel.paragraphs for text in (each.label, each.text)]
    return texts


def _readable(board: Board, fonts: PaperFonts) -> Board:
    """The board without letters that no font has."""
    said = fonts.readable

    def paragraph(each: Paragraph) -> Paragraph:
        return replace(each, label=said(each.label), text=said(each.text))

    panels = (
        replace(panel, scene_title=said(panel.scene_title), paragraphs=tuple(map(paragraph, panel.paragraphs)))
        for panel in board.panels
    )
    return replace(board, series=said(board.series), episode=said(board.episode), panels=tuple(panels))


def _document(board: Board, grid: Grid, language: str) -> FPDF:
    pdf = FPDF(unit="mm", format=(grid.paper.width_mm, grid.paper.height_mm))
    pdf.set_auto_page_break(False)
    pdf.set_margin(0)
    pdf.c_margin = 0
    pdf.alias_nb_pages("")
    pdf.set_creation_date(_UNDATED)
    pdf.set_title(f"{board.series}, {board.episode}: storyboard")
    pdf.set_creator("Tailframe")
    if language:
        pdf.set_lang(language)
    return pdf


def _draw_page(pdf: FPDF, letters: PdfLetters, page: Page, margin_mm: float, picture_of: PictureOf) -> None:
    for line in page.head:
        letters.draw(line)
    _rule(pdf, Box(margin_mm, page.rule_mm, pdf.w - 2 * margin_mm, 0), _RULE_MM, _GREY)
    for each in page.in_order:
        if isinstance(each, Heading):
            _draw_heading(pdf, letters, each)
        else:
            _draw_panel(pdf, letters, each, picture_of)


def _draw_heading(pdf: FPDF, letters: PdfLetters, heading: Heading) -> None:
    """A scene begins with a bookmark too."""
    if not heading.continues:
        pdf.start_section(heading.lines[0].text)
    for line in heading.lines:
        letters.draw(line)
    _rule(pdf, Box(heading.box.x_mm, heading.box.bottom_mm, heading.box.width_mm, 0), _HAIRLINE_MM, _LIGHT_GREY)


def _draw_panel(pdf: FPDF, letters: PdfLetters, placed: SetPanel, picture_of: PictureOf) -> None:
    frame, standing = placed.frame, placed.panel.standing
    size = _pixels(frame.width_mm), _pixels(frame.height_mm)
    picture = None if standing is Standing.WAIVED else picture_of(placed.panel.key, size)
    if picture is None:
        _draw_empty(pdf, frame)
        if standing is not Standing.WAIVED:
            letters.draw(_unseen(frame))
    else:
        _draw_picture(pdf, frame, picture, size)
    with pdf.local_context(line_width=_HAIRLINE_MM):
        pdf.set_draw_color(_GREY)
        if standing is not Standing.MADE:
            pdf.set_dash_pattern(dash=_DASH_MM, gap=_DASH_MM)
        pdf.rect(frame.x_mm, frame.y_mm, frame.width_mm, frame.height_mm)
    for line in placed.lines:
        letters.draw(line)


def _draw_picture(pdf: FPDF, frame: Box, picture: Image.Image, size: Size) -> None:
    """As large as fits the frame, in its middle."""
    small = fitted(picture, size) if picture.width > size[0] or picture.height > size[1] else picture
    scale = min(frame.width_mm / small.width, frame.height_mm / small.height)
    width_mm, height_mm = small.width * scale, small.height * scale
    file = BytesIO()
    small.convert("RGB").save(file, format="JPEG", quality=_QUALITY, optimize=True)
    left_mm, top_mm = frame.x_mm + (frame.width_mm - width_mm) / 2, frame.y_mm + (frame.height_mm - height_mm) / 2
    pdf.image(file, left_mm, top_mm, w=width_mm, h=height_mm)


def _draw_empty(pdf: FPDF, frame: Box) -> None:
    """A frame without a picture: crossed out, on almost no ink."""
    with pdf.local_context(line_width=_HAIRLINE_MM):
        pdf.set_fill_color(_EMPTY)
        pdf.set_draw_color(_LIGHT_GREY)
        pdf.rect(frame.x_mm, frame.y_mm, frame.width_mm, frame.height_mm, style="F")
        pdf.line(frame.x_mm, frame.bottom_mm, frame.right_mm, frame.y_mm)


def _unseen(frame: Box) -> SetText:
    """What an empty frame says, where there should be a picture."""
    return SetText("no picture", _UNSEEN, frame.x_mm + _UNSEEN.line_mm / 2, frame.bottom_mm - _UNSEEN.line_mm / 2)


def _rule(pdf: FPDF, line: Box, width_mm: float, grey: int) -> None:
    with pdf.local_context(line_width=width_mm):
        pdf.set_draw_color(grey)
        pdf.line(line.x_mm, line.y_mm, line.right_mm, line.y_mm)


def _pixels(length_mm: float) -> int:
    return max(2, round(length_mm / 25.4 * _DPI))
