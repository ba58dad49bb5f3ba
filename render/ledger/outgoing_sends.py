"""Sends: which message goes to which endpoint, whose attempt is under way, and how each ended.

An attempt is claimed before its bytes leave, by a row that one transaction changes, on the database's clock: two
senders never make the same attempt, and one that died is made up for once its lease is over. So each message arrives
at least once. Endpoints are known here by name alone, never by address.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, select, update

from render.ledger.database import Transaction
from render.ledger.outgoing_messages import MessageKind, OutgoingMessage, write_message
from render.ledger.outgoing_queries import DEAD, DELIVERED, PENDING, older_unplanned, unplanned
from render.ledger.tables import outgoing_messages, outgoing_sends

LEASE = timedelta(minutes=1)
"""How long an attempt is one sender's; longer than it takes, see `render.outgoing.post_message`."""

TOO_OLD = "older than a day when this endpoint was first known: neither this nor anything before it is sent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Send:
    """One attempt to send one message, claimed."""

    message: str
    endpoint: str
    attempt: int  # from 1
    content: str
    is_test: bool
    at: datetime  # of the attempt, by the database's clock


def plan_sends(tx: Transaction, endpoints: Sequence[str]) -> None:
    """Make a row for each message that one of these endpoints is to be sent and that has none yet."""
    for endpoint in endpoints:
        news = unplanned(tx, endpoint)
        _plan(tx, endpoint, news.messages)
        _mark(tx, endpoint, news.too_old)


def claim_send(tx: Transaction, endpoint: str) -> Send | None:
    """The oldest message that is due at this endpoint, whose next attempt is the caller's now; None where none is."""
    sends, messages = outgoing_sends.c, outgoing_messages.c
    due = (
        select(sends.message, sends.attempts, messages.content, messages.kind)
        .join(outgoing_messages, messages.id == sends.message)
        .where(sends.endpoint == endpoint, sends.state == PENDING, sends.next_at <= tx.now)
        .order_by(messages.at, messages.id)
        .limit(1)
    )
    row = tx.conn.execute(due).one_or_none()
    if row is None:
        return None
    send = Send(
        message=row.message,
        endpoint=endpoint,
        attempt=row.attempts + 1,
        content=row.content,
        is_test=row.kind == MessageKind.TEST,
        at=tx.now,
    )
    changes = {"attempts": send.attempt, "next_at": tx.now + LEASE, "at": tx.now}
    _change(tx, send, attempts=row.attempts, changes=changes)
    return send


def delivered(tx: Transaction, send: Send, told: str) -> bool:
    """The endpoint took it. False, and nothing has changed, where the row stands otherwise by now."""
    changes = {"state": DELIVERED, "next_at": None, "told": told, "at": tx.now}
    return _change(tx, send, attempts=send.attempt, changes=changes)


def put_off(tx: Transaction, send: Send, told: str, wait: timedelta) -> bool:
    """It was not taken, and is tried again after so long. False as for `delivered`."""
    changes = {"next_at": tx.now + wait, "told": told, "at": tx.now}
    return _change(tx, send, attempts=send.attempt, changes=changes)


def given_up(tx: Transaction, send: Send, told: str) -> bool:
    """It was not taken, and is not tried again by itself. False as for `delivered`."""
    changes = {"state": DEAD, "next_at": None, "told": told, "at": tx.now}
    return _change(tx, send, attempts=send.attempt, changes=changes)


def resend(tx: Transaction, endpoints: Sequence[str], names: Collection[str]) -> int:
    """Send these messages again to these endpoints, whether they were taken before or not; how many sends that is."""
    for endpoint in endpoints:
        known = (outgoing_sends.c.endpoint == endpoint, outgoing_sends.c.message.in_(sorted(names)))
        rows = tx.conn.execute(select(outgoing_sends).where(*known)).all()
        tx.conn.execute(update(outgoing_sends).where(*known).values(**_begun(tx)))
        _plan(tx, endpoint, sorted(set(names) - {row.message for row in rows}))
        for row in rows:
            if row.state == DEAD and row.attempts == 0:
                _mark(tx, endpoint, older_unplanned(tx, endpoint, row.message))
    return len(endpoints) * len(names)


def resend_dead(tx: Transaction, endpoints: Sequence[str], series: str) -> int:
    """Send again what was given up at these endpoints, of one series; how many sends that is."""
    own = select(outgoing_messages.c.id).where(outgoing_messages.c.series == series)
    row = outgoing_sends.c
    dead = (row.endpoint.in_(endpoints), row.state == DEAD, row.attempts > 0, row.message.in_(own))
    return int(tx.conn.execute(update(outgoing_sends).where(*dead).values(**_begun(tx))).rowcount)


def write_test(tx: Transaction, endpoints: Sequence[str], series: str) -> OutgoingMessage:
    """A message that says nothing, for these endpoints alone."""
    data = {"series": series, "message": "a test: nothing happened"}
    message = write_message(tx, MessageKind.TEST, ("test", uuid4().hex), series=series, episode=None, data=data)
    assert message is not None, "its id is new"
    for endpoint in endpoints:
        _plan(tx, endpoint, [message.id])
    return message


def _mark(tx: Transaction, endpoint: str, name: str | None) -> None:
    """Leave this message, and all before it, for ever unsent; see `outgoing_queries.Unplanned`."""
    if name is not None:
        mark = {"state": DEAD, "attempts": 0, "next_at": None, "told": TOO_OLD, "at": tx.now}
        tx.conn.execute(insert(outgoing_sends).values(message=name, endpoint=endpoint, **mark))


def _plan(tx: Transaction, endpoint: str, names: Sequence[str]) -> None:
    if names:
        rows = [{"message": name, "endpoint": endpoint, **_begun(tx), "told": ""} for name in names]
        tx.conn.execute(insert(outgoing_sends), rows)


def _begun(tx: Transaction) -> dict[str, Any]:
    return {"state": PENDING, "attempts": 0, "next_at": tx.now, "at": tx.now}


def _change(tx: Transaction, send: Send, *, attempts: int, changes: dict[str, Any]) -> bool:
    row = outgoing_sends.c
    same = (row.message == send.message, row.endpoint == send.endpoint, row.attempts == attempts, row.state == PENDING)
    return tx.conn.execute(update(outgoing_sends).where(*same).values(**changes)).rowcount == 1
