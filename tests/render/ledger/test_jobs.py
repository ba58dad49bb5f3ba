"""The vendor's job id is written the moment it is known."""

from __future__ import annotations

from datetime import timedelta

import pytest

from render.errors import LedgerConflict
from render.ledger import claims, holds, jobs, queries, settlement
from storyboard.takes import TakeState
from tests.render.ledger.stage import ACCOUNT, SERIES, Stage, audit, want


def test_a_named_job_is_submitted(stage: Stage) -> None:
    """From here on anybody can carry the take to its end: the lease is over with."""
    take = stage.submitting()
    jobs.record_job(stage.ledger, take.id, "job-7", "pending")

    now = stage.now(take)
    assert (now.state, now.job_id, now.owner) == (TakeState.SUBMITTED, "job-7", None)
    assert stage.ledger.read(queries.unfinished, SERIES) == (now,)
    assert stage.ledger.read(queries.events, take.id)[-1].words == "pending"
    audit(stage.ledger)


def test_naming_a_job_twice_changes_nothing(stage: Stage) -> None:
    """A repeated answer is not news."""
    take = stage.submitted()
    events = stage.ledger.read(queries.events, take.id)
    jobs.record_job(stage.ledger, take.id, take.job_id or "")
    assert stage.ledger.read(queries.events, take.id) == events


def test_a_job_named_after_the_lease_ends_the_uncertainty(stage: Stage) -> None:
    """The answer to a slow create is as good as a quick one."""
    take = stage.planned()
    stage.claim(take, lease=timedelta(0))
    stage.ledger.write(claims.expire_leases, SERIES)

    jobs.record_job(stage.ledger, take.id, "job-7")

    assert stage.now(take).state is TakeState.SUBMITTED
    assert stage.ledger.read(queries.alarms) == ()
    assert stage.budget("series") == (0, 1), "still reserved"
    audit(stage.ledger)


def test_a_job_of_a_take_that_was_never_sent_is_carried_on_with_an_alarm(stage: Stage) -> None:
    """Where "nothing was sent" proves wrong, the job is not lost, and the take is not sent again."""
    take = stage.submitting()
    stage.ledger.write(claims.not_sent, take.id, "ann", "429")

    jobs.record_job(stage.ledger, take.id, "job-7")

    assert stage.now(take).state is TakeState.SUBMITTED
    assert "although nothing was said to be sent" in stage.ledger.read(queries.alarms)[0].words
    stage.generate(take, cost="0.40")
    assert [float(usd) for usd in stage.budget("day")] == [0.4, 0], "and its cost counts"
    audit(stage.ledger)


def test_a_job_of_a_settled_take_is_written_and_raises_an_alarm(stage: Stage) -> None:
    """A late id on an ended take may be a charge: a person must look."""
    take = stage.unknown()
    stage.ledger.write(settlement.settle_unknown, take.id, "support says so", charged=False)

    jobs.record_job(stage.ledger, take.id, "job-7")

    assert (stage.now(take).state, stage.now(take).job_id) == (TakeState.FAILED, "job-7")
    alarm = stage.ledger.read(queries.alarms)[0]
    assert (alarm.take, alarm.account, alarm.stops_claims) == (take.id, ACCOUNT, False)
    stage.claim(stage.planned("e01/b/1"))
    stage.ledger.write(holds.acknowledge, ACCOUNT)
    assert stage.ledger.read(queries.alarms) == ()


def test_a_second_job_of_one_take_raises_an_alarm(stage: Stage) -> None:
    """Both ids are on record; the first one stays the take's."""
    take = stage.submitted()
    jobs.record_job(stage.ledger, take.id, "job-8")
    assert stage.now(take).job_id == take.job_id
    assert "a second job job-8" in stage.ledger.read(queries.alarms)[0].words


def test_a_job_of_another_take_is_never_taken_silently(stage: Stage) -> None:
    """A vendor that answers two orders with one job leaves the second order's outcome unknown, loudly."""
    first, second = stage.open(want(), want(ordinal=1))
    for take in (first, second):
        stage.claim(take)
    jobs.record_job(stage.ledger, first.id, "job-7")

    with pytest.raises(LedgerConflict, match=f"belongs to take {first.id}"):
        jobs.record_job(stage.ledger, second.id, "job-7")

    assert stage.now(second).state is TakeState.UNKNOWN
    assert len(stage.ledger.read(queries.alarms)) == 1
    audit(stage.ledger)


def test_the_same_job_id_at_two_vendors_is_two_jobs(stage: Stage) -> None:
    """Vendors number their jobs as they like."""
    here, there = stage.open(want(), want(ordinal=1, account="other"))
    for take in (here, there):
        stage.claim(take)
        jobs.record_job(stage.ledger, take.id, "1")
    assert {stage.now(take).state for take in (here, there)} == {TakeState.SUBMITTED}


def test_a_found_job_is_adopted(stage: Stage) -> None:
    """What a person or a search found goes on as if it had been answered."""
    take = stage.unknown()
    stage.ledger.write(jobs.adopt, take.id, "job-7", "found in the vendor's list")
    assert (stage.now(take).state, stage.now(take).job_id) == (TakeState.SUBMITTED, "job-7")
    audit(stage.ledger)


def test_only_unknown_takes_adopt_and_only_free_jobs(stage: Stage) -> None:
    """One job serves one take."""
    taken, lost = stage.submitted("e01/a/1"), stage.unknown("e01/a/2")
    with pytest.raises(LedgerConflict, match="already belongs to take"):
        stage.ledger.write(jobs.adopt, lost.id, taken.job_id or "", "")
    with pytest.raises(LedgerConflict, match="only an unknown take adopts"):
        stage.ledger.write(jobs.adopt, taken.id, "job-9", "")
    assert stage.now(lost).state is TakeState.UNKNOWN
