"""Nobody's choice is lost without being told: what a person decides about is what they saw, or nothing happens."""

from __future__ import annotations

import pytest

from render.errors import ChoiceChanged, LedgerConflict
from render.ledger import changes, circles, holds, notes, queries, settlement
from render.ledger.choices import UNDECIDED, Choice, Seen, choice_of, choices
from tests.render.ledger.stage import SERIES, SHOT, Stage, want


def seen(stage: Stage) -> Seen:
    """What a person sees now."""
    choice = stage.ledger.read(choice_of, SERIES, SHOT)
    return Seen(SHOT, UNDECIDED if choice is None else choice.version)


def two_done(stage: Stage) -> list[str]:
    """Two good takes of the shot, of which the first is circled by itself."""
    takes = stage.open(want(), want(ordinal=1))
    for take in takes:
        stage.finish(take)
    return [take.id for take in takes]


def test_a_choice_stands_where_nobody_chose_since(stage: Stage) -> None:
    """Each decision about the one before it."""
    _first, second = two_done(stage)
    stage.ledger.write(circles.circle, SERIES, SHOT, second, by_person=True, by="Ann", seen=seen(stage))
    assert stage.circled() == second
    stage.ledger.write(circles.waive, SERIES, SHOT, "no storm", seen=seen(stage))
    stage.ledger.write(circles.unwaive, SERIES, SHOT, seen=seen(stage))
    stage.ledger.write(circles.reject, second, "too dark", by="Ann", seen=seen(stage))
    assert stage.circled() is None or stage.circled() != second


@pytest.mark.parametrize("deed", ["circle", "reject", "waive", "unwaive"])
def test_who_decides_about_what_somebody_changed_is_told_who_and_what(stage: Stage, deed: str) -> None:
    """Rosa was faster than Ann; what Rosa chose stays, and Ann's note is not written either."""
    first, second = two_done(stage)
    before = seen(stage)
    stage.ledger.write(circles.circle, SERIES, SHOT, second, by_person=True, by="Rosa", seen=before)
    write = stage.ledger.write
    deeds = {
        "circle": lambda: write(circles.circle, SERIES, SHOT, first, by_person=True, by="Ann", seen=before),
        "reject": lambda: write(circles.reject, second, "too dark", by="Ann", seen=before),
        "waive": lambda: write(circles.waive, SERIES, SHOT, "no storm", seen=before),
        "unwaive": lambda: write(circles.unwaive, SERIES, SHOT, seen=before),
    }
    with pytest.raises(ChoiceChanged, match=f"Rosa circled take 2 of {SHOT} (just now|\\d+ seconds? ago)"):
        deeds[deed]()
    assert stage.circled() == second
    assert stage.ledger.read(queries.notes, SERIES) == ()


def test_a_run_that_circles_is_told_like_a_person(stage: Stage) -> None:
    """A page that saw no choice is out of date once a take came."""
    before = seen(stage)
    assert before.version == UNDECIDED
    first, _second = two_done(stage)
    with pytest.raises(ChoiceChanged, match="a run circled take 1"):
        stage.ledger.write(circles.circle, SERIES, SHOT, first, by_person=True, by="Ann", seen=before)


def test_a_waiver_and_a_choice_that_is_gone_are_told(stage: Stage) -> None:
    """With the reason, and where nothing is circled any more."""
    first, second = two_done(stage)
    before = seen(stage)
    stage.ledger.write(circles.waive, SERIES, SHOT, "Rosa: no storm")
    with pytest.raises(ChoiceChanged, match=r"was waived .* \(Rosa: no storm\)"):
        stage.ledger.write(circles.reject, first, seen=before)
    stage.ledger.write(circles.unwaive, SERIES, SHOT)
    for take in (first, second):
        stage.ledger.write(circles.reject, take)
    with pytest.raises(ChoiceChanged, match="nothing is circled"):
        stage.ledger.write(circles.waive, SERIES, SHOT, "", seen=before)


def test_the_same_choice_made_again_is_another_version(stage: Stage) -> None:
    """Somebody looked in between, and chose."""
    first, second = two_done(stage)
    before = seen(stage)
    for take in (second, first):
        stage.ledger.write(circles.circle, SERIES, SHOT, take, by_person=True)
    with pytest.raises(ChoiceChanged, match="somebody circled take 1"):
        stage.ledger.write(circles.waive, SERIES, SHOT, "", seen=before)


def test_all_choices_are_read_at_once(stage: Stage) -> None:
    """As pages show them."""
    first, _second = two_done(stage)
    (choice,) = stage.ledger.read(choices, SERIES).values()
    expected = Choice(shot=SHOT, take=first, number=1, by_person=False, waived=False, words="", at=choice.at)
    assert choice == expected
    assert stage.ledger.read(choices, "another") == {}


def test_a_hold_is_not_taken_from_who_holds(stage: Stage) -> None:
    """Two people hold and release by what they see."""
    stage.ledger.write(holds.hold, SERIES, "Rosa", "the bill", seen=holds.NOT_HELD)
    with pytest.raises(LedgerConflict, match="Rosa holds lighthouse since"):
        stage.ledger.write(holds.hold, SERIES, "Ann", "", seen=holds.NOT_HELD)
    held = stage.ledger.read(queries.held, SERIES)
    assert held is not None
    stage.ledger.write(holds.release, SERIES, seen=held.at.isoformat())
    with pytest.raises(LedgerConflict, match="was released meanwhile"):
        stage.ledger.write(holds.release, SERIES, seen=held.at.isoformat())


def test_a_take_is_settled_as_it_was_seen_or_not_at_all(stage: Stage) -> None:
    """Its money moves once."""
    take = stage.submitted()
    with pytest.raises(LedgerConflict, match="is submitted by now"):
        stage.ledger.write(settlement.settle_by_hand, take.id, charged=True, by="Ann", seen="unknown")
    stage.ledger.write(settlement.settle_by_hand, take.id, charged=False, by="Ann", seen="submitted")
    assert stage.ledger.read(queries.events, take.id)[-1].words == "not charged, by Ann's word"


def test_a_mark_changes_with_whatever_is_shown_and_names_the_shots(stage: Stage) -> None:
    """And with nothing else: pages are read anew when something moved."""
    before = stage.ledger.read(changes.mark, SERIES)
    assert stage.ledger.read(changes.mark, SERIES) == before
    first, second = two_done(stage)
    moves = (
        lambda: stage.ledger.write(circles.circle, SERIES, SHOT, second, by_person=True),
        lambda: stage.ledger.write(notes.add, first, "too dark", by="Ann"),
        lambda: stage.ledger.write(circles.waive, SERIES, SHOT, ""),
        lambda: stage.ledger.write(circles.unwaive, SERIES, SHOT),
    )
    assert stage.ledger.read(changes.changed_shots, SERIES, before) == {SHOT}
    for move in moves:
        before = stage.ledger.read(changes.mark, SERIES)
        move()
        assert stage.ledger.read(changes.mark, SERIES) != before
        assert stage.ledger.read(changes.changed_shots, SERIES, before) == {SHOT}
    before = stage.ledger.read(changes.mark, SERIES)
    stage.ledger.write(holds.hold, SERIES, "Ann", "")
    assert stage.ledger.read(changes.mark, SERIES) != before
    assert stage.ledger.read(changes.changed_shots, SERIES, before) == set()
