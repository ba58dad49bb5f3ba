"""Claiming before paying: fingerprint, owner, lease and reservation are committed before an order may leave.

The fingerprint is the idempotency key of a payment: at most one live take of a series holds it at an account, which the
database checks too. So two runs, or two processes, never pay for the same order.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select, text, update

from render.claim_errors import AccountFull, NotClaimable, OnHold, OrderedElsewhere, OrdersEnded, VendorStopped
from render.errors import LedgerConflict
from render.ledger import budget, queries, state_machine, transitions
from render.ledger.approvals import refuse_unapproved
from render.ledger.circles import consider
from render.ledger.database import Transaction
from render.ledger.reader import ReadTransaction
from render.ledger.records import Claimed, Order, Rival, RunId, Take, TakeId
from render.ledger.stated_prices import proven_bound
from render.ledger.tables import LIVE_SQL, accounts, leases, openings, runs, takes
from storyboard.accounts import vendor_of
from storyboard.takes import TakeState

_RUNNING = (TakeState.SUBMITTING, TakeState.SUBMITTED)
"""States of takes that count against the bound of a vendor account."""


_ACCOUNTS = (
    "WITH RECURSIVE every(account) AS (SELECT min(account) FROM takes UNION ALL "
    "SELECT (SELECT min(account) FROM takes WHERE account > every.account) FROM every WHERE every.account IS NOT NULL) "
    "SELECT account FROM every"
)
"""Every account that takes are at, one step through an index each: there are few accounts, and very many takes."""


def claim(tx: Transaction, take_id: TakeId, order: Order) -> Claimed | Rival:
    """Make the take this owner's to send, with its money set aside, or give way to the take that has its fingerprint.

    Returns the claim with the end of its lease, or the rival to follow. Raises a ClaimRefused (OnHold, VendorStopped,
    NotClaimable, OrderedElsewhere, OrdersEnded, AccountFull, PriceUntried, Unproven, NotApproved, BudgetRefused,
    Unpriced); nothing has changed then.
    """
    take = queries.take(tx, take_id)
    if take.rival is not None:
        return Rival(take.rival)
    _refuse_another_series(tx, take, order.run)
    _refuse_on_hold(tx, take.series)
    _refuse_stopped(tx, take.account)
    if take.state is not TakeState.PLANNED:
        raise NotClaimable(f"take {take.number} of {take.shot} is {take.state}, not planned", state=take.state)
    rival = _rival(tx, take, order)
    if rival is not None:
        return _give_way(tx, take, rival)
    refuse_after_hours(tx, order.run)
    _refuse_full_account(tx, take.account, order.account_bound)
    if order.stated is not None:
        order = replace(order, reserve_usd=proven_bound(tx, take, order.stated))
    refuse_unapproved(tx, take, order)
    return _submit(tx, take, order)


def made(tx: ReadTransaction, take_id: TakeId, claimed: Claimed | Rival) -> bool:
    """Whether this very claim is written, of which nobody could tell when it was committed; its lease may be over.

    A lease is known by the moment at which it ends: claims are made one after another, by the database's clock.
    """
    take = queries.take(tx, take_id)
    if isinstance(claimed, Rival):
        return take.rival == claimed.take
    return take.lease_expires_at == claimed.lease_expires_at


def holds_lease(tx: ReadTransaction, take_id: TakeId, owner: str, *, for_at_least: timedelta) -> bool:
    """Whether the owner may still send, and will be allowed to for so long, by the database's clock."""
    take = queries.take(tx, take_id)
    if take.state is not TakeState.SUBMITTING or take.owner != owner or take.lease_expires_at is None:
        return False
    return take.lease_expires_at >= tx.now + for_at_least


def refuse_after_hours(tx: ReadTransaction, run: RunId) -> None:
    """Raise OrdersEnded where the hours in which this run may order are over, by the database's clock."""
    ended = queries.hours_ended(tx, run)
    if ended is not None:
        raise OrdersEnded(ended)


def not_sent(tx: Transaction, take_id: TakeId, owner: str, words: str) -> bool:
    """It is proven that no order left: the take is planned again and its money free.

    False, and nothing has changed, where this owner does not hold the claim any more.
    """
    take = queries.take(tx, take_id)
    if take.owner != owner:
        return False
    freed: dict[str, Any] = {"reserved_micros": 0, "estimate_micros": None, "fingerprint": None, "submitted_at": None}
    if not transitions.move(tx, take, state_machine.NOT_SENT, words, owner=owner, **freed):
        return False
    budget.release(tx, take)
    return True


def outcome_unknown(tx: Transaction, take_id: TakeId, owner: str, words: str) -> bool:
    """An order left and no answer came. The money stays reserved until a fact or a person settles it.

    False, and nothing has changed, where this owner does not hold the claim any more.
    """
    take = queries.take(tx, take_id)
    return take.owner == owner and transitions.move(tx, take, state_machine.LOSE_ANSWER, words, owner=owner)


def expire_leases(tx: Transaction, series: str) -> tuple[TakeId, ...]:
    """Make every claim of the series unknown whose lease is over by the database's clock; returns those takes.

    Nobody knows whether their order left.
    """
    return _expire(tx, takes.c.series == series)


def expire_leases_at(tx: Transaction, account: str) -> tuple[TakeId, ...]:
    """Make every claim at a vendor account unknown whose lease is over, whatever series it is of; returns those takes.

    Dead ones must not fill the account's places.
    """
    return _expire(tx, takes.c.account == account)


def _expire(tx: Transaction, which: ColumnElement[bool]) -> tuple[TakeId, ...]:
    over = (
        select(takes.c.id)
        .join(leases, leases.c.take == takes.c.id)
        .where(which, takes.c.state == TakeState.SUBMITTING, leases.c.expires_at <= tx.now)
        .order_by(takes.c.id)
    )
    lost = []
    for take_id in tx.conn.execute(over).scalars().all():
        take = queries.take(tx, take_id)
        if transitions.move(
            tx, take, state_machine.LOSE_ANSWER, f"the lease of {take.owner} ran out before an answer came"
        ):
            lost.append(take.id)
    return tuple(lost)


def _submit(tx: Transaction, take: Take, order: Order) -> Claimed:
    charge = budget.charge_of_run(tx, order.run, run_cap_is_news=not order.run_sum_agreed)
    estimate = budget.reserve(tx, charge, order.reserve_usd, unpriced_agreed=order.unpriced_agreed)
    expires_at = tx.now + order.lease
    moved = transitions.move(
        tx,
        take,
        state_machine.CLAIM,
        f"claimed by {order.owner}, {budget.told(estimate)}",
        fingerprint=order.fingerprint,
        request_json=order.request_json,
        continuity_clip=order.continuity and order.continuity.clip_sha256,
        continuity_frame=order.continuity and order.continuity.index,
        estimate_micros=estimate,
        reserved_micros=estimate or 0,
        charged_run=charge.run,
        charged_episode=charge.episode,
        charged_day=charge.day,
        submitted_at=tx.now,
    )
    if not moved:
        raise NotClaimable(f"take {take.number} of {take.shot} was claimed meanwhile", state=take.state)
    lease = {"owner": order.owner, "granted_at": tx.now, "expires_at": expires_at}
    tx.conn.execute(insert(leases).values(take=take.id, **lease))
    return Claimed(take.id, expires_at)


def _give_way(tx: Transaction, take: Take, rival: TakeId) -> Rival:
    """What the run wanted is the other take from now on, and so is the shot's choice once that one is done."""
    words = f"take {rival} already stands for this very order"
    transitions.move(tx, take, state_machine.GIVE_WAY, words, rival=rival, error_code="rival", error_message=words)
    tx.conn.execute(update(openings).where(openings.c.take == take.id).values(take=rival))
    consider(tx, rival)
    return Rival(rival)


def _rival(tx: Transaction, take: Take, order: Order) -> TakeId | None:
    """The live take of this very order: at this account, or one that is done at another of the same vendor.

    Raises OrderedElsewhere where one is out at another account, which can be followed only from there.
    """
    vendors = [account for account in _every_account(tx) if vendor_of(account) == vendor_of(take.account)]
    order_at = (takes.c.series == take.series, takes.c.account.in_(vendors), takes.c.fingerprint == order.fingerprint)
    live = select(takes).where(*order_at, takes.c.id != take.id, text(LIVE_SQL))
    for other in tx.conn.execute(live.order_by(takes.c.account != take.account)):
        if other.account == take.account or other.state == TakeState.DONE:
            return TakeId(other.id)
        if not order.anew:
            raise OrderedElsewhere(
                f"take {other.number} of {other.shot} is this very order, and is {other.state} at {other.account}",
                "Ask that account again to go on with it, or pay anew with --anew",
            )
    return None


def _every_account(tx: Transaction) -> list[str]:
    return [str(row["account"]) for row in tx.rows(_ACCOUNTS) if row["account"] is not None]


def _refuse_another_series(tx: Transaction, take: Take, run: RunId) -> None:
    series = tx.conn.execute(select(runs.c.series).where(runs.c.id == run)).scalar_one_or_none()
    if series != take.series:
        raise LedgerConflict(f"run {run} is of series {series!r} and cannot pay for a take of {take.series!r}")


def _refuse_on_hold(tx: Transaction, series: str) -> None:
    hold = queries.held(tx, series)
    if hold is not None:
        raise OnHold(hold.told, f"`tailframe release{' --all' if hold.everything else ''}` lets it go on")


def _refuse_stopped(tx: Transaction, account: str) -> None:
    why = tx.conn.execute(select(accounts.c.stopped_why).where(accounts.c.account == account)).scalar_one_or_none()
    if why is not None:
        raise VendorStopped(
            f"nothing more is ordered at {account}: {why}", "Check the bill, then acknowledge the alarm"
        )


def _refuse_full_account(tx: Transaction, account: str, bound: int | None) -> None:
    if bound is None:
        return
    running = select(func.count()).select_from(takes).where(takes.c.account == account, takes.c.state.in_(_RUNNING))
    count = tx.conn.execute(running).scalar_one()
    if count >= bound:
        raise AccountFull(f"the account {account} runs {count} jobs and may run {bound}; wait for one to end")
