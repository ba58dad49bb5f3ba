"""Whether anything changed in a ledger since somebody looked: one cheap question, which is asked over and over.

Plain SQL over indexes and small tables. Whatever is shown of takes, choices, notes and approvals changes a mark; money
moves with takes.
"""

from __future__ import annotations

from dataclasses import dataclass

from render.ledger.reader import ReadTransaction

_MARK = (
    "SELECT (SELECT max(id) FROM events) AS event, "
    "(SELECT count(*) FROM circles WHERE series = :series) AS choices, "
    "(SELECT max(at) FROM circles WHERE series = :series) AS chosen_at, "
    "(SELECT count(*) FROM notes) AS notes, (SELECT max(at) FROM notes) AS noted_at, "
    "(SELECT count(*) FROM approvals WHERE series = :series) AS approvals, "
    "(SELECT max(withdrawn_at) FROM approvals WHERE series = :series) AS withdrawn_at, "
    "(SELECT max(at) FROM holds WHERE series IN (:series, '*')) AS held_at, "
    "(SELECT sum(acknowledged_event) FROM accounts) AS acknowledged"
)
_EVENTS = (
    "SELECT DISTINCT t.shot FROM events e JOIN takes t ON t.id = e.take WHERE t.series = :series AND e.id > :event"
)
_CHOICES = "SELECT shot FROM circles WHERE series = :series"
_NOTES = "SELECT t.shot FROM notes n JOIN takes t ON t.id = n.take WHERE t.series = :series"


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a ledger had come for one series, as the database tells it. Equal marks: nothing shown has changed."""

    event: object = None
    choices: object = None
    chosen_at: object = None
    notes: object = None
    noted_at: object = None
    approvals: object = None
    withdrawn_at: object = None
    held_at: object = None
    acknowledged: object = None

    def __str__(self) -> str:
        values = (getattr(self, name) for name in self.__dataclass_fields__)
        return "/".join(map(str, values))


def mark(tx: ReadTransaction, series: str) -> Mark:
    """How far the ledger has come for the series."""
    (row,) = tx.rows(_MARK, series=series)
    return Mark(**row)


def changed_shots(tx: ReadTransaction, series: str, since: Mark) -> frozenset[str]:
    """The shots (EPISODE/SCENE/SHOT) of which takes moved, or were chosen or noted on, since that mark.

    A choice that is gone without a trace names no shot; the mark has changed all the same.
    """
    found = {str(row["shot"]) for row in tx.rows(_EVENTS, series=series, event=since.event or 0)}
    for sql, table, at in ((_CHOICES, "circles", since.chosen_at), (_NOTES, "n", since.noted_at)):
        later, values = ("", {}) if at is None else (f" AND {table}.at > :at", {"at": at})
        found |= {str(row["shot"]) for row in tx.rows(sql + later, series=series, **values)}
    return frozenset(found)
