"""From rows about approvals to frozen values, as in `render.ledger.rows`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from render.ledger.records import Approval
from render.ledger.row_values import (
    as_written,
    maybe_dollars,
    maybe_text,
    moment_from,
    some_dollars,
    some_moment,
    some_number,
    some_text,
)
from storyboard.approval.covered_spending import ApprovedSpending, ChargedOrder
from storyboard.approval.priced_orders import OrderName, approved_orders
from storyboard.approval_rules import Subject

Row = Mapping[str, Any]


@as_written
def approval_from(row: Row) -> Approval:
    """What somebody approved. Its content is read by whoever needs it."""
    return Approval(
        id=some_text(row["id"]),
        series=some_text(row["series"]),
        episode=some_text(row["episode"]),
        subject=Subject(some_text(row["subject"])),
        hash=some_text(row["hash"]),
        content=some_text(row["content"]),
        usd=maybe_dollars(row["usd_micros"]),
        by=some_text(row["approved_by"]),
        words=some_text(row["words"]),
        at=some_moment(row["at"]),
        withdrawn_by=maybe_text(row["withdrawn_by"]),
        withdrawn_at=moment_from(row["withdrawn_at"]),
    )


@as_written
def approved_spending_from(row: Row) -> ApprovedSpending:
    """What an approval of spending covers, and when it stood."""
    approval = approval_from(row)
    orders = approved_orders(approval.content)
    return ApprovedSpending(at=approval.at, withdrawn_at=approval.withdrawn_at, orders=orders)


@as_written
def charged_order_from(row: Row) -> ChargedOrder:
    """An order that counts in an episode's budget."""
    name = OrderName(
        some_text(row["wish"]), some_number(row["variation"]), some_text(row["account"]), some_text(row["model"])
    )
    counted = row["reserved_micros"] or row["cost_micros"] or 0
    return ChargedOrder(
        name=name,
        at=some_moment(row["submitted_at"]),
        most_usd=maybe_dollars(row["estimate_micros"]),
        counted_usd=some_dollars(counted),
    )
