"""What approvals of spending cover still, and what an episode has spent beyond them. Pure.

Every order that was charged is set against all approvals that stood when it was claimed and name it, in the order of
claims: two approvals of one order are no two orders. What none of them covered counts against the episode's bound.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal

from storyboard.approval.priced_orders import OrderName, PricedOrder

_NOTHING = Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovedSpending:
    """One approval of spending, withdrawn or not."""

    at: datetime
    withdrawn_at: datetime | None
    orders: tuple[PricedOrder, ...]

    def stood(self, at: datetime) -> bool:
        """Whether it held then."""
        return self.at <= at and (self.withdrawn_at is None or at <= self.withdrawn_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class ChargedOrder:
    """An order that was claimed, and what counts of it now: what it cost, else what is set aside."""

    name: OrderName
    at: datetime  # of its claim
    most_usd: Decimal | None  # as it was claimed; None: nobody knew
    counted_usd: Decimal


@dataclass(slots=True)
class _Cover:
    """What one approval still covers, by order."""

    approval: ApprovedSpending
    usd: dict[OrderName, Decimal] = field(default_factory=dict)
    unpriced: Counter[OrderName] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        for order in self.approval.orders:
            if order.usd is None:
                self.unpriced[order.name] += 1
            else:
                self.usd[order.name] = self.usd.get(order.name, _NOTHING) + order.usd

    def covers(self, name: OrderName, usd: Decimal | None) -> bool:
        return self.unpriced[name] > 0 if usd is None else name in self.usd and usd <= self.usd[name]

    def take(self, name: OrderName, usd: Decimal | None, counted_usd: Decimal) -> None:
        if usd is None:
            self.unpriced[name] -= 1
        elif name in self.usd:
            self.usd[name] -= counted_usd


@dataclass(frozen=True, slots=True, kw_only=True)
class SpendingCover:
    """How an episode's spending stands against its approvals."""

    unapproved_usd: Decimal  # spent and set aside beyond all approvals
    standing: tuple[_Cover, ...] = field(repr=False)

    def covers(self, order: PricedOrder) -> bool:
        """Whether an approval that stands names this very order, at no lower price, and it was not claimed since."""
        return any(cover.covers(order.name, order.usd) for cover in self.standing)

    def uncovered(self, orders: Iterable[PricedOrder]) -> tuple[PricedOrder, ...]:
        """Those of the orders that no approval covers."""
        return tuple(order for order in orders if not self.covers(order))

    def beyond(self, orders: Iterable[PricedOrder], spend_usd: Decimal) -> tuple[PricedOrder, ...]:
        """The orders that must be approved first: all that are not covered, where they pass the episode's bound.

        One at an unknown price passes every bound.
        """
        left = self.uncovered(orders)
        prices = [order.usd for order in left]
        known = sum((usd for usd in prices if usd is not None), _NOTHING)
        fits = None not in prices and self.unapproved_usd + known <= spend_usd
        return () if fits else left


def cover_of(approvals: Sequence[ApprovedSpending], charged: Iterable[ChargedOrder]) -> SpendingCover:
    """What the approvals of an episode cover still, after these orders of it."""
    covers, unapproved = [_Cover(each) for each in approvals], _NOTHING
    for order in sorted(charged, key=lambda each: each.at):
        stood = [cover for cover in covers if cover.approval.stood(order.at)]
        if not any(cover.covers(order.name, order.most_usd) for cover in stood):
            unapproved += order.counted_usd
        for cover in stood:
            cover.take(order.name, order.most_usd, order.counted_usd)
    standing = tuple(cover for cover in covers if cover.approval.withdrawn_at is None)
    return SpendingCover(unapproved_usd=unapproved, standing=standing)
