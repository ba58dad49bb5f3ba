"""Reads what a reviewer's page saved: a small JSON file that anybody may have written. Pure.

Nothing of it is believed: its size, depth, numbers and letters are within bounds before a line of it is used.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, Final, Literal

from pydantic import AfterValidator, FailFast, Field, PlainValidator, TypeAdapter, ValidationError

from render.exchange_errors import InvalidNotesFile
from render.json_bounds import is_crowded
from render.ledger.drawings import Drawing, read_drawing
from render.ledger.records import MOST_CHARACTERS
from render.review_file.review_statement import Id, Signed, StrictRecord
from storyboard.text.printable import one_line

MOST_BYTES: Final = 16 << 20
MOST_NOTES: Final = 2_000
MOST_LETTERS_OF_A_NAME: Final = 80

_AS_SAVED: Final = "Take the file as the page saved it; what was sent as text, or edited, cannot be read"


def _plain_words(text: str) -> str:
    """What a keyboard writes: line breaks, and nothing else that steers a terminal or that a database cannot keep."""
    if any(unicodedata.category(letter) in {"Cc", "Cs"} and letter not in "\n\t" for letter in text):
        raise ValueError("it holds characters that cannot be shown")
    if not 1 <= len(text.strip()) <= MOST_CHARACTERS:
        raise ValueError(f"a note has 1 to {MOST_CHARACTERS:,} characters")
    return text


def _plain_name(text: str) -> str:
    if not 1 <= len(text) <= MOST_LETTERS_OF_A_NAME or one_line(text) != text:
        raise ValueError(f"a name has 1 to {MOST_LETTERS_OF_A_NAME} letters in one line, all of which can be shown")
    return text


def _drawing(value: Any) -> Drawing:
    try:
        return read_drawing(value)
    except ValueError as error:
        raise ValueError(f"the drawing {error}") from None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenNote(StrictRecord):
    """One note as the page saved it, under an id that the page made."""

    id: Id
    take: Id
    words: Annotated[str, AfterValidator(_plain_words)]
    frame: Annotated[int, Field(ge=0)] | None = None
    retake: bool = False
    drawing: Annotated[Drawing, PlainValidator(_drawing)] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class NotesFile(StrictRecord):
    """All of it: what left for review as it left, who reviewed it, and what they noted, in the order of the page."""

    tailframe_notes: Literal[1]
    statement: Annotated[str, Field(max_length=MOST_BYTES)]
    signature: Annotated[str, Field(max_length=64)]
    by: Annotated[str, AfterValidator(_plain_name)]
    notes: Annotated[tuple[WrittenNote, ...], Field(max_length=MOST_NOTES), FailFast()]

    @property
    def signed(self) -> Signed:
        """The statement, with what it is believed by."""
        return Signed(self.statement, self.signature)


def read_notes_file(content: bytes) -> NotesFile:
    """The file's content. Raises InvalidNotesFile, with the first thing that is wrong with it."""
    if len(content) > MOST_BYTES or is_crowded(content):
        raise InvalidNotesFile("it is larger than a page saves", _AS_SAVED)
    try:
        found = _adapter().validate_json(content)
    except ValidationError as error:
        raise InvalidNotesFile(_explained(error), _AS_SAVED) from None
    if len({note.id for note in found.notes}) != len(found.notes):
        raise InvalidNotesFile("two of its notes have the same id", _AS_SAVED)
    return found


def _explained(error: ValidationError) -> str:
    """The first mistake, without what was written there: that may be long, and anybody's."""
    if error.error_count() > MOST_NOTES:
        return "it is no file of notes"
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ", ".join(f"note {part + 1}" if isinstance(part, int) else one_line(part)[:40] for part in first["loc"])
    return f"{place or 'it'}: {first['msg'].removeprefix('Value error, ')}"


@cache
def _adapter() -> TypeAdapter[NotesFile]:
    return TypeAdapter(NotesFile)
