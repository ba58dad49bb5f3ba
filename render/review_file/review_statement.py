"""What left for review, in one signed text: the takes by their ids, each with the clip that a reviewer sees. Pure.

The text travels in the page and comes back unchanged beside the notes. It is signed as the bytes that it is, so nothing
has to be written down again to be compared, and nobody without the ledger's secret can make one.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Final, Literal

from pydantic import ConfigDict, Field, TypeAdapter, ValidationError

from render.exchange_errors import InvalidNotesFile
from render.json_bounds import MOST_ENTRIES
from render.ledger.import_notes import ANOTHER_LEDGER
from render.store.digests import is_digest

_PURPOSE: Final = b"tailframe review 1\n"  # what is signed for anything else is no statement

BY_FILE: Final = "by review file"
"""Behind the name of whoever wrote a note: the name is what they typed, and nobody has proven it."""

Id = Annotated[str, Field(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
Name = Annotated[str, Field(min_length=1, max_length=500)]


class StrictRecord:
    """No field may be left out, added, or of another type than it says."""

    __slots__ = ()
    __pydantic_config__ = ConfigDict(extra="forbid", strict=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class SentTake(StrictRecord):
    """A take as it left: its number is only shown, its id and its clip are what notes are held against."""

    id: Id
    shot: Name  # EPISODE/SCENE/SHOT
    number: Annotated[int, Field(ge=1)]
    clip: Sha256
    frames: Annotated[int, Field(ge=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(StrictRecord):
    """Which takes of which episode left, when (ISO, UTC), and under which id."""

    version: Literal[1] = 1
    export: Id
    series: Name
    episode: Name
    at: Name
    takes: Annotated[tuple[SentTake, ...], Field(max_length=MOST_ENTRIES)]

    @property
    def by_id(self) -> Mapping[str, SentTake]:
        """The takes by their ids."""
        return {take.id: take for take in self.takes}


@dataclass(frozen=True, slots=True)
class Signed:
    """A statement as text, and its signature in hex."""

    text: str
    signature: str


def signed(statement: Statement, secret: bytes) -> Signed:
    """The statement in its one form, with its signature."""
    text = _adapter().dump_json(statement).decode()
    return Signed(text, _signature(text, secret))


def opened(sent: Signed, secret: bytes) -> Statement:
    """The statement of a text that this secret signed. Raises InvalidNotesFile for any other."""
    if not is_digest(sent.signature) or not hmac.compare_digest(_signature(sent.text, secret), sent.signature):
        raise InvalidNotesFile(
            "its statement of what left for review was changed, or was signed for another ledger", ANOTHER_LEDGER
        )
    try:
        return _adapter().validate_json(sent.text)
    except ValidationError:
        raise InvalidNotesFile("its statement is of another version of Tailframe", "Install a later one") from None


def _signature(text: str, secret: bytes) -> str:
    return hmac.new(secret, _PURPOSE + text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


@cache
def _adapter() -> TypeAdapter[Statement]:
    return TypeAdapter(Statement)
