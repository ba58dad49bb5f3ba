"""A price that only a project states is proven by one order before others follow: decided as part of each claim."""

from __future__ import annotations

from decimal import Decimal

from sqlalchemy import select

from render.claim_errors import PriceUntried, Unproven
from render.ledger import queries
from render.ledger.database import Transaction
from render.ledger.records import Take
from render.ledger.rows import receipt_from
from render.ledger.tables import takes
from storyboard.price_proof import Proof, Receipt, StatedPrice, is_alike, proof_of, upper_bound
from storyboard.takes import TakeState

_OUT = (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.UNKNOWN)
_MAY_PROVE = (*_OUT, TakeState.GENERATED)


def proven_bound(tx: Transaction, take: Take, stated: StatedPrice) -> Decimal:
    """What to reserve for this order, by all that vendors have told by now.

    Raises PriceUntried where another order is out that will show what such an order costs: wait for it. Unproven where
    nobody knows what became of that one, and nothing but the project's word says what the next would cost.
    """
    receipts = queries.receipts(tx, [take.account], model=take.model)
    if proof_of(stated, receipts) is Proof.UNTRIED:
        _wait_for_proof(tx, take, stated)
    return upper_bound(stated, receipts)


def _wait_for_proof(tx: Transaction, take: Take, stated: StatedPrice) -> None:
    """Where a price is published that much is reserved, so an order of unknown outcome keeps nobody waiting."""
    lost: str | None = None
    for name, state in _orders_out(tx, take, stated):
        if state is not TakeState.UNKNOWN:
            raise PriceUntried(
                f"{name} is on its way to {stated.account}, and shows whether the price that the project states for "
                f"{stated.model} at {stated.resolution} is right; others wait for it"
            )
        lost = name
    if lost is not None and stated.published_usd is None:
        raise Unproven(
            f"the price of {stated.model} at {stated.account} is the project's word alone, and what became of {lost}, "
            "which was to prove it, is not known",
            "Settle it with `tailframe reconcile`, then produce again",
        )


def _orders_out(tx: Transaction, take: Take, stated: StatedPrice) -> list[tuple[str, TakeState]]:
    """Orders of the same price whose cost is not told yet, by name, with where they stand.

    So is one whose cost is told while its length is not known: its clip is on its way.
    """
    here = (takes.c.account == take.account, takes.c.model == take.model, takes.c.id != take.id)
    out = select(takes).where(*here, takes.c.state.in_(_MAY_PROVE)).order_by(takes.c.submitted_at, takes.c.id)
    found = [(dict(row), receipt_from(dict(row))) for row in tx.conn.execute(out).mappings()]
    return [
        (f"take {row['number']} of {row['shot']}", TakeState(row["state"]))
        for row, receipt in found
        if is_alike(stated, receipt) and (row["state"] in _OUT or _is_awaited(receipt))
    ]


def _is_awaited(receipt: Receipt) -> bool:
    return receipt.reported_usd is not None and receipt.billed_s is None
