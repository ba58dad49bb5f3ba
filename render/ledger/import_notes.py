"""Notes that come in from elsewhere: out of a reviewer's file, or beside the takes of an archive. Each stands once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from render.exchange_errors import InvalidNotesFile
from render.ledger import notes, queries
from render.ledger.database import Transaction
from render.ledger.drawings import Drawing
from render.ledger.records import Note, Take, TakeId
from render.redaction import redact

ANOTHER_LEDGER = "Import it where it was exported: into the project whose ledger has these takes"


@dataclass(frozen=True, slots=True, kw_only=True)
class SentNote:
    """A note as a reviewer's file has it, with what was looked at when it was written."""

    id: str  # 32 hex digits: of this note in this very export
    take: TakeId
    clip: str  # sha256
    frame: int | None
    words: str
    by: str
    retake: bool
    drawing: Drawing


def import_notes(tx: Transaction, series: str, sent: Sequence[SentNote]) -> int:
    """Write all of them down, or none; returns how many are new. Those that are there already stay as they are.

    Raises InvalidNotesFile where a take is not there, has another clip now, or is of another series, and where a note
    that came in before says something else now.
    """
    known = {note.id: note for note in queries.notes(tx, series)}
    takes = {take.id: take for take in queries.takes(tx, series)}
    for number, note in enumerate(sent, start=1):
        _refuse_other_take(number, takes.get(note.take), note)
        if note.id in known:
            _refuse_changed(number, known[note.id], note)
    new = [note for note in sent if note.id not in known]
    for place, note in enumerate(new):
        moment = tx.now + timedelta(microseconds=place)  # so that they stay in the order in which they were written
        _add(tx, note, moment)
    return len(new)


def import_archived(tx: Transaction, archived: Sequence[Note], takes: Mapping[TakeId, TakeId]) -> None:
    """Write archived notes on the takes that stand here for theirs. What is here by its id stays as it is."""
    for note in archived:
        here = takes.get(note.take)
        if here is not None and notes.fault(queries.take(tx, here), note.words, note.frame) == "":
            _add(tx, note, note.at, take=here)


def _add(tx: Transaction, note: SentNote | Note, moment: datetime, *, take: TakeId | None = None) -> None:
    notes.add(
        tx,
        take or note.take,
        note.words,
        by=note.by,
        frame=note.frame,
        name=note.id,
        retake=note.retake,
        drawing=note.drawing,
        at=moment,
    )


def _refuse_other_take(number: int, take: Take | None, note: SentNote) -> None:
    if take is None:
        raise InvalidNotesFile(f"note {number} is on a take that this ledger does not have", ANOTHER_LEDGER)
    if take.clip is None or take.clip.sha256 != note.clip:
        raise InvalidNotesFile(
            f"note {number} is on take {take.number} of {take.shot}, which has another clip now",
            "Export the episode again, and have it looked at anew",
        )
    if wrong := notes.fault(take, note.words, note.frame):
        raise InvalidNotesFile(f"note {number}: {wrong}")


def _refuse_changed(number: int, known: Note, note: SentNote) -> None:
    """The same id is the same note: what a reviewer edits after saving gets an id of its own in the page."""
    now = (note.take, note.frame, redact(note.words.strip()), note.by, note.retake, note.drawing)
    if now != (known.take, known.frame, known.words, known.by, known.retake, known.drawing):
        raise InvalidNotesFile(
            f"note {number} came in before, and says something else in this file",
            "Ask whoever sent it for the file as the page saved it",
        )
