"""Claiming before paying."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal

import pytest

from render.claim_errors import AccountFull, NotClaimable, OnHold, Unpriced, VendorStopped
from render.errors import LedgerError
from render.ledger import Claimed, Ledger, Rival, claims, holds, jobs, queries, runs, settlement, take_slots
from render.ledger.records import EVERYTHING
from storyboard.model.fields import SLUG
from storyboard.request import FrameId
from storyboard.shot import Caps
from storyboard.takes import TakeState
from tests.render.ledger.stage import ACCOUNT, MINUTE, SERIES, Stage, audit, clip, want

OVER = timedelta(0)


def test_claim_commits_the_whole_order(stage: Stage) -> None:
    """Before anything is sent, fingerprint, owner, lease, frame and reservation are on disk."""
    take = stage.planned()
    frame = FrameId("a" * 64, 47)

    claimed = stage.claim(take, owner="ann", reserve="1.234567", fingerprint="order", continuity=frame)

    now = stage.now(take)
    assert claimed == Claimed(take.id, now.lease_expires_at or pytest.fail("no lease"))
    assert (now.state, now.owner, now.fingerprint, now.continuity) == (TakeState.SUBMITTING, "ann", "order", frame)
    assert now.reserved_usd == Decimal("1.234567")
    assert now.submitted_at is not None
    assert now.lease_expires_at == now.submitted_at + MINUTE
    assert now.request_json == '{"prompt": "a lamp"}'
    audit(stage.ledger)


def test_a_take_is_claimed_once(stage: Stage) -> None:
    """A second claim is refused and says where the take stands, even to the same owner."""
    take = stage.submitting()
    for owner in ("ann", "bob"):
        with pytest.raises(NotClaimable, match="is submitting") as refused:
            stage.claim(take, owner=owner)
        assert refused.value.state is TakeState.SUBMITTING
    assert stage.now(take).owner == "ann"


@pytest.mark.parametrize("state", ["submitted", "generated", "done", "unknown"])
def test_only_planned_takes_are_claimed(stage: Stage, state: str) -> None:
    """Whatever was sent, or may have been, is never sent again."""
    take = getattr(stage, state)()
    with pytest.raises(NotClaimable) as refused:
        stage.claim(take)
    assert refused.value.state is TakeState(state)


def test_the_second_of_two_equal_orders_gives_way(stage: Stage) -> None:
    """Two takes with one fingerprint in a series and at an account: only the first may be paid for."""
    first, second = stage.open(want(), want(ordinal=1))
    stage.claim(first, fingerprint="same")

    assert stage.claim(second, fingerprint="same") == Rival(first.id)

    assert stage.now(second).state is TakeState.CANCELLED
    assert stage.now(second).rival == first.id
    assert stage.claim(second, fingerprint="same") == Rival(first.id), "asked again, the same answer"
    assert stage.ledger.write(take_slots.open_takes, stage.run, [want(ordinal=1)])[0].id == first.id, (
        "what the run wanted is the rival"
    )
    audit(stage.ledger)


def test_a_rival_that_is_done_serves_the_other_shot_at_once(stage: Stage) -> None:
    """An identical shot gets the clip that exists, and its circle."""
    first, second = stage.open(want("e01/a/010", wish="same"), want("e01/b/010", wish="same"))
    stage.claim(first, fingerprint="same")
    stage.generate(stage.submit(first))
    stage.ledger.write(settlement.done, first.id, shared := clip("shared"))

    assert stage.claim(second, fingerprint="same") == Rival(first.id)

    assert stage.circled("e01/b/010") == first.id
    assert stage.now(first).clip == shared


def test_a_rehearsal_never_stands_in_the_way_of_the_real_thing(stage: Stage) -> None:
    """The same order at a stand-in is another order."""
    real, rehearsal = stage.open(want(), want(ordinal=1, account="acme@stand-in"))
    stage.claim(rehearsal, fingerprint="same")
    assert isinstance(stage.claim(real, fingerprint="same"), Claimed)


def test_a_settled_take_frees_its_fingerprint(stage: Stage) -> None:
    """After a failure the same order may be made again."""
    first, second = stage.open(want(), want(ordinal=1))
    stage.claim(first, fingerprint="same")
    stage.ledger.write(settlement.refused_at_create, first.id, "ann", code="400", words="bad request", refused=False)
    assert isinstance(stage.claim(second, fingerprint="same"), Claimed)


def test_an_unknown_outcome_stands_in_the_way(stage: Stage) -> None:
    """An order that may exist is never sent a second time."""
    first, second = stage.open(want(), want(ordinal=1))
    stage.claim(first, fingerprint="same")
    stage.ledger.write(claims.outcome_unknown, first.id, "ann", "time-out")
    assert stage.claim(second, fingerprint="same") == Rival(first.id)


def test_account_bound_counts_what_the_vendor_counts(stage: Stage) -> None:
    """Orders on their way and jobs that run fill the account, of any series; a finished or lost one does not."""
    other = stage.ledger.write(runs.begin_run, "another series", "e01", "snapshot", caps=Caps())
    foreign = stage.ledger.write(take_slots.open_takes, other, [want("e01/x/1")])[0]
    Stage(stage.ledger, other).claim(foreign)
    stage.submitted("e01/a/1")
    stage.unknown("e01/a/2")
    stage.done("e01/a/3")
    waiting = stage.planned("e01/a/4")

    with pytest.raises(AccountFull, match="runs 2 jobs and may run 2"):
        stage.claim(waiting, bound=2)

    assert stage.now(waiting).state is TakeState.PLANNED
    assert isinstance(stage.claim(waiting, bound=3), Claimed)


def test_while_everything_is_held_no_series_claims(stage: Stage) -> None:
    """Whatever series it is, held by itself or not; what was held by itself stays so when everything is released."""
    take = stage.planned()
    stage.ledger.write(holds.hold, SERIES, "mara", "the script changes")
    stage.ledger.write(holds.hold, EVERYTHING, "ann", "the bill")
    with pytest.raises(OnHold, match=r"ann holds everything: the bill\. `tailframe release --all` lets it go on"):
        stage.claim(take)
    assert stage.ledger.read(queries.stopped, "another-series", "acme")
    held = stage.ledger.read(queries.held, "another-series")
    assert held is not None
    assert held.everything

    stage.ledger.write(holds.release, EVERYTHING)

    assert stage.ledger.read(queries.held, "another-series") is None
    with pytest.raises(OnHold, match="mara holds lighthouse"):
        stage.claim(take)


def test_no_series_can_be_called_everything() -> None:
    """What stands for all series in a hold is no name of one."""
    assert re.fullmatch(SLUG, EVERYTHING) is None


def test_a_held_series_claims_nothing(stage: Stage) -> None:
    """A person's hold is checked by every claim, until it is released."""
    take = stage.planned()
    stage.ledger.write(holds.hold, SERIES, "mara", "the script changes")
    with pytest.raises(OnHold, match="mara holds lighthouse: the script changes"):
        stage.claim(take)
    hold = stage.ledger.read(queries.held, SERIES)
    assert hold is not None
    assert (hold.by, hold.why) == ("mara", "the script changes")

    stage.ledger.write(holds.release, SERIES)

    assert stage.ledger.read(queries.held, SERIES) is None
    assert isinstance(stage.claim(take), Claimed)


def test_a_vendor_that_overcharged_is_stopped_until_acknowledged(stage: Stage) -> None:
    """More than was reserved is spent as reported, raises an alarm and stops that vendor, and no other."""
    dear = stage.submitted("e01/a/1")
    stage.generate(dear, cost="1.50")
    take, elsewhere = stage.open(want("e01/a/2"), want("e01/a/3", account="other"))

    with pytest.raises(VendorStopped, match=r"cost \$1\.50, more than the \$1\.00 reserved"):
        stage.claim(take)
    assert isinstance(stage.claim(elsewhere), Claimed)
    assert [(alarm.take, alarm.stops_claims) for alarm in stage.ledger.read(queries.alarms)] == [(dear.id, True)]

    stage.ledger.write(holds.acknowledge, ACCOUNT)

    assert stage.ledger.read(queries.alarms) == ()
    assert isinstance(stage.claim(take), Claimed)


def test_a_price_must_be_known_under_a_cap(ledger: Ledger) -> None:
    """Without a cap an unknown price is the producer's business; under one it is refused with the remedy."""
    stage = Stage.begin(ledger, Caps(day=Decimal(5)))
    take = stage.planned()
    with pytest.raises(Unpriced, match="prices:"):
        stage.claim(take, reserve=None)
    assert stage.now(take).state is TakeState.PLANNED

    free = stage.another_run()
    assert isinstance(free.claim(take, reserve=None), Claimed)
    assert free.generate(free.submit(take)).cost_usd is None


def test_a_run_pays_for_its_own_series_only(stage: Stage) -> None:
    """A claim is charged to the claiming run, which must be of the take's series."""
    other = stage.ledger.write(runs.begin_run, "another series", "e01", "snapshot", caps=Caps())
    with pytest.raises(LedgerError, match="cannot pay"):
        Stage(stage.ledger, other).claim(stage.planned())


def test_holds_lease_by_the_databases_clock(stage: Stage) -> None:
    """Only the owner holds the lease, only while it lasts, and only for as long as it needs it."""
    take = stage.planned()
    assert not stage.ledger.read(claims.holds_lease, take.id, "ann", for_at_least=OVER)
    stage.claim(take, lease=MINUTE)
    assert stage.ledger.read(claims.holds_lease, take.id, "ann", for_at_least=timedelta(seconds=30))
    assert not stage.ledger.read(claims.holds_lease, take.id, "ann", for_at_least=timedelta(seconds=90))
    assert not stage.ledger.read(claims.holds_lease, take.id, "bob", for_at_least=OVER)
    stage.submit(take)
    assert not stage.ledger.read(claims.holds_lease, take.id, "ann", for_at_least=OVER)


def test_proof_that_nothing_was_sent_frees_everything(stage: Stage) -> None:
    """A refused connection puts the take back as it was, with its money free and its order forgotten."""
    take = stage.submitting()
    assert stage.ledger.write(claims.not_sent, take.id, "ann", "connection refused")

    now = stage.now(take)
    assert (now.state, now.fingerprint, now.owner, now.submitted_at) == (TakeState.PLANNED, None, None, None)
    assert stage.budget("series") == (0, 0)
    assert isinstance(stage.claim(take), Claimed)
    audit(stage.ledger)


def test_only_the_owner_speaks_for_its_order(stage: Stage) -> None:
    """Another process can neither free, nor lose, nor fail an order that it did not send."""
    take = stage.submitting()
    assert not stage.ledger.write(claims.not_sent, take.id, "bob", "it was me")
    assert not stage.ledger.write(claims.outcome_unknown, take.id, "bob", "it was me")
    assert not stage.ledger.write(settlement.refused_at_create, take.id, "bob", code="400", words="", refused=False)
    assert stage.now(take) == take


def test_a_lost_answer_keeps_its_money(stage: Stage) -> None:
    """Unknown is not free: the reservation stays until somebody settles it."""
    take = stage.unknown()
    assert take.state is TakeState.UNKNOWN
    assert take.owner == "ann", "whoever may still answer is remembered"
    assert stage.budget("series") == (0, 1)
    assert not stage.ledger.write(claims.outcome_unknown, take.id, "ann", "again"), "said once"
    audit(stage.ledger)


def test_a_lost_answer_says_why_until_it_is_found(stage: Stage) -> None:
    """What the vendor said last stands beside an unknown take, and not beside one that went on."""
    take = stage.unknown()
    assert (take.error_code, take.error_message) == ("unknown_outcome", "the connection broke")
    stage.ledger.write(jobs.adopt, take.id, "job-7", "found in the list")
    found = stage.now(take)
    assert (found.state, found.error_code, found.error_message) == (TakeState.SUBMITTED, None, None)


def test_leases_that_ran_out_are_unknown(stage: Stage) -> None:
    """A claim of a process that died becomes unknown once its lease is over, and not before."""
    dead, alive = stage.open(want(), want(ordinal=1))
    stage.claim(dead, lease=OVER)
    stage.claim(alive, lease=MINUTE)

    assert stage.ledger.write(claims.expire_leases, SERIES) == (dead.id,)

    assert stage.now(dead).state is TakeState.UNKNOWN
    assert stage.now(alive).state is TakeState.SUBMITTING
    assert stage.ledger.write(claims.expire_leases, SERIES) == ()
    audit(stage.ledger)


def test_proof_that_comes_after_the_lease_is_still_proof(stage: Stage) -> None:
    """A machine that slept through its lease and then learns that nothing was sent needs no person."""
    take = stage.planned()
    stage.claim(take, lease=OVER)
    stage.ledger.write(claims.expire_leases, SERIES)

    assert not stage.ledger.write(claims.not_sent, take.id, "bob", "not mine to say")
    assert stage.ledger.write(claims.not_sent, take.id, "ann", "429")
    assert stage.now(take).state is TakeState.PLANNED
    audit(stage.ledger)
