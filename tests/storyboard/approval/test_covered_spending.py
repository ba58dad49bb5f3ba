"""Which orders approvals of spending cover still, and what was spent beyond them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.content_changes import ChangeKind, content_changes
from storyboard.approval.covered_spending import ApprovedSpending, ChargedOrder, cover_of
from storyboard.approval.priced_orders import (
    OrderName,
    PricedOrder,
    approved_orders,
    orders_of,
    spending_content,
)
from tests.storyboard.stories import Simulation, shot, story
from tests.thinning import examples

NOON = datetime(2026, 11, 30, 12, tzinfo=UTC)
DOLLAR = Decimal(1)


def order(number: int, usd: Decimal | None = DOLLAR) -> PricedOrder:
    """An order of one shot at a price."""
    return PricedOrder(shot=f"s/{number}", name=OrderName(f"wish {number}", 0, "acme", "acme-1"), usd=usd)


def approved(*orders: PricedOrder, at: int = 0, withdrawn: int | None = None) -> ApprovedSpending:
    """An approval so many minutes after noon."""
    gone = None if withdrawn is None else NOON + timedelta(minutes=withdrawn)
    return ApprovedSpending(at=NOON + timedelta(minutes=at), withdrawn_at=gone, orders=orders)


def charged(each: PricedOrder, at: int, cost: Decimal | None = None) -> ChargedOrder:
    """The same order, claimed so many minutes after noon."""
    counted = each.usd if cost is None else cost
    return ChargedOrder(
        name=each.name, at=NOON + timedelta(minutes=at), most_usd=each.usd, counted_usd=counted or DOLLAR
    )


def test_another_order_or_a_higher_price_is_not_covered() -> None:
    """An approval is of these orders: fewer are covered too, no other is, and none at a higher price."""
    cover = cover_of([approved(order(1), order(2), order(3, None))], [])
    assert cover.uncovered([order(2)]) == ()
    assert cover.uncovered([order(1), order(2, Decimal("1.01")), order(3), order(4)]) == (
        order(2, Decimal("1.01")),
        order(3),
        order(4),
    )


def test_two_approvals_of_one_order_are_no_two_orders() -> None:
    """Whoever approves the rest once more has not approved anything twice."""
    both = [approved(order(1), order(2)), approved(order(1), at=1)]
    assert not cover_of(both, [charged(order(1), at=2)]).covers(order(1))
    assert cover_of(both, [charged(order(1), at=2, cost=Decimal("0.00"))]).unapproved_usd == 0


def test_what_was_spent_before_or_after_an_approval_counts_against_the_bound() -> None:
    """An approval says nothing of what was ordered before it, or once it was withdrawn; nothing is forgotten."""
    cover = cover_of(
        [approved(order(1), order(2), at=1, withdrawn=3)],
        [charged(order(1), at=0), charged(order(1), at=2), charged(order(2), at=4)],
    )
    assert cover.unapproved_usd == 2
    assert cover.beyond([order(3)], Decimal(3)) == ()
    assert cover.beyond([order(3)], Decimal("2.99")) == (order(3),)
    assert cover.beyond([order(3, None)], Decimal(1000)) == (order(3, None),)


PRICES = st.sampled_from([None, Decimal("0.50"), DOLLAR])


@settings(max_examples=examples(200))
@given(st.lists(st.tuples(st.integers(0, 5), PRICES), max_size=8), st.data())
def test_approving_what_a_run_would_order_unlocks_it_whole(
    every: list[tuple[int, Decimal | None]], data: st.DataObject
) -> None:
    """The orders of one plan are all covered by its approval, in part as well, whatever was spent before."""
    orders = [order(number, usd) for number, usd in dict(every).items()]
    spent = [charged(order(number), at=number) for number in data.draw(st.sets(st.integers(0, 5)))]
    content = spending_content(orders)
    cover = cover_of([approved(*orders, at=3, withdrawn=7), approved(*approved_orders(content.content), at=9)], spent)
    some = data.draw(st.sets(st.sampled_from(orders))) if orders else set()
    assert cover.uncovered(some) == ()
    assert cover.beyond(some, Decimal(0)) == ()
    assert content.usd == sum((each.usd or 0 for each in orders), Decimal(0))


def test_a_plan_says_what_it_would_order() -> None:
    """Each take that would be paid for, by its retake; what is there already is none of it."""
    episode = story(shot("s/1"), shot("s/2", takes=2))
    simulation = Simulation()
    planned = simulation.plan(episode)
    assert [(each.shot, each.name.variation) for each in orders_of(planned, simulation.takes)] == [
        ("s/1", 0),
        ("s/2", 0),
        ("s/2", 1),
    ]
    assert sum(each.usd or 0 for each in orders_of(planned, simulation.takes)) == planned.estimated_cost_usd
    simulation.make(episode)
    assert orders_of(simulation.plan(episode), simulation.takes) == ()


def test_a_change_of_orders_says_which_are_new_or_dearer() -> None:
    """Orders that were approved, or fell away, are no change."""
    before = spending_content([order(1), order(2), order(3)])
    now: ApprovalContent = spending_content([order(1), order(2, Decimal(2)), order(4)])
    changes = content_changes(before.content, now)
    assert [(each.kind, each.shot) for each in changes] == [(ChangeKind.CHANGED, "s/2"), (ChangeKind.ADDED, "s/4")]
    (price,) = changes[0].parts
    assert (price.before, price.now) == ("$1.00", "$2.00")


@pytest.mark.parametrize(
    "content",
    [
        "{}",
        "[]",
        '{"orders": [1]}',
        '{"orders": [{"shot": "s", "wish": 1, "variation": 0, "account": "a", "model": "m", "usd": "1"}]}',
        '{"orders": [{"shot": "s", "wish": "w", "variation": 0, "account": "a", "model": "m", "usd": "-1"}]}',
        '{"orders": [{"shot": "s", "wish": "w", "variation": 0, "account": "a", "model": "m", "usd": "x"}]}',
    ],
)
def test_an_approval_that_names_no_orders_covers_none(content: str) -> None:
    """What a stranger's ledger holds is an error with one name."""
    with pytest.raises(ValueError, match="approv"):
        approved_orders(content)
