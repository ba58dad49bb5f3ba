"""What a reviewer's page saved may be anybody's: it is read as it was written, or refused in one sentence."""

from __future__ import annotations

import contextlib
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.exchange_errors import InvalidNotesFile
from render.ledger.drawings import MOST_STROKES
from render.review_file.notes_file import MOST_BYTES, MOST_NOTES, read_notes_file
from render.review_file.review_statement import Signed, Statement, opened, signed

NOTE = {"id": "a" * 32, "take": "b" * 32, "words": "the lamp", "frame": 3, "retake": True, "drawing": [[[0, 1]]]}
FILE = {"tailframe_notes": 1, "statement": "{}", "signature": "0" * 64, "by": "Inès Müller", "notes": [NOTE]}
SECRET = b"k" * 32

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from([*NOTE, *FILE]) | st.text(), inner),
    max_leaves=12,
)


def read(**changed: Any) -> object:
    return read_notes_file(json.dumps({**FILE, **changed}).encode())


def test_what_the_page_saves_is_read() -> None:
    """Every field, with line breaks, emoji and any script in its words."""
    words = "one\n\ttwo\nдва 三 \N{WHITE HEAVY CHECK MARK}\N{VARIATION SELECTOR-16} <script>"
    file = read_notes_file(json.dumps({**FILE, "notes": [{**NOTE, "words": words}]}).encode())
    assert (file.by, file.notes[0].words, file.notes[0].drawing) == ("Inès Müller", words, (((0.0, 1.0),),))


@given(st.binary(max_size=200) | st.text().map(lambda text: text.encode("utf-8", "surrogatepass")))
def test_bytes_are_read_or_refused(content: bytes) -> None:
    """Nothing else is raised."""
    with pytest.raises(InvalidNotesFile):
        read_notes_file(content)


@given(JSON, st.sampled_from(["file", *FILE, *(f"note {name}" for name in NOTE)]))
def test_json_is_read_or_refused(value: Any, where: str) -> None:
    """Whatever stands in place of the whole, of a field, or of a field of a note."""
    field = where.removeprefix("note ")
    note = {**NOTE, field: value} if where.startswith("note ") else NOTE
    file: Any = {**FILE, "notes": [note], **({where: value} if where in FILE else {})}
    with contextlib.suppress(InvalidNotesFile):
        read_notes_file(json.dumps(value if where == "file" else file).encode())


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"[" * 100_000, "it:"),
        (b'{"notes":' * 50_000, "it:"),
        (b"[" * 1_000_001, "larger"),
        (b" " * (MOST_BYTES + 1), "larger"),
        (json.dumps({**FILE, "more": 1}).encode(), "more:"),
        (json.dumps({**FILE, "tailframe_notes": 2}).encode(), "tailframe_notes:"),
        (json.dumps({**FILE, "notes": [NOTE] * (MOST_NOTES + 1)}).encode(), "notes:"),
        (json.dumps(FILE).replace("the lamp", "\\ud800").encode(), "it:"),
    ],
)
def test_what_would_fill_the_memory_or_is_of_another_form_is_refused(content: bytes, told: str) -> None:
    """Before anything of it is kept."""
    with pytest.raises(InvalidNotesFile, match=told):
        read_notes_file(content)


@pytest.mark.parametrize(
    "name",
    [
        "",
        " ",
        " Ines",
        "I\nnes",
        "\u202eInes",
        "In\u200bes",
        "Ines\x1b[31m",
        "\x00",
        "x" * 81,
        "\ufeffInes",
        "In\u2028es",
    ],
)
def test_a_name_is_one_line_that_can_be_seen(name: str) -> None:
    """It stands under notes in terminals, pages and editors."""
    with pytest.raises(InvalidNotesFile, match="by: a name has"):
        read(by=name)


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"words": ""}, "1 to 2,000"),
        ({"words": " \n"}, "1 to 2,000"),
        ({"words": "x" * 2_001}, "1 to 2,000"),
        ({"words": "a\x00b"}, "cannot be shown"),
        ({"words": "a\x1b[2Jb"}, "cannot be shown"),
        ({"id": "A" * 32}, "note 1, id"),
        ({"id": 1}, "note 1, id"),
        ({"take": "../" * 8}, "note 1, take"),
        ({"frame": -1}, "note 1, frame"),
        ({"frame": "3"}, "note 1, frame"),
        ({"frame": 1.5}, "note 1, frame"),
        ({"retake": 1}, "note 1, retake"),
        ({"drawing": [[[0, 2]]]}, "does not lie on the frame"),
        ({"drawing": [[[0, 0]]] * (MOST_STROKES + 1)}, "more than"),
        ({"more": 1}, "note 1, more"),
    ],
)
def test_a_note_is_as_the_ledger_keeps_it(changed: dict[str, Any], told: str) -> None:
    """Each field within its bounds; the error names note and field, and repeats nothing of what was written."""
    with pytest.raises(InvalidNotesFile, match=told) as refused:
        read(notes=[{**NOTE, **changed}])
    assert "\x1b" not in str(refused.value)


@given(st.text(), st.text(alphabet="0123456789abcdef", max_size=64))
def test_no_text_is_believed_that_was_not_signed(text: str, signature: str) -> None:
    """Whatever it says of itself."""
    with pytest.raises(InvalidNotesFile):
        opened(Signed(text, signature), SECRET)


def test_a_statement_of_a_later_version_is_named_as_that() -> None:
    """Signed by this ledger, by a Tailframe that has since gone back."""
    sent = signed(Statement(export="e" * 32, series="lighthouse", episode="e01", at="now", takes=()), SECRET)
    assert opened(sent, SECRET).takes == ()
    with pytest.raises(InvalidNotesFile, match="was changed"):
        opened(Signed(sent.text.replace('"version":1', '"version":2'), sent.signature), SECRET)
