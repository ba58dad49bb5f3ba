"""What the ledger says of an archived episode, takes and choices, so that a restored one is never paid for again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Annotated

from pydantic import BeforeValidator, TypeAdapter, ValidationError

from render.errors import ArchiveError
from render.ledger import Ledger, Take
from render.links import remember_again
from render.orders import with_account
from storyboard.takes import Circle


@dataclass(frozen=True, slots=True, kw_only=True)
class Books:
    """The takes that a cut uses, the choice for every shot of its episode, waived ones too, and what links gave."""

    takes: tuple[Annotated[Take, BeforeValidator(with_account)], ...]
    circles: tuple[Circle, ...]
    links: Mapping[str, str] = field(default_factory=dict)  # see `render.links.memories`


_BOOKS: TypeAdapter[Books] = TypeAdapter(Books)


def books_json(takes: Sequence[Take], circles: Sequence[Circle], links: Mapping[str, str]) -> str:
    """The books as the archive keeps them (`takes.json`)."""
    return _BOOKS.dump_json(Books(takes=tuple(takes), circles=tuple(circles), links=links), indent=1).decode()


def read_books(text: str, where: str) -> Books:
    """The books of the archive at `where`. Raises ArchiveError where they cannot be read."""
    try:
        return _BOOKS.validate_json(text)
    except ValidationError as error:
        raise ArchiveError(
            f"the takes.json of {where} cannot be read ({error.error_count()} mistakes). The files are whole, but "
            "the ledger would know nothing of their takes"
        ) from error


def import_books(ledger: Ledger, series: str, books: Books, *, snapshot: str, choices: bool = False) -> tuple[str, ...]:
    """Write archived takes down as done and paid for elsewhere, with the choices for shots that are new to the ledger.

    All or nothing, and safe to repeat. Returns the shots whose choice here is another one and was left alone; with
    `choices` the archive's choices replace those.
    """
    remember_again(books.links, ledger)
    return ledger.import_takes(series, books.takes, books.circles, snapshot=snapshot, choices=choices)
