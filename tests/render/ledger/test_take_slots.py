"""Opening takes once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from render.errors import LedgerConflict
from render.ledger import Rival, RunId, settlement, take_slots
from render.ledger.records import WRITTEN_OFF
from storyboard.takes import CLIP_DAMAGED, TakeState
from tests.render.ledger.stage import SHOT, Stage, audit, clip, want


def test_takes_are_opened_once_a_run(stage: Stage) -> None:
    """Asked again, a run gets the takes it has, whatever became of them: no retry buys a second one."""
    wants = [want(), want(ordinal=1), want("e01/lamp/020")]
    takes = stage.open(*wants)
    stage.finish(takes[0])
    stage.claim(takes[1])

    again = stage.open(*wants)

    assert [take.id for take in again] == [take.id for take in takes]
    assert [take.state for take in again] == [TakeState.DONE, TakeState.SUBMITTING, TakeState.PLANNED]
    assert [(take.shot, take.number, take.ordinal) for take in again] == [
        (SHOT, 1, 0),
        (SHOT, 2, 1),
        ("e01/lamp/020", 1, 0),
    ]


@pytest.mark.parametrize("state", ["planned", "submitting", "submitted", "generated"])
def test_an_unfinished_take_is_taken_up_by_the_next_run(stage: Stage, state: str) -> None:
    """What a dead run began is gone on with, not bought again."""
    take = getattr(stage, state)()
    later = stage.another_run()
    assert later.open(want()) == (take,)
    assert later.open(want()) == (take,), "also when asked again"


def test_a_lost_order_is_taken_up_too(stage: Stage) -> None:
    """A run that asks for what may exist is shown the unknown take, not given a new one."""
    take = stage.unknown()
    assert stage.another_run().open(want()) == (take,)


@pytest.mark.parametrize("state", ["done", "failed"])
def test_an_ended_take_is_not_taken_up(stage: Stage, state: str) -> None:
    """Whoever asks for a take after the last one ended gets a new one."""
    take = stage.submitted()
    if state == "failed":
        stage.ledger.write(settlement.failed, take.id, code="x", words="", charged=False)
    else:
        stage.generate(take)
        stage.ledger.write(settlement.done, take.id, clip())
    new = stage.another_run().open(want())[0]
    assert new.id != take.id
    assert (new.state, new.number) == (TakeState.PLANNED, 2)


def test_one_unfinished_take_serves_one_want(stage: Stage) -> None:
    """Two shots that read the same are still two takes."""
    stage.planned()
    later = stage.another_run()
    first, second = later.open(want(), replace(want("e01/lamp/020"), wish=want().wish))
    assert first.id != second.id
    assert first.shot == SHOT


def test_a_renamed_scene_buys_nothing_again(stage: Stage) -> None:
    """A wish that is on its way under another key is taken up under the new one, and circled there."""
    take = stage.submitted("e01/old/010")
    later = stage.another_run()

    assert later.open(want("e01/new/010", wish=take.wish)) == (take,)

    stage.generate(take)
    stage.ledger.write(settlement.done, take.id, clip())
    assert stage.circled("e01/new/010") == take.id


def test_a_shots_own_take_is_taken_up_before_anothers(stage: Stage) -> None:
    """Where two shots read the same, each goes on with its own."""
    a, b = stage.open(want("e01/a/1", wish="same"), want("e01/b/1", wish="same"))
    later = stage.another_run()
    assert [take.id for take in later.open(want("e01/b/1", wish="same"), want("e01/a/1", wish="same"))] == [b.id, a.id]


def test_what_is_nearest_to_its_end_is_taken_up_first(stage: Stage) -> None:
    """Paid work before unpaid."""
    planned, submitted = stage.open(want(ordinal=0), replace(want(ordinal=1), variation=0))
    stage.claim(submitted)
    stage.submit(submitted)
    assert stage.another_run().open(want())[0].id == submitted.id
    assert planned.state is TakeState.PLANNED


@pytest.mark.parametrize("change", [{"wish": "another"}, {"variation": 5}, {"account": "other"}])
def test_another_wish_variation_or_vendor_is_another_take(stage: Stage, change: dict[str, object]) -> None:
    """Only the same work at the same till is gone on with."""
    take = stage.submitted()
    new = stage.another_run().open(replace(want(), **change))[0]  # type: ignore[arg-type]
    assert new.id != take.id
    assert new.number == 2


def test_a_planned_take_follows_the_model_that_is_wanted_now(stage: Stage) -> None:
    """Nothing was sent yet, so the take is for today's model; one that was sent stays what it is."""
    planned, sent = stage.planned("e01/a/1"), stage.submitted("e01/a/2")
    later = stage.another_run()
    now = later.open(replace(want("e01/a/1"), model="acme-2"), replace(want("e01/a/2"), model="acme-2"))
    assert [(take.id, take.model) for take in now] == [(planned.id, "acme-2"), (sent.id, "acme-1")]


def test_planned_takes_of_an_edited_shot_are_cancelled(stage: Stage) -> None:
    """Nobody will send them any more; what was sent goes on."""
    old, sent = stage.open(want(wish="old"), want(ordinal=1, wish="old"))
    elsewhere = stage.planned("e01/other/1")
    stage.claim(sent)

    stage.another_run().open(want(wish="new"))

    assert stage.now(old).state is TakeState.CANCELLED
    assert stage.now(old).error_code == "superseded"
    assert stage.now(sent).state is TakeState.SUBMITTING
    assert stage.now(elsewhere).state is TakeState.PLANNED
    audit(stage.ledger)


def test_a_new_take_is_the_next_variation(stage: Stage) -> None:
    """A deliberate retake asks for the same wish once more, under a number nobody has."""
    stage.finish(stage.open(want(), want(ordinal=1))[1])
    stage.finish(stage.planned())
    later = stage.another_run()
    new, newer = later.open(want(new=True), want(ordinal=1, new=True))
    assert [(take.variation, take.asked_for) for take in (new, newer)] == [(2, True), (3, True)]
    assert [take.id for take in later.open(want(new=True), want(ordinal=1, new=True))] == [new.id, newer.id]


@pytest.mark.parametrize("state", ["planned", "submitted", "generated"])
def test_a_new_take_that_was_cut_short_is_gone_on_with(stage: Stage, state: str) -> None:
    """`--new-take` after a crash finishes the new take; it does not buy two."""
    stage.done()
    first = stage.another_run()
    take = first.open(want(new=True))[0]
    if state != "planned":
        first.claim(take)
        first.submit(take)
    if state == "generated":
        first.generate(take)

    again = first.another_run().open(want(new=True))[0]

    assert again.id == take.id
    assert again.asked_for


def test_an_ordinary_take_on_its_way_becomes_the_new_take(stage: Stage) -> None:
    """Asked for a new take while one is being made: that one is new, and takes the circle."""
    take = stage.submitted()
    resumed = stage.another_run().open(want(new=True))[0]
    assert (resumed.id, resumed.asked_for) == (take.id, True)


def test_a_lost_order_does_not_stand_in_for_a_new_take(stage: Stage) -> None:
    """A person who asks for a new take gets one."""
    lost = stage.unknown()
    new = stage.another_run().open(want(new=True))[0]
    assert (new.id != lost.id, new.variation) == (True, 1)


def test_a_new_take_gives_up_what_came_damaged_and_nothing_else(stage: Stage) -> None:
    """In one step with its opening, however often it is asked for; one that came whole meanwhile stays as it is."""
    bad, good = stage.generated(), stage.generated(ordinal=1)
    for take in (bad, good):
        stage.ledger.write(settlement.undelivered, take.id, code=CLIP_DAMAGED, words="it is cut off")
    stage.ledger.write(settlement.done, good.id, clip())
    asked = replace(want(new=True), gives_up=(bad.id, good.id))
    later = stage.another_run()
    (new,) = later.open(asked)
    assert later.open(asked) == (new,)
    assert (new.state, new.variation) == (TakeState.PLANNED, 2)
    assert (stage.now(bad).state, stage.now(bad).error_code) == (TakeState.FAILED, WRITTEN_OFF)
    assert stage.now(good).state is TakeState.DONE
    assert stage.budget("series") == (2, 0)
    audit(stage.ledger)


def test_a_damaged_take_goes_on_for_an_ordinary_want_alone(stage: Stage) -> None:
    """It is fetched again, and does not stand in for a new one."""
    take = stage.generated()
    stage.ledger.write(settlement.undelivered, take.id, code=CLIP_DAMAGED, words="it is cut off")
    assert [each.id for each in stage.another_run().open()] == [take.id]
    assert [each.id for each in stage.another_run().open(want(new=True))] != [take.id]


def test_a_failover_gets_a_take_of_its_own(stage: Stage) -> None:
    """A further place in the same run never takes up what the run already has."""
    first = stage.planned()
    second = stage.open(replace(want(ordinal=1), variation=0))[0]
    assert second.id != first.id


@pytest.mark.parametrize("state", ["submitting", "submitted", "unknown", "generated", "done"])
def test_nothing_is_called_off_once_an_order_is_out(stage: Stage, state: str) -> None:
    """What was meant to be called off may have been sent a moment before: then no take of the shot changes."""
    out, beside = getattr(stage, state)("e01/a/1"), stage.planned("e01/a/2")
    assert not stage.ledger.write(take_slots.call_off, [beside.id, out.id], "another vendor is asked")
    assert (stage.now(out), stage.now(beside)) == (out, beside)


def test_a_take_that_gave_way_stands_where_the_other_one_stands(stage: Stage) -> None:
    """The very same order is out in the other's name."""
    first, second = stage.planned("e01/a/1"), stage.planned("e01/a/2")
    stage.claim(first)
    assert isinstance(stage.claim(second, fingerprint=f"order {first.id}"), Rival)
    assert not stage.ledger.write(take_slots.call_off, [second.id], "another vendor is asked")


def test_what_was_never_sent_is_called_off_for_nothing(stage: Stage) -> None:
    """What ended before does not stand in the way."""
    failed, planned = stage.submitted("e01/a/1"), stage.planned("e01/a/2")
    stage.ledger.write(settlement.failed, failed.id, code="quota", words="", charged=False)
    assert stage.ledger.write(take_slots.call_off, [failed.id, planned.id], "another vendor is asked")
    assert stage.now(failed).state is TakeState.FAILED
    assert (stage.now(planned).state, stage.now(planned).error_code) == (TakeState.CANCELLED, "cancelled")


def test_a_run_must_have_begun(stage: Stage) -> None:
    """Takes belong to a run that is written down."""
    with pytest.raises(LedgerConflict, match="no run"):
        stage.ledger.write(take_slots.open_takes, RunId("nobody"), [want()])
