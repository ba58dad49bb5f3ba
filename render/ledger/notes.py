"""Notes on takes: what people say of them, and what a next take may be told."""

from __future__ import annotations

from datetime import datetime
from uuid import uuid4

from sqlalchemy import insert, select

from render.errors import LedgerConflict
from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.drawings import Drawing, write_drawing
from render.ledger.records import MOST_CHARACTERS, Take, TakeId
from render.ledger.tables import notes
from render.redaction import redact

__all__ = ["MOST_CHARACTERS", "add", "fault"]


def fault(take: Take, words: str, frame: int | None = None) -> str:
    """Why this cannot be noted on the take, as a sentence; empty where it can."""
    if not words or len(words) > MOST_CHARACTERS:
        found = f"has {len(words):,} characters" if words else "is empty"
        return f"the note {found}; a note has 1 to {MOST_CHARACTERS:,} characters"
    if frame is not None and take.clip is None:
        return f"take {take.number} of {take.shot} has no clip, and so no frame {frame}"
    if frame is not None and take.clip is not None and not 0 <= frame < take.clip.frames:
        return f"take {take.number} of {take.shot} has no frame {frame}: it has 0 to {take.clip.frames - 1}"
    return ""


def add(
    tx: Transaction,
    take_id: TakeId,
    words: str,
    *,
    by: str,
    frame: int | None = None,
    name: str = "",
    retake: bool = False,
    drawing: Drawing = (),
    at: datetime | None = None,
) -> str:
    """Write a note on a take, or on one frame of its clip; returns its id. One that is there already is left alone.

    `name` is the id that it was given where it was written; a new one where it has none. `retake` asks for another
    take, and makes none. `at` is when it was written, where that is not now. Raises LedgerConflict where there is no
    such take or frame, for a drawing on no frame, and for a note that is empty or longer than MOST_CHARACTERS.
    """
    take, words, name = queries.take(tx, take_id), words.strip(), name or uuid4().hex
    if wrong := fault(take, words, frame):
        raise LedgerConflict(wrong)
    if drawing and frame is None:
        raise LedgerConflict("the drawing is on no frame")
    if tx.conn.execute(select(notes.c.id).where(notes.c.id == name)).one_or_none() is None:
        row = {"frame": frame, "words": redact(words), "retake": retake, "drawing": write_drawing(drawing)}
        tx.conn.execute(insert(notes).values(id=name, take=take.id, written_by=by, at=at or tx.now, **row))
    return name
