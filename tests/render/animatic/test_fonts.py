"""Any script is lettered: with a font that has it where there is one, with readable words where there is none."""

from __future__ import annotations

import unicodedata
from io import BytesIO
from pathlib import Path

import pytest

from render.animatic.cmap import read_coverage
from render.animatic.fonts import font_folders, runs

SCRIPTS = ["Привет, маяк", "Γειά σου", "مرحبا بك", "שלום עולם", "नमस्ते दुनिया", "漢字テスト", "한국어", "🎬 ✂"]


def letters(text: str, folders: list[Path] | None = None) -> str:
    """What would be drawn."""
    return "".join(run.text for run in runs(text, folders))


def missing(text: str) -> list[str]:
    """The letters of a text that no font of this machine shows, each looked for by itself."""
    marks = {"Mn", "Mc", "Me"}
    return [each for each in text if unicodedata.category(each) not in marks and "no font" in letters(each)]


def test_plain_english_needs_no_font_of_the_system() -> None:
    """Latin letters look the same on every machine, since Pillow brings them."""
    (run,) = runs("One more winter.", [])
    assert run.typeface.path is None
    assert run.text == "One more winter."


@pytest.mark.parametrize("text", SCRIPTS)
def test_what_a_font_shows_is_shown_and_the_rest_is_said(text: str) -> None:
    """No letter becomes an empty box: each run is covered by its font, and what no font has is named."""
    for run in runs(text):
        assert run.typeface.covers(run.text)
    assert ("no font" in letters(text)) == bool(missing(text))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Привет", "[6 Cyrillic, no font]"),
        ("Edda: 漢字!", "Edda: [2 CJK, no font]!"),
        ("🎬", "[1 symbol, no font]"),
        ("नमस्ते", "[6 Devanagari, no font]"),
    ],
)
def test_a_machine_without_fonts_says_what_it_cannot_show(text: str, shown: str) -> None:
    """Without any font of the system the text still reads: how many letters of which script are not shown."""
    assert letters(text, []) == shown


@pytest.mark.parametrize(("text", "shown"), [("Café Müller", "Cafe Muller"), ("wait — now", "wait - now")])
def test_accents_and_dashes_fall_back_to_plain_letters(text: str, shown: str) -> None:
    """A machine without fonts writes Latin text with the nearest plain letters rather than with a note."""
    assert letters(text, []) == shown


def test_words_from_right_to_left_come_in_their_own_order() -> None:
    """Where one line needs two fonts and begins in Hebrew, the later part stands to the left."""
    assert letters("שלום abc", []).startswith("abc")


def test_one_font_serves_a_whole_line_where_one_can() -> None:
    """Letters of several scripts join only within one font, so a line is not split without need."""
    if not missing("Edda: Папа там"):
        assert len(runs("Edda: Папа там")) == 1


@pytest.mark.parametrize("junk", [b"", b"ttcf", b"\x00\x01\x00\x00\xff\xff", b"not a font at all" * 40])
def test_a_damaged_font_covers_nothing(junk: bytes) -> None:
    """A broken file in the system's font folder is passed over, not tripped over."""
    assert "A" not in read_coverage(BytesIO(junk))


def test_coverage_agrees_with_the_letters_that_a_font_draws() -> None:
    """What the character map says is there is drawn differently from the font's empty box."""
    faces = {run.typeface for text in SCRIPTS for run in runs(text) if run.typeface.path}
    for face in faces:
        font = face.at(24)
        box = bytes(font.getmask("\U0010fffe"))
        for letter in (letter for text in SCRIPTS for letter in text if letter.strip() and letter in face.coverage):
            assert bytes(font.getmask(letter)) != box, f"{letter!r} in {face.path}"


def test_font_folders_exist() -> None:
    """Only folders that are there are looked through."""
    assert all(folder.is_dir() for folder in font_folders())
