"""Orders as they are approved: each by what one vendor account is asked for, up to its price."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from storyboard.approval.approval_content import ApprovalContent, hashed
from storyboard.approval_rules import Subject
from storyboard.identity import JsonValue
from storyboard.plan.rules import Action
from storyboard.takes import LIVE, TakeFacts, TakeState
from storyboard.text.dollars import plain_usd

if TYPE_CHECKING:
    from storyboard.plan.episode_plan import Plan, PlannedShot

_NOTHING = Decimal(0)
_ORDERED = LIVE - {TakeState.PLANNED}


@dataclass(frozen=True, slots=True)
class OrderName:
    """Which order it is, whatever its shot is called: another wish, retake, vendor, account or model is another one."""

    wish: str
    variation: int
    account: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PricedOrder:
    """One order, and the most that it may cost in US dollars; None: nobody knows."""

    shot: str  # SCENE/SHOT, for people
    name: OrderName
    usd: Decimal | None


def orders_of(plan: Plan, takes: Collection[TakeFacts]) -> tuple[PricedOrder, ...]:
    """What a run of this plan would order and pay for, in story order. What is free or was ordered is none of it.

    `takes` are those of the series.
    """
    ordered = {(take.wish, take.variation, take.account) for take in takes if take.state in _ORDERED}
    return tuple(order for shot in plan.shots if shot.asked for order in _orders(shot, ordered))


def spending_content(orders: Iterable[PricedOrder]) -> ApprovalContent:
    """These orders, to be approved: their hash is that of the set of them, each with its price."""
    every = tuple(orders)
    told: list[JsonValue] = [_told(order) for order in every]
    names = sorted([order.name.wish, *_rest(order)] for order in every)
    return ApprovalContent(
        subject=Subject.SPENDING,
        hash=hashed(["spending", [list(name) for name in names]]),
        told={"orders": told},
        usd=sum((order.usd for order in every if order.usd is not None), _NOTHING),
    )


def approved_orders(content: str) -> tuple[PricedOrder, ...]:
    """The orders that an approval of spending names. Raises ValueError for what is no such approval."""
    try:
        return tuple(_read(each) for each in json.loads(content)["orders"])
    except (KeyError, TypeError, InvalidOperation) as error:
        raise ValueError("an approval of spending that names no orders") from error


def _orders(shot: PlannedShot, ordered: Collection[tuple[str, int, str]]) -> Iterator[PricedOrder]:
    if shot.action not in {Action.GENERATE, Action.RESUME} or shot.estimated_cost_usd == 0:
        return
    if shot.account is None or shot.model is None:
        return
    price = None if shot.request is None else shot.request.estimated_usd
    for variation in shot.variations:
        if shot.action is Action.RESUME and (shot.wish, variation, shot.account) in ordered:
            continue
        name = OrderName(shot.wish, variation, shot.account, shot.model)
        yield PricedOrder(shot=shot.key, name=name, usd=price)


def _told(order: PricedOrder) -> JsonValue:
    name = order.name
    return {
        "shot": order.shot,
        "wish": name.wish,
        "variation": name.variation,
        "account": name.account,
        "model": name.model,
        "usd": None if order.usd is None else plain_usd(order.usd),
    }


def _rest(order: PricedOrder) -> list[str]:
    """What sorts beside the wish: all of it text, as a price may be missing."""
    name, price = order.name, "" if order.usd is None else plain_usd(order.usd)
    return [str(name.variation), name.account, name.model, price]


def _read(value: Any) -> PricedOrder:
    usd = None if value["usd"] is None else Decimal(value["usd"])
    if usd is not None and not (usd.is_finite() and usd >= 0):
        raise ValueError("an approved price that is none")
    texts = [value[key] for key in ("shot", "wish", "account", "model")]
    if not all(isinstance(text, str) for text in texts) or type(value["variation"]) is not int:
        raise ValueError("an approved order that is none")
    shot, wish, account, model = texts
    return PricedOrder(shot=shot, name=OrderName(wish, value["variation"], account, model), usd=usd)
