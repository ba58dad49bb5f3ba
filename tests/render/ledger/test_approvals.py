"""Approvals: who approved what, and that no order is claimed without."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest

from render.claim_errors import NotApproved
from render.errors import LedgerConflict
from render.ledger import Approval, Claimed, Ledger, Order, Rival, Take, approval_queries, approvals, claims
from storyboard.approval.approval_content import ApprovalContent
from storyboard.approval.priced_orders import OrderName, PricedOrder, spending_content
from storyboard.approval_rules import NeededApprovals, Subject
from tests.render.ledger.stage import MINUTE, SERIES, Stage, want

NEEDED = NeededApprovals(episode="e01", storyboard="a" * 64)
LONGEST_NAME, LONGEST_WORDS = "Al " * 66 + "Al", "la " * 666 + "la"
LONG_NAME, LONG_WORDS = f"{LONGEST_NAME}a", f"{LONGEST_WORDS}a"
BOUND = NeededApprovals(episode="e01", spend_usd=Decimal("1.50"))


def storyboard(hash_: str = "a" * 64) -> ApprovalContent:
    """A storyboard of this hash."""
    return ApprovalContent(subject=Subject.STORYBOARD, hash=hash_, told={"shots": []})


def orders(*takes: Take, price: str | None = "1.00") -> ApprovalContent:
    """The spending for these takes, each at a price."""
    return spending_content(
        PricedOrder(
            shot=take.local_key,
            name=OrderName(take.wish, take.variation, take.account, take.model),
            usd=None if price is None else Decimal(price),
        )
        for take in takes
    )


def approve(ledger: Ledger, content: ApprovalContent, by: str = "ann", name: str = "") -> Approval:
    """Somebody approves."""
    return ledger.write(approvals.approve, SERIES, "e01", content, by=by, name=name)


def claim(stage: Stage, take: Take, needed: NeededApprovals, price: str | None = "1.00") -> Claimed | Rival:
    """Claim a take for which this must be approved."""
    order = Order(
        run=stage.run,
        owner="ann",
        request_json="{}",
        fingerprint=f"order {take.id}",
        continuity=None,
        reserve_usd=None if price is None else Decimal(price),
        lease=MINUTE,
        account_bound=None,
        approvals=needed,
    )
    return stage.ledger.write(claims.claim, take.id, order)


def test_approval_unlocks_what_it_names_and_nothing_else(stage: Stage) -> None:
    """Another hash, another episode or another subject opens no claim; the right one does, until it is withdrawn."""
    take, other = stage.open(want(), want("e01/lamp/020"))
    stage.ledger.write(approvals.approve, SERIES, "e02", storyboard(), by="ann")
    approve(stage.ledger, storyboard("b" * 64))
    with pytest.raises(NotApproved) as refused:
        claim(stage, take, NEEDED)
    assert refused.value.subjects == (Subject.STORYBOARD,)

    approval = approve(stage.ledger, storyboard())
    assert isinstance(claim(stage, take, NEEDED), Claimed)

    stage.ledger.write(approvals.withdraw, approval.id, by="bob")
    with pytest.raises(NotApproved):
        claim(stage, other, NEEDED)
    assert isinstance(claim(stage, other, NEEDED, price="0"), Claimed), "what is free needs nobody"


@pytest.mark.parametrize(
    "said", [{"by": LONG_NAME}, {"words": LONG_WORDS}, {"by": " "}], ids=["name", "words", "nobody"]
)
def test_what_is_too_long_to_keep_is_refused_and_never_cut_off(stage: Stage, said: dict[str, str]) -> None:
    """Nothing is written down of an approval whose words or name would not be whole; the longest ones are."""
    with pytest.raises(LedgerConflict, match=r"characters|nobody"):
        stage.ledger.write(approvals.approve, SERIES, "e01", storyboard(), **{"by": "ann", **said})
    assert stage.ledger.read(approval_queries.approvals, SERIES, "e01") == ()
    kept = stage.ledger.write(approvals.approve, SERIES, "e01", storyboard(), by=LONGEST_NAME, words=LONGEST_WORDS)
    assert (kept.by, kept.words) == (LONGEST_NAME, LONGEST_WORDS)
    with pytest.raises(LedgerConflict, match="201 characters"):
        stage.ledger.write(approvals.withdraw, kept.id, by=LONG_NAME)


def test_approving_twice_is_one_approval(stage: Stage) -> None:
    """Of two people who approve the same at once, the first is written down, and both are told so."""
    with ThreadPoolExecutor(2) as both:
        first, second = both.map(lambda by: approve(stage.ledger, storyboard(), by), ("ann", "bob"))
    assert first == second
    assert stage.ledger.read(approval_queries.approvals, SERIES, "e01") == (first,)


def test_a_word_that_was_withdrawn_comes_in_no_second_time(stage: Stage) -> None:
    """A form that is answered, withdrawn and then read again brings nothing back; nor does a page of before."""
    shown_at = approve(stage.ledger, storyboard(), name="form").at
    stage.ledger.write(approvals.withdraw, "form", by="bob")
    withdrawn = stage.ledger.write(approvals.withdraw, "form", by="cleo")
    assert withdrawn.withdrawn_by == "bob", "the first to withdraw is kept"

    with pytest.raises(LedgerConflict, match="withdrawn by bob"):
        approve(stage.ledger, storyboard(), name="form")
    with pytest.raises(LedgerConflict, match="withdrawn by bob"):
        stage.ledger.write(approvals.approve, SERIES, "e01", storyboard(), by="ann", shown_at=shown_at)
    later = shown_at + timedelta(hours=1)
    assert stage.ledger.write(approvals.approve, SERIES, "e01", storyboard(), by="ann", shown_at=later).stands


@pytest.mark.parametrize("by", ["", "  "])
def test_an_approval_names_a_person(stage: Stage, by: str) -> None:
    """Nobody approves nothing, and what nobody approved cannot be withdrawn."""
    with pytest.raises(LedgerConflict, match="names a person"):
        approve(stage.ledger, storyboard(), by)
    with pytest.raises(LedgerConflict, match="knows no approval"):
        stage.ledger.write(approvals.withdraw, "none", by="ann")


def test_the_bound_holds_for_the_episode_and_not_for_a_run(stage: Stage) -> None:
    """Many small runs pass the bound as one large one does; each order beyond it needs an approval of its own."""
    first, second, third = stage.open(want(), want("e01/lamp/020"), want("e01/lamp/030"))
    claim(stage, first, BOUND)
    with pytest.raises(NotApproved, match=r"may spend \$1.50 without approval, and has spent \$1.00"):
        claim(stage.another_run(), second, BOUND)

    approve(stage.ledger, orders(second))
    with pytest.raises(NotApproved):
        claim(stage, second, BOUND, price="1.01")
    claim(stage, second, BOUND)
    with pytest.raises(NotApproved):
        claim(stage, third, BOUND)
    assert stage.ledger.read(approval_queries.spending, SERIES, "e01").unapproved_usd == Decimal("1.00")


def test_an_unknown_price_is_approved_by_name(stage: Stage) -> None:
    """No bound holds an order whose price nobody knows."""
    take = stage.planned()
    with pytest.raises(NotApproved):
        claim(stage, take, BOUND, price=None)
    approve(stage.ledger, orders(take, price=None))
    assert isinstance(claim(stage, take, BOUND, price=None), Claimed)


def test_an_approved_order_that_was_charged_for_nothing_is_asked_about_again(stage: Stage) -> None:
    """An approval covers its order once: what it cost is gone, and the same words again are another approval."""
    nothing = NeededApprovals(episode="e01", spend_usd=Decimal(0))
    take = stage.planned()
    before = approve(stage.ledger, orders(take))
    claim(stage, take, nothing)
    stage.ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")

    again = stage.another_run().planned(ordinal=0)
    cover = stage.ledger.read(approval_queries.spending, SERIES, "e01")
    assert not cover.covers(PricedOrder(shot="", name=_name(take), usd=Decimal("1.00")))
    assert (cover.unapproved_usd, again.id) == (Decimal(0), take.id)
    assert approve(stage.ledger, orders(take)).id != before.id


def test_an_order_that_never_left_is_approved_still(stage: Stage) -> None:
    """Proof that nothing was sent gives the approval back with the money."""
    nothing = NeededApprovals(episode="e01", spend_usd=Decimal(0))
    take = stage.planned()
    approve(stage.ledger, orders(take))
    claim(stage, take, nothing)
    stage.ledger.write(claims.not_sent, take.id, "ann", "refused connection")
    assert isinstance(claim(stage, take, nothing), Claimed)


def test_withdrawing_while_a_run_claims_leaves_no_order_without_approval(stage: Stage) -> None:
    """Whichever comes first in the ledger decides: each claim was made while the approval stood."""
    takes = stage.open(*(want(f"e01/lamp/{number:03}") for number in range(8)))
    approval = approve(stage.ledger, storyboard())

    def claimed(take: Take) -> bool:
        try:
            return isinstance(claim(stage, take, NEEDED), Claimed)
        except NotApproved:
            return False

    with ThreadPoolExecutor(4) as pool:
        claiming = [pool.submit(claimed, take) for take in takes[:4]]
        withdrawn = pool.submit(stage.ledger.write, approvals.withdraw, approval.id, by="bob").result()
        claiming += [pool.submit(claimed, take) for take in takes[4:]]
    assert withdrawn.withdrawn_at is not None
    for take, each in zip(takes, claiming, strict=True):
        at = stage.now(take).submitted_at
        assert (at is not None) is each.result()
        assert at is None or at <= withdrawn.withdrawn_at
    assert not any(each.result() for each in claiming[4:])


def _name(take: Take) -> OrderName:
    return OrderName(take.wish, take.variation, take.account, take.model)
