"""A storyboard's PDF: text that is text, pages as large as paper, and the same input gives the same file."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfReader

from render.animatic.cmap import read_coverage
from render.animatic.fonts import Typeface, bundled
from render.paper.paper_fonts import PaperFonts, chosen_fonts
from render.paper.storyboard_pdf import texts_of, write_storyboard
from storyboard.paper.page_layout import grid_of
from storyboard.paper.panel import Board, Standing
from storyboard.paper.paper_size import SIZES, Paper
from tests.render.paper.drawn_font import drawn_font
from tests.storyboard.paper.panels import WIDE, board, panel

JAPANESE, ARABIC, HEBREW = "日本語の灯台が嵐の夜に光る。", "مرحبا بك في المنارة", "שלום עולם"
A4 = SIZES["A4"].landscape


def red(_key: str, size: tuple[int, int]) -> Image.Image:
    """A picture twice as fine as its place."""
    return Image.new("RGB", (size[0] * 2, size[1] * 2), (200, 30, 40))


def plain_fonts(shown: Board) -> PaperFonts:
    return chosen_fonts([], [], texts_of(shown))


def typeface(path: Path) -> Typeface:
    return Typeface(path, read_coverage(BytesIO(path.read_bytes())))


def printed(shown: Board, target: Path, *, paper: Paper = A4, fonts: PaperFonts | None = None) -> PdfReader:
    write_storyboard(shown, grid_of(paper, shown.ratio), fonts or plain_fonts(shown), red, target)
    return PdfReader(target)


def text_of(read: PdfReader) -> str:
    return "\n".join(page.extract_text() for page in read.pages)


def test_all_text_can_be_read_back(tmp_path: Path) -> None:
    """In the order of the story, letter by letter; what looks like a sign of the format is only text."""
    shown = board(
        panel("lamp/010", "Mara lights the lamp {nb} **now** (she waits)", "One more winter."),
        panel("lamp/020", "She opens the logbook", standing=Standing.NOT_MADE),
        panel("shore/010", "Tomas rows", standing=Standing.WAIVED, title="The shore"),
    )
    text = text_of(printed(shown, tmp_path / "board.pdf"))
    told = ["The Last Lamp", "page 1 of 1", "lamp/010", "{nb} **now** (she waits)", "One more winter.", "lamp/020"]
    told += ["not made yet", "She opens the logbook", "The shore", "shore/010", "waived", "Tomas rows"]
    places = [text.index(each) for each in told]
    assert places == sorted(places)


def test_every_script_is_text(tmp_path: Path) -> None:
    """Chinese and Japanese, Arabic and Hebrew, in a font of the project, as they are read."""
    font = drawn_font(tmp_path / "every.ttf", JAPANESE + ARABIC + HEBREW)
    shown = board(panel("lamp/010", JAPANESE, ARABIC, HEBREW))
    text = text_of(printed(shown, tmp_path / "board.pdf", fonts=chosen_fonts([typeface(font)], [], texts_of(shown))))
    for each in (JAPANESE, ARABIC, HEBREW):
        assert each in text


def test_letters_that_the_font_lacks_come_from_another(tmp_path: Path) -> None:
    """What no font has is named, and never an empty box."""
    font = drawn_font(tmp_path / "some.ttf", "灯台")
    shown = board(panel("lamp/010", "the 灯台 burns \U0001f0a1"))
    fonts = chosen_fonts([], [typeface(font)], texts_of(shown))
    text = text_of(printed(shown, tmp_path / "board.pdf", fonts=fonts))
    assert "the 灯台 burns" in text
    assert ("[1 symbol, no font]" in text) == (fonts.readable("\U0001f0a1") != "\U0001f0a1")


def test_fonts_are_embedded_as_far_as_they_are_used(tmp_path: Path) -> None:
    """So that every printer prints the same; a whole font of an Asian script would be megabytes."""
    letters = "".join(chr(code) for code in range(0x4E00, 0x4E00 + 6000))
    font = drawn_font(tmp_path / "large.ttf", letters)
    shown = board(panel("lamp/010", letters[:40]))
    fonts = chosen_fonts([typeface(font)], [], texts_of(shown))
    read = printed(shown, tmp_path / "board.pdf", fonts=fonts)
    resources = read.pages[0]["/Resources"].get_object()["/Font"].get_object()  # type: ignore[index]
    for each in resources.values():
        (below,) = each.get_object()["/DescendantFonts"]
        file = below.get_object()["/FontDescriptor"]["/FontFile2"].get_object()
        assert len(file.get_data()) < font.stat().st_size / 10 + 40_000


def test_the_title_stands_in_the_font_of_the_cards(tmp_path: Path) -> None:
    """Where that has all of it; what is read is set in the font of the subtitles, else in Pillow's."""
    cards = typeface(drawn_font(tmp_path / "cards.ttf", "The Last Lamp"))
    fonts = chosen_fonts([], [cards], ["The Last Lamp", "Mara waits"])
    assert fonts.first("The Last Lamp", display=True) == cards
    assert fonts.first("The First Lamp", display=True) == bundled()
    assert fonts.first("The Last Lamp", display=False) == bundled()


@pytest.mark.parametrize("name", SIZES)
def test_pages_have_the_size_of_the_paper(tmp_path: Path, name: str) -> None:
    """To a tenth of a point."""
    paper = SIZES[name]
    shots = [panel(f"lamp/{number:03}", "she waits " * 20) for number in range(30)]
    read = printed(board(*shots), tmp_path / "board.pdf", paper=paper)
    assert len(read.pages) > 1
    for number, page in enumerate(read.pages, start=1):
        assert abs(float(page.mediabox.width) / 72 * 25.4 - paper.width_mm) < 0.04
        assert abs(float(page.mediabox.height) / 72 * 25.4 - paper.height_mm) < 0.04
        assert f"page {number} of {len(read.pages)}" in page.extract_text()


def test_the_same_storyboard_is_the_same_file(tmp_path: Path) -> None:
    """Byte for byte; and nothing is left beside it."""
    shown = board(panel("lamp/010", "Mara waits", JAPANESE), panel("lamp/020", "She goes"))
    for name in ("one.pdf", "other.pdf"):
        printed(shown, tmp_path / name)
    assert (tmp_path / "one.pdf").read_bytes() == (tmp_path / "other.pdf").read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one.pdf", "other.pdf"]


def test_pictures_are_as_fine_as_paper_shows_and_no_finer(tmp_path: Path) -> None:
    """About 200 dots an inch, as JPEG; a waived shot has none."""
    shown = board(panel("lamp/010", "Mara waits"), panel("lamp/020", "She goes", standing=Standing.WAIVED))
    read = printed(shown, tmp_path / "board.pdf")
    (found,) = read.pages[0].images
    assert found.image is not None
    wide_mm = grid_of(A4, WIDE).shape.frame_width_mm
    assert abs(found.image.width / wide_mm * 25.4 - 200) < 2
    assert found.name.endswith(".jpg")
    assert all(abs(one - other) < 6 for one, other in zip(found.image.getpixel((9, 9)), (200, 30, 40), strict=True))  # type: ignore[arg-type]


def test_a_frame_without_a_picture_says_so(tmp_path: Path) -> None:
    """Nobody takes it for a waived shot."""
    shown = board(panel("lamp/010", "Mara waits"), panel("lamp/020", "She goes", standing=Standing.WAIVED))
    target = tmp_path / "board.pdf"
    write_storyboard(shown, grid_of(A4, WIDE), plain_fonts(shown), lambda _key, _size: None, target)
    assert text_of(PdfReader(target)).count("no picture") == 1
