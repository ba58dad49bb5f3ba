"""What is asked of messages to the outside: which were sent to whom, which wait, which were given up."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from render.ledger.reader import ReadTransaction
from render.ledger.row_values import as_written, maybe_text, moment_from, some_moment, some_name, some_number, some_text

DAY = timedelta(days=1)
"""What is older than this when an endpoint is first known is not sent there."""

PENDING, DELIVERED, DEAD = "pending", "delivered", "dead"

TEST_KIND = "webhook.test"
"""Of messages that are for those alone who were there when they were written."""

_PAGE = 200
_NEWEST = (
    "SELECT m.id, m.at, s.state, s.attempts FROM outgoing_messages m "
    "LEFT JOIN outgoing_sends s ON s.message = m.id AND s.endpoint = :endpoint "
    "WHERE m.kind <> :test ORDER BY m.at DESC, m.id DESC LIMIT :page OFFSET :offset"
)
_OLDER = (
    "SELECT m.id FROM outgoing_messages m JOIN outgoing_messages than ON than.id = :than "
    "LEFT JOIN outgoing_sends s ON s.message = m.id AND s.endpoint = :endpoint "
    "WHERE s.message IS NULL AND m.kind <> :test AND (m.at < than.at OR (m.at = than.at AND m.id < than.id)) "
    "ORDER BY m.at DESC, m.id DESC LIMIT 1"
)
_SOONEST = "SELECT min(next_at) AS soonest FROM outgoing_sends WHERE state = :pending AND endpoint = :endpoint"
_LAST = (
    "SELECT told FROM outgoing_sends WHERE endpoint = :endpoint AND attempts > 0 AND told <> '' "
    "ORDER BY at DESC LIMIT 1"
)
_SENDS = (
    "SELECT s.message, m.kind, m.series, m.episode, m.at AS written_at, s.endpoint, s.state, s.attempts, s.next_at, "
    "s.told, s.at FROM outgoing_sends s JOIN outgoing_messages m ON m.id = s.message "
    "WHERE m.series = :series AND s.state = :state ORDER BY m.at DESC, m.id LIMIT :most"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SendStanding:
    """How one message stands with one endpoint. Times are UTC."""

    message: str
    kind: str
    series: str
    episode: str | None
    written_at: datetime
    endpoint: str
    state: str  # pending, delivered, dead
    attempts: int
    next_at: datetime | None
    told: str  # what the endpoint answered last
    at: datetime  # since when it stands so


@dataclass(frozen=True, slots=True)
class Unplanned:
    """Messages that an endpoint is to be sent and has no row for yet.

    `too_old` is the newest that it is not sent for its age; its row is the mark at which all later looks end.
    """

    messages: tuple[str, ...]
    too_old: str | None = None


def unplanned(tx: ReadTransaction, endpoint: str) -> Unplanned:
    """What is new to this endpoint: all since it was first known, and of before that the last day."""
    found, without, known = list[str](), list[tuple[str, datetime]](), False
    for name, at, has_row in _newest(tx, endpoint):
        known = known or has_row
        if has_row:
            found += [each for each, _ in without]
            without.clear()
        else:
            without.append((name, at))
    if known:
        return Unplanned(tuple(found))
    young = [name for name, at in without if at >= tx.now - DAY]
    return Unplanned(tuple(young), next((name for name, _ in without if name not in young), None))


def older_unplanned(tx: ReadTransaction, endpoint: str, than: str) -> str | None:
    """The newest message before this one that the endpoint has no row for."""
    found = tx.rows(_OLDER, endpoint=endpoint, than=than, test=TEST_KIND)
    return some_name(found[0]["id"]) if found else None


def _newest(tx: ReadTransaction, endpoint: str) -> Iterator[tuple[str, datetime, bool]]:
    """Messages from the newest back to the mark, or to where all have rows: id, time, and whether there is a row."""
    for offset in count(0, _PAGE):
        page = tx.rows(_NEWEST, endpoint=endpoint, test=TEST_KIND, page=_PAGE, offset=offset)
        for row in page:
            yield some_name(row["id"]), some_moment(row["at"]), row["state"] is not None
            if row["state"] == DEAD and row["attempts"] == 0:
                return
        if len(page) < _PAGE or all(row["state"] is not None for row in page):
            return


def is_due(tx: ReadTransaction, endpoints: Sequence[str]) -> bool:
    """Whether anything is to be sent to one of these now."""
    return any(_waits(tx, name) or _has_news(unplanned(tx, name)) for name in endpoints)


def sends(tx: ReadTransaction, series: str, *, most: int = 500, delivered: int = 50) -> tuple[SendStanding, ...]:
    """Those of one series that wait and that were given up, at most so many each, and the newest that were delivered.

    In the order of time.
    """
    limits = {PENDING: most, DEAD: most, DELIVERED: delivered}
    found = [
        _standing(row)
        for state, at_most in limits.items()
        for row in tx.rows(_SENDS, series=series, state=state, most=at_most)
    ]
    return tuple(sorted(found, key=lambda each: (each.written_at, each.message, each.endpoint)))


def last_answers(tx: ReadTransaction, endpoints: Sequence[str]) -> dict[str, str]:
    """What each of these endpoints answered last, of whatever series; nothing of those that were never asked."""
    rows = {name: tx.rows(_LAST, endpoint=name) for name in endpoints}
    return {name: some_text(found[0]["told"]) for name, found in rows.items() if found}


def message_ids(tx: ReadTransaction, series: str, names: Sequence[str]) -> frozenset[str]:
    """Those of these names that are messages of the series."""
    find = "SELECT id FROM outgoing_messages WHERE id = :id AND series = :series"
    return frozenset(name for name in names if tx.rows(find, id=name, series=series))


def _has_news(found: Unplanned) -> bool:
    return bool(found.messages or found.too_old)


def _waits(tx: ReadTransaction, endpoint: str) -> bool:
    soonest = moment_from(tx.rows(_SOONEST, endpoint=endpoint, pending=PENDING)[0]["soonest"])
    return soonest is not None and soonest <= tx.now


@as_written
def _standing(row: Any) -> SendStanding:
    return SendStanding(
        message=some_name(row["message"]),
        kind=some_name(row["kind"]),
        series=some_name(row["series"]),
        episode=maybe_text(row["episode"]),
        written_at=some_moment(row["written_at"]),
        endpoint=some_name(row["endpoint"]),
        state=some_name(row["state"]),
        attempts=some_number(row["attempts"]),
        next_at=moment_from(row["next_at"]),
        told=some_text(row["told"]),
        at=some_moment(row["at"]),
    )
