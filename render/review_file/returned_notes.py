"""Holds what came back from review against what left, and takes it in: whose it is, and on which takes and frames."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from render.exchange_errors import InvalidNotesFile
from render.ledger import TakeId
from render.ledger.database import Transaction
from render.ledger.import_notes import ANOTHER_LEDGER, SentNote, import_notes
from render.ledger.signing_secret import signing_secret
from render.review_file.notes_file import NotesFile, WrittenNote
from render.review_file.review_statement import BY_FILE, SentTake, Statement, opened


@dataclass(frozen=True, slots=True, kw_only=True)
class CameHome:
    """What a file brought: of which episode, from whom, how many notes, and how many of them were new."""

    episode: str
    by: str
    notes: int
    new: int
    wishes: tuple[str, ...]  # takes of which another is wished for, as people call them

    @property
    def told(self) -> str:
        """In one line."""
        return f"{self.notes} {'note' if self.notes == 1 else 'notes'} by {self.by}, {self.new} of them new"


def take_in(tx: Transaction, series: str, file: NotesFile) -> CameHome:
    """Write the file's notes into the ledger, all or none. Raises InvalidNotesFile. A step of the ledger."""
    statement, sent = returned_notes(file, signing_secret(tx), series)
    new = import_notes(tx, series, sent)
    left = statement.by_id
    wished = dict.fromkeys(left[note.take] for note in sent if note.retake)
    return CameHome(
        episode=statement.episode,
        by=file.by,
        notes=len(sent),
        new=new,
        wishes=tuple(f"{take.shot}, take {take.number}" for take in wished),
    )


def returned_notes(file: NotesFile, secret: bytes, series: str) -> tuple[Statement, tuple[SentNote, ...]]:
    """What left for review, and the notes on it. Raises InvalidNotesFile where the one does not fit the other."""
    statement = opened(file.signed, secret)
    if statement.series != series:
        raise InvalidNotesFile(f"it is of the series {statement.series}, and this is {series}", ANOTHER_LEDGER)
    return statement, tuple(_sent(file, statement))


def _sent(file: NotesFile, statement: Statement) -> Iterator[SentNote]:
    left = statement.by_id
    for number, note in enumerate(file.notes, start=1):
        take = _looked_at(number, note, left)
        yield SentNote(
            id=ledger_id(statement.export, note.id),
            take=TakeId(take.id),
            clip=take.clip,
            frame=note.frame,
            words=note.words,
            by=f"{file.by}, {BY_FILE}",
            retake=note.retake,
            drawing=note.drawing,
        )


def _looked_at(number: int, note: WrittenNote, left: Mapping[str, SentTake]) -> SentTake:
    """The take that a note is on. Raises InvalidNotesFile where neither it nor its frame left."""
    take = left.get(note.take)
    if take is None:
        raise InvalidNotesFile(f"note {number} is on a take that did not leave for review")
    if note.frame is not None and note.frame >= take.frames:
        where = f"frame {note.frame} of take {take.number} of {take.shot}"
        raise InvalidNotesFile(f"note {number} is on {where}, which has {take.frames} frames")
    if note.drawing and note.frame is None:
        raise InvalidNotesFile(f"note {number} has a drawing on no frame")
    return take


def ledger_id(export: str, note: str) -> str:
    """The id under which a note is kept: bound to the export, so that no file speaks for notes of another one."""
    return hashlib.sha256(f"{export}\n{note}".encode()).hexdigest()[:32]
