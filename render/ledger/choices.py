"""What is decided about each shot, with who decided it and when: what a person sees before they decide otherwise.

Plain SQL, for pages and for the steps of `render.ledger.circles`, which refuse what was decided about something else.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from render.errors import LedgerDamaged
from render.ledger.reader import ReadTransaction
from render.ledger.row_values import moment_from
from render.ledger.rows import Row

UNDECIDED = "none"
"""The version of a choice that nobody made yet."""

_CHOICES = (
    "SELECT c.shot, c.take, c.by_person, c.waived, c.words, c.at, t.number FROM circles c "
    "LEFT JOIN takes t ON t.id = c.take WHERE c.series = :series"
)
_LAST_WORDS = "SELECT words FROM events WHERE take = :take AND words LIKE :begins ORDER BY id DESC LIMIT 1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What is decided about one shot: a circled take, or a waiver."""

    shot: str  # EPISODE/SCENE/SHOT
    take: str | None  # circled, or circled before it was waived
    number: int | None  # of that take
    by_person: bool
    waived: bool
    words: str  # why it is waived
    at: datetime

    @property
    def version(self) -> str:
        """The same for as long as nobody decides anew, be it for the same."""
        return f"{'waived' if self.waived else self.take}@{self.at.isoformat()}"


@dataclass(frozen=True, slots=True)
class Seen:
    """What a person had before them when they decided: a shot's choice, by its version."""

    shot: str  # EPISODE/SCENE/SHOT
    version: str  # UNDECIDED where there was none


def choices(tx: ReadTransaction, series: str) -> dict[str, Choice]:
    """The choice of every shot of the series that has one, by EPISODE/SCENE/SHOT."""
    return {row["shot"]: _choice_from(row) for row in tx.rows(f"{_CHOICES} ORDER BY c.shot", series=series)}


def choice_of(tx: ReadTransaction, series: str, shot: str) -> Choice | None:
    """The choice of one shot; None where there is none."""
    found = tx.rows(f"{_CHOICES} AND c.shot = :shot", series=series, shot=shot)
    return _choice_from(found[0]) if found else None


def what_changed(tx: ReadTransaction, choice: Choice | None, shot: str) -> str:
    """A sentence for whoever decided about something else than this: who chose what, and how long ago."""
    if choice is None:
        return f"nothing is circled of {shot} any more"
    ago = _ago(tx.now - choice.at)
    if choice.waived:
        return f"{shot} was waived {ago}" + (f" ({choice.words})" if choice.words else "")
    return f"{_who(tx, choice, shot)} circled take {choice.number} of {shot} {ago}"


def _who(tx: ReadTransaction, choice: Choice, shot: str) -> str:
    begins = f"circled for {shot}"
    found = tx.rows(_LAST_WORDS, take=choice.take, begins=f"{begins}%")
    _, by, who = str(found[0]["words"]).partition(f"{begins} by ") if found else ("", "", "")
    return who if by and who != "a person" else "somebody" if choice.by_person else "a run"


def _ago(since: timedelta) -> str:
    seconds = max(0, round(since.total_seconds()))
    for length, name in ((86_400, "day"), (3_600, "hour"), (60, "minute"), (1, "second")):
        if (count := seconds // length) > 0:
            return f"{count} {name}{'' if count == 1 else 's'} ago"
    return "just now"


def _choice_from(row: Row) -> Choice:
    at: Any = moment_from(row["at"])
    if at is None:
        raise LedgerDamaged("the ledger holds a choice without its time", "Restore a backup of it, or name another")
    return Choice(
        shot=str(row["shot"]),
        take=row["take"],
        number=row["number"],
        by_person=bool(row["by_person"]),
        waived=bool(row["waived"]),
        words=str(row["words"]),
        at=at,
    )
