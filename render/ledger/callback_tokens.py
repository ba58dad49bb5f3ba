"""Callback tokens: how a vendor's callback finds one take, without being believed.

Each order may carry a link that ends in a token; here only the token's hash is kept (a row of `callback_links`), while
that order is out: the row goes when its take is planned again or has ended. A callback by that link wakes whoever waits
for the take. It makes no transition and writes no event, so that a flood of callbacks leaves no more than a single one.
Of the jobs that callbacks name, the first is kept until it is disproved; later ones are ignored.
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
from render.ledger.row_values import moment_from
from render.ledger.tables import callback_links, callback_servers
from storyboard.takes import TakeState

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger

CALLBACK_ONCE_IN = timedelta(seconds=1)
"""Callbacks that come closer together count as one."""

SERVER_SEEN_WITHIN = timedelta(seconds=90)
"""A callback server counts as there so long after it was last seen. It says so every half minute; two may be lost."""


@dataclass(frozen=True, slots=True)
class _CallbackLink:
    """A row of `callback_links`, with what is known of its take."""

    take: TakeId
    provider: str
    called_at: datetime | None  # the last callback that was written down
    has_job: bool  # the take's own is known, or a callback has named one

    def is_news(self, now: datetime, job_id: str | None) -> bool:
        """Whether a callback that names this job (None: names none) would change anything."""
        return self.names(job_id) or self.called_at is None or abs(now - self.called_at) >= CALLBACK_ONCE_IN

    def names(self, job_id: str | None) -> bool:
        """Whether this job would be the first that a callback names."""
        return job_id is not None and not self.has_job


def open_callback_link(tx: Transaction, take_id: TakeId, owner: str) -> str | None:
    """Make the token for the order that `owner` is about to send, in place of any before it; returns it, this once.

    43 characters of base64url (32 random bytes). None where the owner does not hold the claim any more.
    """
    take = queries.take(tx, take_id)
    if take.state is not TakeState.SUBMITTING or take.owner != owner:
        return None
    token = secrets.token_urlsafe(32)
    tx.conn.execute(delete(callback_links).where(callback_links.c.take == take.id))
    tx.conn.execute(insert(callback_links).values(take=take.id, secret=_hash_of(token), opened_at=tx.now, rings=0))
    return token


def vendor_at(tx: ReadTransaction, token: str) -> str | None:
    """The vendor whose order has this token; None where none has, or none any more."""
    link = _link(tx, token)
    return None if link is None else link.provider


def is_news(tx: ReadTransaction, token: str, job_id: str | None) -> bool | None:
    """Whether a callback that names this job would change anything now; None where no order has this token."""
    link = _link(tx, token)
    return None if link is None else link.is_news(tx.now, job_id)


def record_callback(ledger: Ledger, token: str, job_id: str | None) -> bool:
    """Write down that somebody called by the link with this token, and named a job or none. False: no order has it.

    Makes no transition. A second call within a second changes nothing, and is not even a write, unless it is the first
    to name a job; of jobs, the first that is named is kept.
    """
    news = ledger.read(is_news, token, job_id)
    return ledger.write(mark_called, token, job_id) if news else news is not None


def mark_called(tx: Transaction, token: str, job_id: str | None) -> bool:
    """The step of `record_callback`: write the time, and the job that this callback is the first to name."""
    link = _link(tx, token)
    if link is None or not link.is_news(tx.now, job_id):
        return link is not None
    named = {"told_job": job_id} if link.names(job_id) else {}
    called = update(callback_links).where(callback_links.c.take == link.take)
    tx.conn.execute(called.values(rung_at=tx.now, rings=callback_links.c.rings + 1, **named))
    return True


def forget_told_job(tx: Transaction, take_id: TakeId, job_id: str) -> None:
    """Forget a job that a callback named and that proved wrong: the next callback may name another."""
    disproved = update(callback_links).where(callback_links.c.take == take_id, callback_links.c.told_job == job_id)
    tx.conn.execute(disproved.values(told_job=None))


def callback_server_url(tx: ReadTransaction) -> str | None:
    """The public URL under which callbacks are answered now: that of the server that was seen last, if lately.

    None where nobody answers: no server was seen within `SERVER_SEEN_WITHIN`, by the database's clock.
    """
    newest = tx.rows("SELECT url, seen_at FROM doorkeepers ORDER BY seen_at DESC, url LIMIT 1")
    seen_at = moment_from(newest[0]["seen_at"]) if newest else None
    lately = seen_at is not None and seen_at >= tx.now - SERVER_SEEN_WITHIN
    return str(newest[0]["url"]) if lately else None


def renew_callback_server(tx: Transaction, url: str) -> None:
    """Note that a callback server answers at this URL; to be repeated every half minute. Forgets those long gone."""
    gone = callback_servers.c.seen_at < tx.now - SERVER_SEEN_WITHIN
    tx.conn.execute(delete(callback_servers).where(or_(callback_servers.c.url == url, gone)))
    tx.conn.execute(insert(callback_servers).values(url=url, seen_at=tx.now))


def retire_callback_server(tx: Transaction, url: str) -> None:
    """Note that no callback server answers at this URL from now on."""
    tx.conn.execute(delete(callback_servers).where(callback_servers.c.url == url))


def _link(tx: ReadTransaction, token: str) -> _CallbackLink | None:
    sql = (
        "SELECT d.take, t.provider, d.rung_at, d.told_job, t.job_id FROM doors d JOIN takes t ON t.id = d.take "
        "WHERE d.secret = :secret"
    )
    found = tx.rows(sql, secret=_hash_of(token))
    if not found:
        return None
    row = found[0]
    has_job = bool(row["told_job"] or row["job_id"])
    return _CallbackLink(TakeId(row["take"]), row["provider"], moment_from(row["rung_at"]), has_job=has_job)


def _hash_of(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
