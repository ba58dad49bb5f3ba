"""How takes end, and what they cost."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from render.claim_errors import VendorStopped
from render.errors import LedgerConflict
from render.ledger import claims, holds, queries, settlement
from storyboard.takes import CLIP_DAMAGED, TakeState
from tests.render.ledger.stage import SERIES, Stage, audit, clip
from tests.thinning import one_in


def test_reported_usage_replaces_the_estimate(stage: Stage) -> None:
    """The vendor's figure is spent, the rest is free, and the link is kept with its end."""
    take = stage.submitted(reserve="1.00")
    expires_at = datetime(2030, 1, 2, 3, 4, 5, tzinfo=UTC)

    assert stage.ledger.write(
        settlement.generated,
        take.id,
        cost_usd=Decimal("0.80"),
        usage="160 credits",
        clip_url="https://x.example/1",
        expires_at=expires_at,
    )

    now = stage.now(take)
    assert (now.state, now.cost_usd, now.reserved_usd) == (TakeState.GENERATED, Decimal("0.80"), 0)
    assert (now.usage, now.clip_url, now.clip_url_expires_at) == ("160 credits", "https://x.example/1", expires_at)
    assert stage.budget("run") == (Decimal("0.80"), 0)
    audit(stage.ledger)


def test_without_a_report_the_reservation_is_spent(stage: Stage) -> None:
    """Silence is never read as "free"."""
    take = stage.generated()
    assert take.cost_usd == 1
    assert stage.budget("series") == (1, 0)


def test_every_step_is_counted_once(stage: Stage) -> None:
    """Two processes that carry the same take settle it once; the second is told so."""
    take = stage.generated()
    generated = {"cost_usd": Decimal(9), "usage": "", "clip_url": None, "expires_at": None}
    assert not stage.ledger.write(settlement.generated, take.id, **generated)
    assert stage.ledger.write(settlement.done, take.id, clip())
    assert not stage.ledger.write(settlement.done, take.id, clip("another"))
    assert not stage.ledger.write(settlement.failed, take.id, code="late", words="", charged=None)
    assert stage.now(take).clip == clip()
    assert stage.budget("series") == (1, 0)
    audit(stage.ledger)


def test_a_clips_facts_come_back_as_they_were(stage: Stage) -> None:
    """Fractions, times and sound survive the ledger."""
    take = stage.done()
    assert take.clip == clip(take.id)
    assert take.ended_at is not None
    assert stage.ledger.read(queries.take_facts, SERIES)[0].clip == take.clip


@pytest.mark.parametrize(("charged", "spent"), [(False, 0), (True, 1), (None, 1)])
def test_a_failed_job_is_spent_unless_a_refund_is_certain(stage: Stage, charged: bool | None, spent: int) -> None:
    """Only a documented or reported refund releases the money."""
    take = stage.submitted()
    assert stage.ledger.write(settlement.failed, take.id, code="2038", words="moderated", refused=True, charged=charged)
    now = stage.now(take)
    assert (now.state, now.error_code, now.error_message, now.refused) == (TakeState.FAILED, "2038", "moderated", True)
    assert stage.budget("series") == (spent, 0)
    assert now.cost_usd == spent
    audit(stage.ledger)


@pytest.mark.parametrize(("charged", "spent"), [(False, 0), (True, 1), (None, 1)])
def test_a_cancelled_job_is_spent_unless_a_refund_is_certain(stage: Stage, charged: bool | None, spent: int) -> None:
    """Cancelling is no refund."""
    take = stage.submitted()
    assert stage.ledger.write(settlement.cancelled, take.id, "asked to stop", charged=charged)
    assert stage.now(take).state is TakeState.CANCELLED
    assert stage.budget("series") == (spent, 0)
    audit(stage.ledger)


def test_a_planned_take_ends_for_nothing(stage: Stage) -> None:
    """What was never sent costs nothing, whatever is said of it."""
    failed, cancelled = stage.planned("e01/a/1"), stage.planned("e01/a/2")
    assert stage.ledger.write(
        settlement.failed, failed.id, code="upload", words="the reference is refused", charged=None
    )
    assert stage.ledger.write(settlement.cancelled, cancelled.id, "not wanted", charged=None)
    assert stage.budget("series") == (0, 0)
    assert stage.now(failed).cost_usd is None


def test_a_clear_refusal_of_the_order_releases_its_money(stage: Stage) -> None:
    """A 400 is an answer: nothing was made."""
    take = stage.submitting()
    assert stage.ledger.write(
        settlement.refused_at_create, take.id, "ann", code="400", words="no such model", refused=False
    )
    assert stage.now(take).state is TakeState.FAILED
    assert stage.budget("series") == (0, 0)
    audit(stage.ledger)


def test_a_refusal_that_comes_after_the_lease_is_still_an_answer(stage: Stage) -> None:
    """The owner's late answer ends the uncertainty."""
    take = stage.planned()
    stage.claim(take, lease=timedelta(0))
    stage.ledger.write(claims.expire_leases, SERIES)
    assert stage.ledger.write(settlement.refused_at_create, take.id, "ann", code="400", words="", refused=True)
    assert stage.budget("series") == (0, 0)
    audit(stage.ledger)


def test_what_a_vendor_takes_back_for_nothing_is_not_spent(stage: Stage) -> None:
    """It says itself that there is no clip after all, and that it charges nothing: once, however often it says so."""
    take = stage.generated()
    assert stage.ledger.write(settlement.clip_lost, take.id, "it failed after all")
    assert not stage.ledger.write(settlement.clip_lost, take.id, "it failed after all")
    now = stage.now(take)
    assert (now.state, now.error_code, now.cost_usd) == (TakeState.FAILED, "clip_lost", 0)
    assert stage.budget("series") == (0, 0)
    audit(stage.ledger)


def test_a_generated_take_that_fails_keeps_its_cost(stage: Stage) -> None:
    """An unusable clip was still paid for."""
    take = stage.generated()
    assert stage.ledger.write(settlement.failed, take.id, code="cliprejected", words="black", charged=False)
    assert stage.now(take).cost_usd == 1
    assert stage.budget("series") == (1, 0)


@pytest.mark.parametrize(
    ("charged", "code", "spent"), [(False, "settled_not_charged", 0), (True, "settled_charged", 1)]
)
def test_a_person_settles_a_lost_order(stage: Stage, charged: bool, code: str, spent: int) -> None:
    """Not charged frees the money, charged spends it; either way a new take may be made."""
    take = stage.unknown()
    stage.ledger.write(settlement.settle_unknown, take.id, "the bill says so", charged=charged)
    now = stage.now(take)
    assert (now.state, now.error_code, now.owner) == (TakeState.FAILED, code, None)
    assert stage.budget("series") == (spent, 0)
    audit(stage.ledger)


@pytest.mark.parametrize("state", ["planned", "submitting", "done"])
def test_only_orders_that_have_not_ended_are_settled_by_hand(stage: Stage, state: str) -> None:
    """Nobody talks the ledger out of what it knows."""
    take = getattr(stage, state)()
    for charged in (True, False):
        with pytest.raises(LedgerConflict, match="only one that was ordered and has not ended"):
            stage.ledger.write(settlement.settle_unknown, take.id, "because", charged=charged)
    assert stage.now(take) == take


def test_a_job_that_its_vendor_no_longer_knows_can_be_settled(stage: Stage) -> None:
    """Else a purged job would hold its money, and its shot, for ever."""
    take = stage.submitted()
    stage.ledger.write(settlement.settle_unknown, take.id, "the vendor's page shows no such job", charged=False)
    assert stage.now(take).state is TakeState.FAILED
    assert stage.budget("series") == (0, 0)


def test_a_clip_that_comes_damaged_stays_paid_for(stage: Stage) -> None:
    """It moves nowhere, says why, and stands in the way of the very same order."""
    take = stage.generated()
    assert stage.ledger.write(settlement.undelivered, take.id, code=CLIP_DAMAGED, words="it is cut off")
    now = stage.now(take)
    assert (now.state, now.error_code, now.error_message) == (TakeState.GENERATED, CLIP_DAMAGED, "it is cut off")
    assert now.undelivered
    assert stage.ledger.read(queries.events, take.id)[-1].words == "it is cut off"
    assert stage.budget("series") == (1, 0)
    audit(stage.ledger)


def test_a_damaged_clip_that_comes_whole_is_forgiven(stage: Stage) -> None:
    """Nothing is said of it any more, and what came late changes nothing."""
    take = stage.generated()
    stage.ledger.write(settlement.undelivered, take.id, code=CLIP_DAMAGED, words="it is cut off")
    assert stage.ledger.write(settlement.done, take.id, clip())
    assert not stage.ledger.write(
        settlement.undelivered, take.id, code=CLIP_DAMAGED, words="said another process, later"
    )
    now = stage.now(take)
    assert (now.state, now.error_code, now.error_message) == (TakeState.DONE, None, None)
    audit(stage.ledger)


@pytest.mark.parametrize("state", ["planned", "submitted", "done", "unknown"])
def test_only_a_clip_that_is_paid_for_comes_damaged(stage: Stage, state: str) -> None:
    """Anything else is left as it is."""
    take = getattr(stage, state)()
    assert not stage.ledger.write(settlement.undelivered, take.id, code=CLIP_DAMAGED, words="it is cut off")
    assert stage.now(take) == take


@pytest.mark.parametrize(("charged", "spent"), [(False, 0), (True, 1)])
def test_a_person_gives_a_paid_clip_up(stage: Stage, charged: bool, spent: int) -> None:
    """Charged keeps what it cost; taken off the bill, it is not spent any more."""
    take = stage.generated()
    stage.ledger.write(settlement.settle_unknown, take.id, "the bill says so", charged=charged)
    assert (stage.now(take).state, stage.now(take).cost_usd) == (TakeState.FAILED, spent)
    assert stage.budget("series") == stage.budget("run") == (spent, 0)
    audit(stage.ledger)


def test_cost_above_the_reservation_is_recorded_whole(stage: Stage) -> None:
    """A cap cannot undo a bill: what was charged is written down, and said in the take's own history."""
    take = stage.submitted()
    stage.generate(take, cost="4.00")
    assert stage.budget("series") == (4, 0)
    assert [event.alarm for event in stage.ledger.read(queries.events, take.id)] == [False, False, False, True]


@one_in(5)
@pytest.mark.parametrize(
    "amount", ["-1", "NaN", "sNaN", "Infinity", "100000.01", "5e12", "1e400", "9e999999", "-0.001"]
)
def test_an_amount_beyond_any_sense_is_told_and_does_not_count(stage: Stage, amount: str) -> None:
    """The clip is there and is kept; the books hold what was reserved, the report stands raw, nobody orders on."""
    take = stage.generate(stage.submitted(), cost=amount)
    assert (take.state, take.cost_usd, take.reported_usd) == (TakeState.GENERATED, 1, None)
    assert take.usage == f"200 credits; a cost of {Decimal(amount)}"
    (alarm,) = stage.ledger.read(queries.alarms)
    assert (alarm.take, alarm.stops_claims) == (take.id, True)
    assert "beyond any sense; the $1.00 reserved for it count instead" in alarm.words
    with pytest.raises(VendorStopped, match="beyond any sense"):
        stage.claim(stage.planned("e01/a/2"))
    audit(stage.ledger)
    stage.ledger.write(holds.acknowledge, take.account)
    stage.claim(stage.planned("e01/a/2"))


def test_an_unpriced_take_with_a_senseless_report_counts_nothing(stage: Stage) -> None:
    """Where nothing was reserved, nothing is known to be owed, and the alarm says so."""
    take = stage.generate(stage.submitted(reserve=None), cost="1e15")
    assert (take.cost_usd, take.reported_usd) == (None, None)
    assert "nothing counts instead" in stage.ledger.read(queries.alarms)[0].words


@one_in(5)
@pytest.mark.parametrize("amount", ["0", "0.0000001", "0.85", "1.00", "99999.999999", "100000"])
def test_what_the_vendor_told_stands_beside_what_counts(stage: Stage, amount: str) -> None:
    """A report that is a sum is kept as such, to the micro-dollar and never less; one that never came is none."""
    told, silent = stage.submitted("e01/a/1"), stage.submitted("e01/a/2")
    assert stage.generate(silent).reported_usd is None
    reported = stage.generate(told, cost=amount).reported_usd
    assert reported is not None
    assert 0 <= reported - Decimal(amount) < Decimal("0.000001")
