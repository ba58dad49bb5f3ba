"""What comes from elsewhere is shown without anything that a terminal obeys, and can still be read."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.text.printable import is_printable, one_line, printable, printable_json


@given(st.text())
def test_nothing_is_left_that_a_terminal_obeys(text: str) -> None:
    """No control, no escape sequence, nothing that turns letters round, no half of a letter; and no line is begun."""
    shown = printable(text)
    assert shown.replace("\u200c", "").replace("\u200d", "").isprintable()
    assert len(shown.splitlines()) <= 1
    shown.encode()


@given(st.text())
def test_what_was_made_printable_is_printable(text: str) -> None:
    """Once is enough, with line breaks and without."""
    assert is_printable(printable(text))
    assert is_printable(printable(text, lines=True), lines=True)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mred\x1b[0m", "�[31mred�[0m"),
        ("\x1b]0;title\x07", "�]0;title�"),
        ("\x9b2J", "�2J"),
        ("a\u202eb\u2066c", "a�b�c"),
        ("a\tb\u00a0c\nd\re\u2028f", "a b c d e f"),
        ("\ud800", "�"),
        ("Мара и 漢字 עוד", "Мара и 漢字 עוד"),
        ("می\u200cخواهم 👩\u200d🚀", "می\u200cخواهم 👩\u200d🚀"),
        ("a\u200db\u200d", "a�b�"),
    ],
)
def test_what_is_not_seen_is_seen_to_be_there(text: str, shown: str) -> None:
    """A replacement character stands where something was; letters of every script stay as they are."""
    assert printable(text) == shown


def test_lines_stay_where_they_may() -> None:
    """However a line ends, it ends as lines do here; nothing else comes through."""
    assert printable("a\r\nb\rc\u2029d\x1b", lines=True) == "a\nb\nc\nd�"


def test_one_line_has_single_blanks() -> None:
    """For words that stand within a sentence."""
    assert one_line("  a \n\t b\x00 ") == "a b�"


@given(st.recursive(st.text(), lambda each: st.lists(each) | st.dictionaries(st.text(), each), max_leaves=5))
def test_json_is_printable_and_loses_nothing(value: object) -> None:
    """Whoever reads it gets every letter back."""
    shown = printable_json(json.dumps(value, indent=2, ensure_ascii=False))
    assert shown.replace("\n", "").isprintable()
    assert json.loads(shown) == value
