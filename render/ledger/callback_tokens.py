"""Doors: how a vendor's callback finds one take, without being believed.

A door is opened for one order and stands while that order is out: it goes when its take is planned again or has ended.
Its token travels to the vendor in a link; here only its hash is kept. A ring wakes whoever waits for the take. It moves
nothing and writes no event, so that a flood of rings leaves no more than a single one. Of the jobs that callers name,
the first is kept until it is disproved; later ones are ignored.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, update

from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.reader import ReadTransaction
from render.ledger.records import TakeId
from render.ledger.rows import moment_from
from render.ledger.tables import callback_links, callback_servers
from storyboard.takes import TakeState

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger

CALLBACK_ONCE_IN = timedelta(seconds=1)
"""Rings that come closer together are one."""

KEEPER_LIVES = timedelta(seconds=90)
"""After its last sign. A keeper gives one every half minute, so that two may be lost."""


@dataclass(frozen=True, slots=True)
class _CallbackLink:
    take: TakeId
    provider: str
    rung_at: datetime | None
    has_job: bool  # the take's own is known, or a caller has named one

    def is_news(self, now: datetime, job_id: str | None) -> bool:
        """Whether a ring that names this job would change anything."""
        return self.names(job_id) or self.rung_at is None or abs(now - self.rung_at) >= CALLBACK_ONCE_IN

    def names(self, job_id: str | None) -> bool:
        """Whether this job would be the first that a caller names."""
        return job_id is not None and not self.has_job


def open_callback_link(tx: Transaction, take_id: TakeId, owner: str) -> str | None:
    """A door for the order that `owner` is about to send, in place of any before it; returns its token, this once.

    None where the owner does not hold the claim any more.
    """
    take = queries.take(tx, take_id)
    if take.state is not TakeState.SUBMITTING or take.owner != owner:
        return None
    token = secrets.token_urlsafe(32)
    tx.conn.execute(delete(callback_links).where(callback_links.c.take == take.id))
    tx.conn.execute(insert(callback_links).values(take=take.id, secret=_sealed(token), opened_at=tx.now, rings=0))
    return token


def vendor_at(tx: ReadTransaction, token: str) -> str | None:
    """The vendor whose order has this token; None where it opens no door, or none any more."""
    link = _link(tx, token)
    return None if link is None else link.provider


def is_news(tx: ReadTransaction, token: str, job_id: str | None) -> bool | None:
    """Whether such a ring would change anything now; None where the token opens no door."""
    link = _link(tx, token)
    return None if link is None else link.is_news(tx.now, job_id)


def record_callback(ledger: Ledger, token: str, job_id: str | None) -> bool:
    """Somebody called at a door, and named a job or none. False where there is no such door.

    Moves no take. A second call within a second changes nothing, and is not even a write, unless it is the first to
    name a job; of jobs, the first that is named is kept.
    """
    news = ledger.read(is_news, token, job_id)
    return ledger.write(mark_called, token, job_id) if news else news is not None


def mark_called(tx: Transaction, token: str, job_id: str | None) -> bool:
    """Write a ring down, and the job that it is the first to name. False: there is no such door."""
    link = _link(tx, token)
    if link is None or not link.is_news(tx.now, job_id):
        return link is not None
    named = {"told_job": job_id} if link.names(job_id) else {}
    callbacks_received = update(callback_links).where(callback_links.c.take == link.take)
    tx.conn.execute(callbacks_received.values(rung_at=tx.now, rings=callback_links.c.rings + 1, **named))
    return True


def forget_told_job(tx: Transaction, take_id: TakeId, job_id: str) -> None:
    """What a caller named proved wrong: the next one who names a job is heard again."""
    disproved = update(callback_links).where(callback_links.c.take == take_id, callback_links.c.told_job == job_id)
    tx.conn.execute(disproved.values(told_job=None))


def callback_server_url(tx: ReadTransaction) -> str | None:
    """The public URL under which doors are answered now: the one that was seen last, if that was lately.

    None where nobody answers, by the database's clock.
    """
    newest = tx.rows("SELECT url, seen_at FROM doorkeepers ORDER BY seen_at DESC, url LIMIT 1")
    seen_at = moment_from(newest[0]["seen_at"]) if newest else None
    lately = seen_at is not None and seen_at >= tx.now - KEEPER_LIVES
    return str(newest[0]["url"]) if lately else None


def renew_callback_server(tx: Transaction, url: str) -> None:
    """Whoever answers at this URL is there; to be said every half minute. Who was not seen for long is forgotten."""
    gone = callback_servers.c.seen_at < tx.now - KEEPER_LIVES
    tx.conn.execute(delete(callback_servers).where(or_(callback_servers.c.url == url, gone)))
    tx.conn.execute(insert(callback_servers).values(url=url, seen_at=tx.now))


def retire_callback_server(tx: Transaction, url: str) -> None:
    """Nobody answers at this URL from now on."""
    tx.conn.execute(delete(callback_servers).where(callback_servers.c.url == url))


def _link(tx: ReadTransaction, token: str) -> _CallbackLink | None:
    sql = (
        "SELECT d.take, t.provider, d.rung_at, d.told_job, t.job_id FROM doors d JOIN takes t ON t.id = d.take "
        "WHERE d.secret = :secret"
    )
    found = tx.rows(sql, secret=_sealed(token))
    if not found:
        return None
    row = found[0]
    has_job = bool(row["told_job"] or row["job_id"])
    return _CallbackLink(TakeId(row["take"]), row["provider"], moment_from(row["rung_at"]), has_job=has_job)


def _sealed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
