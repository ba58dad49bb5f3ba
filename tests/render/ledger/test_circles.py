"""Which take the cut uses."""

from __future__ import annotations

from dataclasses import replace

import pytest

from render.errors import LedgerConflict
from render.ledger import circles, claims, queries, settlement
from storyboard.request import FrameId
from storyboard.takes import Circle
from tests.render.ledger.stage import SERIES, SHOT, Stage, want

FRAME, OTHER_FRAME = FrameId("a" * 64, 47), FrameId("b" * 64, 47)


def test_the_first_good_take_is_circled(stage: Stage) -> None:
    """A failed take is no choice."""
    bad = stage.submitted()
    stage.ledger.write(settlement.failed, bad.id, code="x", words="", charged=False)
    assert stage.circled() is None
    good = stage.another_run().done()
    assert stage.ledger.read(queries.circles, SERIES) == (Circle(shot=SHOT, take=good.id, by_person=False),)


def test_of_takes_opened_together_the_lowest_number_is_circled_once_all_ended(stage: Stage) -> None:
    """Which one arrives first says nothing about which one is used."""
    first, second, third = stage.open(want(), want(ordinal=1), want(ordinal=2))
    stage.finish(third)
    stage.finish(second)
    assert stage.circled() is None, "the first may still come"
    stage.claim(first)
    stage.ledger.write(settlement.refused_at_create, first.id, "ann", code="400", words="", refused=False)
    assert stage.circled() == second.id


def test_a_lost_order_does_not_keep_the_others_from_being_used(stage: Stage) -> None:
    """An unknown take may wait for a person for days."""
    first, second = stage.open(want(), want(ordinal=1))
    stage.claim(first)
    stage.ledger.write(claims.outcome_unknown, first.id, "ann", "time-out")
    stage.finish(second)
    assert stage.circled() == second.id


def test_a_run_that_stops_early_circles_the_best_it_has(stage: Stage) -> None:
    """Where a budget left takes unmade, the shot is not left without a choice."""
    _first, second = stage.open(want(), want(ordinal=1))
    stage.finish(second)
    assert stage.circled() is None
    assert stage.ledger.write(circles.circle_best, stage.run, SHOT) == second.id
    assert stage.ledger.write(circles.circle_best, stage.run, "e01/nothing/1") is None


def test_a_later_take_does_not_take_the_circle(stage: Stage) -> None:
    """What was approved by use stays."""
    first = stage.done()
    later = stage.another_run()
    second = later.open(replace(want(), variation=1))[0]
    later.finish(second)
    assert stage.circled() == first.id


def test_a_take_that_was_asked_for_takes_the_circle(stage: Stage) -> None:
    """`--new-take` means: use this one, even in place of one that a person circled before."""
    first = stage.done()
    stage.ledger.write(circles.circle, SERIES, SHOT, first.id, by_person=True)
    later = stage.another_run()
    new = later.finish(later.open(want(new=True))[0])
    assert stage.circled() == new.id


def test_a_person_who_decides_after_asking_has_the_last_word(stage: Stage) -> None:
    """A circle put while the new take was on its way stays where it was put."""
    first = stage.done()
    later = stage.another_run()
    new = later.open(want(new=True))[0]
    stage.ledger.write(circles.circle, SERIES, SHOT, first.id, by_person=True)
    later.finish(new)
    assert stage.circled() == first.id


def test_an_edited_shot_uses_its_new_take(stage: Stage) -> None:
    """A circle that nobody chose follows the storyboard; one that a person chose stays."""
    stage.done()
    chosen = stage.done("e01/b/1")
    stage.ledger.write(circles.circle, SERIES, "e01/b/1", chosen.id, by_person=True)
    later = stage.another_run()
    edited, beside = later.open(want(wish="edited"), want("e01/b/1", wish="edited too"))
    later.finish(edited)
    later.finish(beside)
    assert stage.circled() == edited.id
    assert stage.circled("e01/b/1") == chosen.id


def test_a_take_made_on_a_new_frame_replaces_the_stale_one(stage: Stage) -> None:
    """The same wish on another continuity frame is what the cut needs now."""
    stage.finish(stage.planned(), continuity=FRAME)
    later = stage.another_run()
    fresh = later.finish(later.open(want())[0], continuity=OTHER_FRAME)
    assert stage.circled() == fresh.id


def test_an_old_order_that_arrives_late_does_not_undo_an_edit(stage: Stage) -> None:
    """A take of yesterday's storyboard, carried to its end today, is kept and not used."""
    old = stage.submitted()
    later = stage.another_run()
    new = later.finish(later.open(want(wish="edited"))[0])
    stage.generate(old)
    stage.ledger.write(settlement.done, old.id, new.clip or pytest.fail("no clip"))
    assert stage.circled() == new.id


def test_a_rejected_take_gives_its_circle_to_the_next_good_one(stage: Stage) -> None:
    """Of the same wish and frame, in order; without one the shot has no circle."""
    first, second, third = stage.open(want(), want(ordinal=1), want(ordinal=2))
    stage.finish(first, continuity=FRAME)
    stage.finish(second, continuity=OTHER_FRAME)
    stage.finish(third, continuity=FRAME)
    assert stage.circled() == first.id

    stage.ledger.write(circles.reject, first.id)
    assert stage.circled() == third.id
    assert stage.now(first).rejected
    stage.ledger.write(circles.reject, first.id)

    stage.ledger.write(circles.reject, third.id)
    assert stage.circled() is None
    new = stage.another_run()
    assert stage.circled() is None
    made = new.finish(new.open(replace(want(), variation=7))[0])
    assert stage.circled() == made.id, "after a rejection the next good take is the first good one"


def test_a_person_may_change_their_mind(stage: Stage) -> None:
    """Circling a rejected take makes it good again; the program itself never does."""
    take = stage.done()
    stage.ledger.write(circles.reject, take.id)
    with pytest.raises(LedgerConflict, match="is rejected"):
        stage.ledger.write(circles.circle, SERIES, SHOT, take.id, by_person=False)
    stage.ledger.write(circles.circle, SERIES, SHOT, take.id, by_person=True)
    assert stage.ledger.read(queries.circles, SERIES) == (Circle(shot=SHOT, take=take.id, by_person=True),)
    assert not stage.now(take).rejected


@pytest.mark.parametrize("state", ["planned", "submitted", "generated", "unknown"])
def test_only_takes_with_a_clip_are_chosen(stage: Stage, state: str) -> None:
    """The cut cannot use what is not there."""
    take = getattr(stage, state)()
    with pytest.raises(LedgerConflict, match="only a take that is done can be circled"):
        stage.ledger.write(circles.circle, SERIES, SHOT, take.id, by_person=True)
    with pytest.raises(LedgerConflict, match="only a take that is done can be rejected"):
        stage.ledger.write(circles.reject, take.id)


def test_a_take_is_circled_in_its_own_series(stage: Stage) -> None:
    """Series share nothing but the ledger."""
    with pytest.raises(LedgerConflict, match="is of series 'lighthouse'"):
        stage.ledger.write(circles.circle, "another", SHOT, stage.done().id, by_person=True)


def test_a_waived_shot_comes_back_as_it_was(stage: Stage) -> None:
    """Waiving hides the circle; taking it back shows it again."""
    take = stage.done()
    stage.ledger.write(circles.waive, SERIES, SHOT, "cut for length")
    assert stage.ledger.read(queries.circles, SERIES) == (Circle(shot=SHOT, take=None, by_person=True),)
    stage.ledger.write(circles.unwaive, SERIES, SHOT)
    assert stage.circled() == take.id


def test_a_shot_waived_before_it_was_made_has_no_circle_after(stage: Stage) -> None:
    """Nothing was there to come back."""
    stage.ledger.write(circles.waive, SERIES, SHOT, "")
    stage.ledger.write(circles.unwaive, SERIES, SHOT)
    stage.ledger.write(circles.unwaive, SERIES, SHOT)
    assert stage.ledger.read(queries.circles, SERIES) == ()


def test_a_late_take_does_not_bring_a_waived_shot_back(stage: Stage) -> None:
    """Only a person does, by asking for a new take or by unwaiving."""
    take = stage.planned()
    stage.ledger.write(circles.waive, SERIES, SHOT, "")
    stage.finish(take)
    assert stage.circled() is None
    later = stage.another_run()
    new = later.finish(later.open(want(new=True))[0])
    assert stage.circled() == new.id
