"""The beginning of a run: what it works on, and the caps as the project states them now."""

from __future__ import annotations

import uuid
from datetime import datetime

from sqlalchemy import insert, select, update

from render.errors import LedgerConflict
from render.ledger.budget import Charge, set_caps
from render.ledger.database import Transaction
from render.ledger.message_facts import RunEnd, tell_run_end
from render.ledger.money import cap_micros
from render.ledger.records import RunId
from render.ledger.tables import runs, snapshots
from storyboard.shot import Caps


def begin_run(
    tx: Transaction,
    series: str,
    episode: str,
    snapshot: str,
    *,
    caps: Caps | None,
    run: RunId | None = None,
    asked: str = "",
    orders_until: datetime | None = None,
) -> RunId:
    """Write a run down and make the caps what the project says now. The same `run` again is the same run.

    `caps` None leaves the caps alone: a run that orders nothing has no say in them. From `orders_until` on (aware, by
    the database's clock) no claim of it is granted. Raises LedgerError where `run` is of another episode.
    """
    run = run or RunId(uuid.uuid4().hex)
    remember_snapshot(tx, snapshot, series)
    known = tx.conn.execute(select(runs.c.series, runs.c.episode).where(runs.c.id == run)).one_or_none()
    if known is not None and (known.series, known.episode) != (series, episode):
        raise LedgerConflict(f"run {run} is of {known.series}/{known.episode}, not of {series}/{episode}; name another")
    day_cap = None if caps is None or caps.day is None else cap_micros(caps.day)
    bounds = {"day_cap_micros": day_cap, "orders_until": orders_until}
    if known is None:
        place = {"series": series, "episode": episode, "snapshot": snapshot, "host": tx.host, "asked": asked}
        tx.conn.execute(insert(runs).values(id=run, **place, **bounds, created_at=tx.now))
    else:
        tx.conn.execute(update(runs).where(runs.c.id == run).values(**bounds))
    if caps is not None:
        set_caps(tx, Charge(series=series, episode=episode, day=tx.now.date().isoformat(), run=run), caps)
    return run


def end_run(tx: Transaction, run: RunId, told: RunEnd | None = None) -> None:
    """The run came to its end, well or not: the same command is a new wish from now on.

    `told` is what the outside hears of it; None: nothing.
    """
    tx.conn.execute(update(runs).where(runs.c.id == run, runs.c.ended_at.is_(None)).values(ended_at=tx.now))
    if told is not None:
        tell_run_end(tx, run, told)


def remember_snapshot(tx: Transaction, snapshot: str, series: str) -> None:
    """Write a snapshot's name down. Safe to repeat."""
    if tx.conn.execute(select(snapshots.c.id).where(snapshots.c.id == snapshot)).one_or_none() is None:
        tx.conn.execute(insert(snapshots).values(id=snapshot, series=series, at=tx.now))
