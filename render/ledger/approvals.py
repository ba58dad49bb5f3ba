"""Approvals: who approved what, by its hash, before it is paid for. The claim of every order is held against them."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from sqlalchemy import insert, update

from render.claim_errors import NotApproved
from render.errors import LedgerConflict
from render.ledger import approval_queries
from render.ledger.database import Transaction
from render.ledger.money import MOST_SUM_MICROS, is_sum, owed_micros
from render.ledger.records import Approval, Order, Take
from render.ledger.tables import approvals
from render.redaction import redact
from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.priced_orders import OrderName, PricedOrder, approved_orders
from storyboard.approval_rules import NeededApprovals, Subject
from storyboard.text.dollars import usd, usd_or_unknown

MOST_CHARACTERS = 2_000
"""Of what is said with an approval."""

LONGEST_NAME = 200
"""Characters of who approves."""


def fault(by: str, words: str = "") -> str:
    """Why an approval cannot be given so, as a sentence; empty where it can. Nothing of either is ever cut off."""
    if not by:
        return "nobody says who approves it; an approval names a person"
    if len(by) > LONGEST_NAME:
        return f"the name of who approves it has {len(by):,} characters; {LONGEST_NAME:,} are the most"
    if len(words) > MOST_CHARACTERS:
        return f"what is said with the approval has {len(words):,} characters; {MOST_CHARACTERS:,} are the most"
    return ""


def approve(
    tx: Transaction,
    series: str,
    episode: str,
    content: ApprovalContent,
    *,
    by: str,
    words: str = "",
    name: str = "",
    shown_at: datetime | None = None,
) -> Approval:
    """Write down that somebody approves this. What is approved already is left as it is, and returned.

    `name` is the id that it was given where somebody said so (a form, a page), so that the same word comes in once; a
    new one where it has none. `shown_at` (aware) is when they were shown it. Raises LedgerConflict where that very
    word, or an approval of the same that stood when it was shown, was withdrawn meanwhile; and where nobody says who
    approves, or more is said with it than is kept (`fault`).
    """
    by, words = by.strip(), words.strip()
    if wrong := fault(by, words):  # before secrets are taken out, which cuts what is too long
        raise LedgerConflict(wrong)
    by, words = redact(by), redact(words)
    before = _said_before(tx, name) or _stands_already(tx, series, episode, content)
    if before is not None:
        return before
    if shown_at is not None:
        _refuse_withdrawn_since(tx, series, episode, content, shown_at)
    row = {"id": name or uuid4().hex, "series": series, "episode": episode, "approved_by": by, "words": words}
    tx.conn.execute(insert(approvals).values(**row, **_columns(content), at=tx.now))
    return _known(tx, row["id"])


def withdraw(tx: Transaction, name: str, *, by: str) -> Approval:
    """Take an approval back: no order is claimed on it from now on. Safe to repeat; the first to do so is kept.

    Raises LedgerConflict where there is none of this id, and where nobody says who takes it back.
    """
    _known(tx, name)
    by = by.strip()
    if wrong := fault(by):
        raise LedgerConflict(wrong)
    still = update(approvals).where(approvals.c.id == name, approvals.c.withdrawn_at.is_(None))
    tx.conn.execute(still.values(withdrawn_by=redact(by), withdrawn_at=tx.now))
    return _known(tx, name)


def refuse_unapproved(tx: Transaction, take: Take, order: Order) -> None:
    """Raise NotApproved where this order must be approved and is not, as things stand in the claim. Free ones pass."""
    needed = order.approvals
    if needed is None or order.reserve_usd == 0:
        return
    for subject, hash_ in needed.hashes.items():
        if approval_queries.standing(tx, take.series, needed.episode, subject, hash_) is None:
            raise NotApproved(f"the {subject} of {needed.episode} is not approved", subjects=(subject,))
    _refuse_unapproved_price(tx, take, order, needed)


def _refuse_unapproved_price(tx: Transaction, take: Take, order: Order, needed: NeededApprovals) -> None:
    if needed.spend_usd is None:
        return
    name = OrderName(take.wish, take.variation, take.account, take.model)
    asked = PricedOrder(shot=take.local_key, name=name, usd=order.reserve_usd)
    cover = approval_queries.spending(tx, take.series, needed.episode)
    if cover.beyond([asked], needed.spend_usd):
        raise NotApproved(
            f"{usd_or_unknown(asked.usd)} for {take.local_key} at {take.account} is not approved: {needed.episode} may "
            f"spend {usd(needed.spend_usd)} without approval, and has spent {usd(cover.unapproved_usd)} of it",
            subjects=(Subject.SPENDING,),
        )


def _columns(content: ApprovalContent) -> dict[str, Any]:
    """What is approved, as its row has it."""
    usd_micros = None if content.usd is None else _sum_micros(content.usd)
    told = {"subject": content.subject.value, "hash": content.hash, "content": content.content}
    return {**told, "usd_micros": usd_micros}


def _said_before(tx: Transaction, name: str) -> Approval | None:
    said = approval_queries.approval(tx, name) if name else None
    if said is not None and not said.stands:
        raise LedgerConflict(_withdrawn(said))
    return said


def _stands_already(tx: Transaction, series: str, episode: str, content: ApprovalContent) -> Approval | None:
    """The approval of this very content, unless orders were claimed on it that are asked for again."""
    found = approval_queries.standing(tx, series, episode, content.subject, content.hash)
    if found is None or content.subject is not Subject.SPENDING:
        return found
    cover = approval_queries.spending(tx, series, episode)
    return None if cover.uncovered(approved_orders(content.content)) else found


def _refuse_withdrawn_since(
    tx: Transaction, series: str, episode: str, content: ApprovalContent, shown_at: datetime
) -> None:
    for each in approval_queries.approvals(tx, series, episode):
        same = (each.subject, each.hash) == (content.subject, content.hash)
        if same and each.withdrawn_at is not None and each.withdrawn_at >= shown_at:
            raise LedgerConflict(_withdrawn(each))


def _withdrawn(approval: Approval) -> str:
    return (
        f"the approval of the {approval.subject} of {approval.episode} was withdrawn by {approval.withdrawn_by} "
        "meanwhile; look at it again, then approve it anew"
    )


def _known(tx: Transaction, name: str) -> Approval:
    found = approval_queries.approval(tx, name)
    if found is None:
        raise LedgerConflict(f"the ledger knows no approval {name!r}; `tailframe approve` shows those that it knows")
    return found


def _sum_micros(total: Decimal) -> int:
    """A sum of many orders may be more than any one of them can cost."""
    return owed_micros(total) if is_sum(total) else min(int(total.scaleb(6)), MOST_SUM_MICROS)
