"""The money's page: what is spent and reserved, under which caps, by day and vendor, and how estimates held. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from storyboard.text.dollars import usd
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from render.ledger import Alarm, BudgetLine
    from render.ledger.spending import Spent

__all__ = ["CapLine", "DayLine", "MoneyView", "VendorLine", "money_view"]

_SCOPES = {"series": "the series", "episode": "episode", "day": "day", "run": "run"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CapLine:
    """One cap and what counts against it. `share` is how much of it is gone, 0 to 100; None where there is no cap."""

    scope: str
    key: str
    cap: str
    spent: str
    reserved: str
    left: str
    share: int | None
    share_spent: int  # of it, what is spent


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """One day at one vendor."""

    day: str
    account: str
    orders: int
    spent: str
    reserved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VendorLine:
    """One vendor's model: what was set aside for its orders, what they cost, and what the vendor itself told."""

    account: str
    model: str
    orders: int
    estimated: str  # of those that have ended and whose estimate is known
    billed: str
    difference: str  # billed less estimated, with its sign; empty where they are the same
    told: int  # of how many the vendor told the cost itself
    reserved: str


@dataclass(frozen=True, slots=True, kw_only=True)
class MoneyView:
    """The money of a series."""

    series_title: str
    spent: str
    reserved: str
    caps: tuple[CapLine, ...]
    days: tuple[DayLine, ...]
    vendors: tuple[VendorLine, ...]
    alarms: tuple[str, ...]
    mark: str


def money_view(
    *,
    series_title: str,
    budgets: "Sequence[BudgetLine]",
    spent: "Sequence[Spent]",
    alarms: "Sequence[Alarm]",
    mark: str,
) -> MoneyView:
    """The page, of what the ledger holds. Amounts are exact."""
    whole = next((line for line in budgets if line.scope == "series"), None)
    shown = [line for line in budgets if line.scope != "run" or line.cap_usd is not None]
    return MoneyView(
        series_title=printable(series_title),
        spent=usd(whole.spent_usd if whole else Decimal(0)),
        reserved=usd(whole.reserved_usd if whole else Decimal(0)),
        caps=tuple(_cap(line) for line in shown),
        days=_days(spent),
        vendors=_vendors(spent),
        alarms=tuple(f"{alarm.account}: {printable(alarm.words)}" for alarm in alarms),
        mark=mark,
    )


def _cap(line: "BudgetLine") -> CapLine:
    gone = line.spent_usd + line.reserved_usd
    return CapLine(
        scope=_SCOPES.get(line.scope, line.scope),
        key=printable(line.key),
        cap="" if line.cap_usd is None else usd(line.cap_usd),
        spent=usd(line.spent_usd),
        reserved=usd(line.reserved_usd) if line.reserved_usd else "",
        left="" if line.left_usd is None else usd(line.left_usd),
        share=None if not line.cap_usd else min(100, int(100 * gone / line.cap_usd)),
        share_spent=0 if not line.cap_usd else min(100, int(100 * line.spent_usd / line.cap_usd)),
    )


def _days(spent: "Sequence[Spent]") -> tuple[DayLine, ...]:
    keys = sorted({(each.day, each.account) for each in spent}, reverse=True)
    found = []
    for day, account in keys:
        own = [each for each in spent if (each.day, each.account) == (day, account)]
        reserved = sum((each.reserved_usd for each in own), Decimal(0))
        found.append(
            DayLine(
                day=day,
                account=account,
                orders=sum(each.orders for each in own),
                spent=usd(sum((each.cost_usd for each in own), Decimal(0))),
                reserved=usd(reserved) if reserved else "",
            )
        )
    return tuple(found)


def _vendors(spent: "Sequence[Spent]") -> tuple[VendorLine, ...]:
    keys = sorted({(each.account, each.model) for each in spent})
    return tuple(_vendor([each for each in spent if (each.account, each.model) == key]) for key in keys)


def _vendor(own: "Sequence[Spent]") -> VendorLine:
    estimated = sum((each.estimated_usd for each in own), Decimal(0))
    billed = sum((each.billed_usd for each in own), Decimal(0))
    reserved = sum((each.reserved_usd for each in own), Decimal(0))
    apart = billed - estimated
    return VendorLine(
        account=own[0].account,
        model=printable(own[0].model),
        orders=sum(each.orders for each in own),
        estimated=usd(estimated),
        billed=usd(billed),
        difference="" if not apart else f"{'+' if apart > 0 else '−'}{usd(abs(apart))}",
        told=sum(each.told for each in own),
        reserved=usd(reserved) if reserved else "",
    )
