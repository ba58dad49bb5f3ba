"""What the ledger says of an archived episode, takes and choices, so that a restored one is never paid for again."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, TypeAdapter, ValidationError

from render.episode.archive.field_rules import mistakes_of_circle, mistakes_of_note, mistakes_of_take
from render.episode.archive_errors import InvalidTakeRecords
from render.json_bounds import TOO_MUCH, few, is_crowded
from render.ledger import Ledger, Note, Take, import_takes
from render.ledger.stored_request import with_account
from render.store.digests import is_digest
from storyboard.continuity.timing import with_rate
from storyboard.takes import Circle
from storyboard.text.printable import is_printable, one_line, printable

_MOST_CHARACTERS_SHOWN: Final = 100
_MOST_TIMES: Final = 250_000  # of a clip of an hour
MOST_EXPLAINED: Final = 1_000
"""Mistakes that are worth a sentence each."""

_LINK_KEY: Final = re.compile("link:[0-9a-f]{64}")  # see `render.references.url_references.link_key`


def _with_sane_clip(written: Any) -> Any:
    """Its rate read, and its times few enough to be looked at."""
    match written:
        case {"clip": {"frame_times_us": list(times)}} if len(times) > _MOST_TIMES:
            raise ValueError(TOO_MUCH)
        case {"clip": clip}:
            return {**written, "clip": with_rate(clip)}
    return written


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeRecords:
    """The takes that a cut uses, what was noted of them, each shot's choice, waived ones too, and what links gave."""

    takes: Annotated[
        tuple[Annotated[Take, BeforeValidator(with_account), BeforeValidator(_with_sane_clip)], ...],
        BeforeValidator(few),
    ]
    circles: Annotated[tuple[Circle, ...], BeforeValidator(few)]
    links: Annotated[Mapping[str, str], BeforeValidator(few)] = field(
        default_factory=dict  # see `render.references.url_references.memories`
    )
    notes: Annotated[tuple[Note, ...], BeforeValidator(few), Field(exclude_if=lambda notes: not notes)] = ()


_ADAPTER: TypeAdapter[TakeRecords] = TypeAdapter(TakeRecords)


def books_json(
    takes: Sequence[Take], circles: Sequence[Circle], links: Mapping[str, str], notes: Sequence[Note] = ()
) -> str:
    """The take records as the archive keeps them: `takes.json`. A take that serves two shots stands in them once.

    Of a clip that was drawn in a folder whose name cannot be printed, earlier versions kept its place there as a link:
    it leads nowhere from an archive, and is left out.
    """
    each = {take.id: take if is_printable(take.clip_url or "") else replace(take, clip_url=None) for take in takes}
    shown = (
        replace(note, words=printable(note.words, lines=True), by=one_line(note.by)[:500] or "?") for note in notes
    )
    records = TakeRecords(takes=tuple(each.values()), circles=tuple(circles), links=links, notes=tuple(shown))
    return _ADAPTER.dump_json(records, indent=1).decode()


def read_books(content: bytes) -> TakeRecords:
    """The take records of an archive, every field within the bounds of what the ledger itself writes.

    Raises InvalidTakeRecords, which names every take and field that is not.
    """
    if is_crowded(content):
        raise InvalidTakeRecords([f"the file: {TOO_MUCH}"])
    try:
        records = _ADAPTER.validate_json(content)
    except ValidationError as error:
        raise InvalidTakeRecords(_all_explained(error)) from None
    if mistakes := list(islice(_mistakes_of(records), MOST_EXPLAINED)):
        raise InvalidTakeRecords(mistakes)
    return records


def titled(at: int, take: Take) -> str:
    """An archived take as messages name it, whatever it says of itself: `takes[3] of e01/lamp/010`."""
    return f"takes[{at}] of {brief(take.shot)}"


def brief(text: str) -> str:
    """A text from an archive, on one line and cut short, fit for a message."""
    line = one_line(text[: 2 * _MOST_CHARACTERS_SHOWN])
    return line if len(line) <= _MOST_CHARACTERS_SHOWN else line[:_MOST_CHARACTERS_SHOWN] + "…"


def import_books(
    ledger: Ledger, series: str, records: TakeRecords, *, snapshot: str, choices: bool = False
) -> tuple[str, ...]:
    """Write archived takes down as done and paid for elsewhere, with the choices for shots that are new to the ledger.

    All or nothing, and safe to repeat. Returns the shots whose choice here is another one and was left alone; with
    `choices` the archive's choices replace those.
    """
    return ledger.write(
        import_takes.import_takes,
        series,
        records.takes,
        records.circles,
        records.links,
        snapshot=snapshot,
        noted=records.notes,
        choices=choices,
    )


def _mistakes_of(records: TakeRecords) -> Iterator[str]:
    for at, take in enumerate(records.takes):
        yield from (f"{titled(at, take)}: {mistake}" for mistake in mistakes_of_take(take))
    for at, circle in enumerate(records.circles):
        yield from (f"circles[{at}]: {mistake}" for mistake in mistakes_of_circle(circle))
    takes = {take.id: take for take in records.takes}
    for at, note in enumerate(records.notes):
        yield from (f"notes[{at}]: {mistake}" for mistake in mistakes_of_note(note, takes.get(note.take)))
    for key, sha256 in records.links.items():
        if not _LINK_KEY.fullmatch(key) or not is_digest(sha256):
            yield f"links: {brief(key)} must be a link's key, with a sha256"


def _all_explained(error: ValidationError) -> list[str]:
    count = error.error_count()
    if count > MOST_EXPLAINED:  # each takes a thousand bytes and more
        return [f"the file: {count} of its fields are missing, or of another kind"]
    problems = error.errors(include_url=False, include_context=False, include_input=False)
    return [_explained(problem) for problem in problems]


def _explained(problem: Any) -> str:
    """One of pydantic's findings, without what was written there: that may be long, and anybody's."""
    place = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in problem["loc"]).lstrip(".")
    return f"{brief(place) or 'the file'}: {brief(problem['msg'].removeprefix('Value error, '))}"
