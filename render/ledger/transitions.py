"""The one way a take makes a transition: a conditional update, an event beside it that is never changed, a log line."""

from __future__ import annotations

import functools
import logging
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from sqlalchemy import exists, insert, select, update

from render.decisions import decided
from render.ledger import queries, take_figures
from render.ledger.database import Transaction
from render.ledger.message_facts import tell_alarm, tell_unknown
from render.ledger.money import dollars
from render.ledger.records import Take, TakeId
from render.ledger.state_machine import ENDED, LEASED, OUT, Move
from render.ledger.tables import callback_links, events, leases, takes
from render.redaction import redact
from storyboard.takes import TakeState

_LOG = logging.getLogger(__name__)


def move(
    tx: Transaction,
    take: Take,
    step: Move,
    words: str = "",
    *,
    owner: str | None = None,
    alarm: bool = False,
    **changes: Any,
) -> bool:
    """Make this transition; False, and nothing has changed, where the take is in no state that it starts from, or
    `owner` does not hold its claim. `changes` are further columns of the take.
    """
    if take.state not in step.sources:
        return False
    still = [takes.c.id == take.id, takes.c.state == take.state]
    if owner is not None:
        still.append(exists(select(leases.c.take).where(leases.c.take == take.id, leases.c.owner == owner)))
    if step.target is TakeState.UNKNOWN:
        changes |= {"error_code": "unknown_outcome", "error_message": words}
    elif take.state is TakeState.UNKNOWN and step.target not in ENDED:  # it is found, or it never left
        changes |= {"error_code": None, "error_message": None}
    if changes.get("error_message"):
        changes["error_message"] = redact(changes["error_message"])
    if step.target in ENDED:
        changes["ended_at"] = tx.now
    if tx.conn.execute(update(takes).where(*still).values(state=step.target, **changes)).rowcount != 1:
        return False
    if step.target not in LEASED:
        tx.conn.execute(leases.delete().where(leases.c.take == take.id))
    if step.target not in OUT:
        tx.conn.execute(callback_links.delete().where(callback_links.c.take == take.id))
    run = _write(tx, take, step.target, words, alarm=alarm, run=changes.get("charged_run"))
    sums = {name: changes.get(f"{name}_micros") for name in ("reserved", "cost")}
    _log(tx, take, step.decision, words, run=run, alarm=alarm, to_state=step.target, **sums)
    tx.after_commit.append(functools.partial(take_figures.moved, take, step.decision, step.target))
    tx.after_commit.append(functools.partial(take_figures.settled, take, step, tx.now, changes))
    return True


def note(
    tx: Transaction, take: Take, to_state: TakeState, words: str, *, alarm: bool = False, run: str | None = None
) -> None:
    """Append an event; `to_state` is the take's own state where there was no transition."""
    run = _write(tx, take, to_state, words, alarm=alarm, run=run)
    _log(tx, take, "noted", words, run=run, alarm=alarm, to_state=to_state)


def begin(tx: Transaction, take_id: TakeId, run: str, words: str, state: TakeState = TakeState.PLANNED) -> None:
    """Append a take's first event."""
    _append(tx, take_id, {"from_state": None, "to_state": state}, words, alarm=False, run=run)
    take = queries.take(tx, take_id)
    _log(tx, take, "opened", words, run=run, to_state=state)
    tx.after_commit.append(functools.partial(take_figures.moved, take, "opened", state))


def _write(tx: Transaction, take: Take, to_state: TakeState, words: str, *, alarm: bool, run: str | None) -> str:
    """Append the event of a take, and tell the outside what it should know; returns the run it is written down for."""
    run = run or tx.run or take.run
    states = {"from_state": take.state, "to_state": to_state}
    event = _append(tx, take.id, states, words, alarm=alarm, run=run)
    if alarm:
        tell_alarm(tx, take, event, words, run)
    if to_state is TakeState.UNKNOWN is not take.state:
        tell_unknown(tx, take, event, words, run)
    return run


def _append(
    tx: Transaction, take_id: TakeId, states: Mapping[str, TakeState | None], words: str, *, alarm: bool, run: str
) -> int:
    where = {"at": tx.now, "run": run, "host": tx.host}
    event = insert(events).values(take=take_id, **states, **where, words=redact(words), alarm=alarm)
    key = tx.conn.execute(event).inserted_primary_key
    assert key is not None, "its number is the database's"
    return int(key[0])


def _log(
    tx: Transaction,
    take: Take,
    decision: str,
    words: str,
    *,
    run: str,
    to_state: TakeState,
    alarm: bool = False,
    reserved: int | None = None,
    cost: int | None = None,
) -> None:
    """Put a line into the run's log once the transaction is committed; sums are in micro-dollars."""
    line = functools.partial(
        decided,
        _LOG,
        decision,
        shot=take.shot,
        take=take.number,
        vendor=take.account,
        why=words,
        run=run,
        state=to_state.value,
        reserved_usd=_sum(reserved),
        cost_usd=_sum(cost),
        alarm=alarm or None,
    )
    tx.after_commit.append(line)
    if alarm:
        tx.after_commit.append(functools.partial(take_figures.alarmed, take))


def _sum(micros: int | None) -> Decimal | None:
    return None if micros is None else dollars(micros)
