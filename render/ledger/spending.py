"""What was spent when, with whom and for what: sums over takes, which the caps' own rows do not tell. Plain SQL."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from render.ledger.money import dollars
from render.ledger.reader import ReadTransaction

_SPENT = (
    "SELECT charged_day AS day, account, model, count(*) AS orders, "
    "sum(coalesce(cost_micros, 0)) AS cost, sum(reserved_micros) AS reserved, "
    "sum(CASE WHEN cost_micros IS NULL THEN 0 ELSE coalesce(estimate_micros, 0) END) AS estimated, "
    "sum(CASE WHEN estimate_micros IS NULL THEN 0 ELSE coalesce(cost_micros, 0) END) AS billed, "
    "sum(CASE WHEN reported_micros IS NULL THEN 0 ELSE 1 END) AS told "
    "FROM takes WHERE series = :series AND charged_run IS NOT NULL "
    "GROUP BY charged_day, account, model ORDER BY charged_day, account, model"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Spent:
    """The orders of one day at one account, of one model. Money is in US dollars."""

    day: str  # ISO, UTC
    account: str
    model: str
    orders: int
    cost_usd: Decimal  # what counts
    reserved_usd: Decimal  # for those that have not ended
    estimated_usd: Decimal  # what was set aside for those whose cost is settled
    billed_usd: Decimal  # what those cost for which something was set aside: beside `estimated_usd`
    told: int  # of how many the vendor itself told the cost


def spent(tx: ReadTransaction, series: str) -> tuple[Spent, ...]:
    """Everything that counts in the budgets of the series, the oldest day first."""
    return tuple(
        Spent(
            day=str(row["day"] or ""),
            account=str(row["account"]),
            model=str(row["model"]),
            orders=int(row["orders"]),
            cost_usd=dollars(int(row["cost"])),
            reserved_usd=dollars(int(row["reserved"])),
            estimated_usd=dollars(int(row["estimated"])),
            billed_usd=dollars(int(row["billed"])),
            told=int(row["told"]),
        )
        for row in tx.rows(_SPENT, series=series)
    )
