"""What stops claims: a person's hold on a series or on everything, and a vendor that charged more than its price."""

from __future__ import annotations

from sqlalchemy import delete, func, insert, select, update

from render.errors import LedgerConflict
from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.tables import accounts, events, holds
from render.redaction import redact

NOT_HELD = "none"
"""What a person saw who saw no hold."""


def hold(tx: Transaction, series: str, by: str, why: str, *, seen: str | None = None) -> None:
    """Let nothing more be ordered for this series until it is released. What was ordered is carried on.

    `EVERYTHING` in a series' place is every series of the ledger, those that come later too; each may be held beside
    it. `seen` is since when it was held as the person saw it (ISO), NOT_HELD, or None: whatever holds it now. Raises
    LedgerConflict where somebody held or released it since.
    """
    release(tx, series, seen=seen)
    tx.conn.execute(insert(holds).values(series=series, held_by=by, why=redact(why), at=tx.now))


def release(tx: Transaction, series: str, *, seen: str | None = None) -> None:
    """Let a held series go on. Safe to repeat. `seen` is as for `hold`."""
    now = None if seen is None else queries.own_hold(tx, series)
    if seen is not None and (NOT_HELD if now is None else now.at.isoformat()) != seen:
        raise LedgerConflict(
            f"{series} was released meanwhile" if now is None else f"{now.by} holds {series} since {now.at:%F %T} UTC",
            "Load the page again, and decide then",
        )
    tx.conn.execute(delete(holds).where(holds.c.series == series))


def stop(tx: Transaction, account: str, why: str) -> None:
    """Stop further claims at an account until its alarms are acknowledged; the first reason stays."""
    _know(tx, account)
    row = accounts.c
    still = update(accounts).where(row.account == account, row.stopped_why.is_(None))
    tx.conn.execute(still.values(stopped_why=why, stopped_at=tx.now))


def acknowledge(tx: Transaction, account: str) -> None:
    """A person has seen this account's alarms: they are quiet, and claims go on."""
    _know(tx, account)
    newest = select(func.coalesce(func.max(events.c.id), 0)).scalar_subquery()
    quiet = {"stopped_why": None, "stopped_at": None, "acknowledged_event": newest}
    tx.conn.execute(update(accounts).where(accounts.c.account == account).values(**quiet))


def _know(tx: Transaction, account: str) -> None:
    if tx.conn.execute(select(accounts.c.account).where(accounts.c.account == account)).one_or_none() is None:
        tx.conn.execute(insert(accounts).values(account=account, acknowledged_event=0))
