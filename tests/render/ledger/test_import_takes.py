"""Takes that come back from an archive."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from render.errors import LedgerError
from render.ledger import (
    Ledger,
    Rival,
    Take,
    TakeId,
    circles,
    claims,
    import_takes,
    jobs,
    open_ledger,
    queries,
    recipes,
    settlement,
)
from storyboard.shot import Caps
from storyboard.takes import Circle, TakeState
from tests.render.ledger.stage import SERIES, SHOT, Stage, audit, clip, want
from tests.thinning import one_in


@pytest.fixture
def archived(tmp_path: Path) -> Stage:
    """A ledger on another machine, with a finished take in it."""
    with open_ledger(f"sqlite:///{tmp_path / 'elsewhere.sqlite'}") as elsewhere:
        stage = Stage.begin(elsewhere)
        stage.done()
        yield stage


def test_a_take_comes_back_whole_and_is_charged_to_nobody(ledger: Ledger, archived: Stage) -> None:
    """Its clip is circled and reused, its cost is known, and no cap here pays for it."""
    take = archived.ledger.read(queries.takes, SERIES)[0]

    assert ledger.write(import_takes.import_take, SERIES, take) == take.id

    here = ledger.read(queries.take, take.id)
    assert (here.state, here.clip, here.fingerprint, here.job_id) == (
        TakeState.DONE,
        take.clip,
        take.fingerprint,
        take.job_id,
    )
    assert here.cost_usd == Decimal(1)
    assert (here.wish, here.variation, here.continuity, here.ended_at) == (
        take.wish,
        take.variation,
        take.continuity,
        take.ended_at,
    )
    assert ledger.read(queries.money, SERIES) == (0, 0)
    assert [circle.take for circle in ledger.read(queries.circles, SERIES)] == [take.id]
    assert ledger.read(queries.events, take.id)[0].words == "restored from an archive"


def test_a_restored_take_stands_in_the_way_of_paying_again(ledger: Ledger, archived: Stage) -> None:
    """The same order on the new machine is that take."""
    take = archived.ledger.read(queries.takes, SERIES)[0]
    ledger.write(import_takes.import_take, SERIES, take)
    stage = Stage.begin(ledger, Caps(series=Decimal(5)))
    mine = stage.open(want())[0]
    rival = stage.claim(mine, fingerprint=take.fingerprint)
    assert rival.take == take.id
    assert stage.circled() == take.id


def test_restoring_twice_is_restoring_once(ledger: Ledger, archived: Stage) -> None:
    """By id or by fingerprint, what is here stays as it is."""
    take = archived.ledger.read(queries.takes, SERIES)[0]
    assert ledger.write(import_takes.import_take, SERIES, take) == take.id
    assert ledger.write(import_takes.import_take, SERIES, take) == take.id
    assert ledger.write(import_takes.import_take, SERIES, replace(take, id=TakeId("another id"))) == take.id
    assert len(ledger.read(queries.takes, SERIES)) == 1


def test_a_number_that_is_taken_here_gives_way(stage: Stage, archived: Stage) -> None:
    """Numbers are only shown; two takes of one shot never share one."""
    stage.done()
    take = archived.ledger.read(queries.takes, SERIES)[0]
    stage.ledger.write(import_takes.import_take, SERIES, take)
    assert [each.number for each in stage.ledger.read(queries.takes, SERIES, shot=SHOT)] == [1, 2]
    audit_without_money(stage)


def test_only_finished_takes_come_back(ledger: Ledger, archived: Stage) -> None:
    """A take without a clip is no use to anybody."""
    take = archived.ledger.read(queries.takes, SERIES)[0]
    with pytest.raises(LedgerError, match="only done takes come back"):
        ledger.write(import_takes.import_take, SERIES, replace(take, clip=None))


def audit_without_money(stage: Stage) -> None:
    """The restored take's cost is in no budget here; everything else must hold."""
    with pytest.raises(AssertionError, match="spent beside the takes"):
        audit(stage.ledger)


WISH, FINGERPRINT = "a wish", "an order"


@pytest.fixture
def good(archived: Stage) -> Take:
    """A take that the archive holds, with its job and the fingerprint of its order."""
    stage = archived.another_run()
    take = stage.open(want(wish=WISH))[0]
    stage.claim(take, fingerprint=FINGERPRINT)
    stage.generate(stage.submit(take))
    stage.ledger.write(settlement.done, take.id, clip(take.id))
    return stage.now(take)


def bring(ledger: Ledger, *good: Take, **more: Any) -> tuple[str, ...]:
    """Restore these takes, and the archive's choice of each for its shot."""
    chosen = [Circle(shot=take.shot, take=take.id) for take in good]
    return ledger.write(import_takes.import_takes, SERIES, good, chosen, snapshot="restored", **more)


def standing(stage: Stage, good: Take) -> Take:
    """The take that the shot's circle is on: it has the archive's clip, and is the only one that has."""
    circled = stage.now(stage.circled() or pytest.fail("nothing is circled"))
    assert circled.clip == good.clip
    assert [take.id for take in stage.ledger.read(queries.takes, SERIES) if take.clip == good.clip] == [circled.id]
    return circled


@one_in(3)
@pytest.mark.parametrize("state", ["planned", "submitting", "unknown", "submitted", "generated"])
def test_an_order_that_is_out_stays_and_the_archives_clip_serves(stage: Stage, good: Take, state: str) -> None:
    """Of the very same order, however far it is here: it keeps its money and its job, and is followed to its end."""
    mine = stage.open(want(wish=WISH))[0]
    if state != "planned":
        stage.claim(mine, fingerprint=FINGERPRINT)
    if state == "unknown":
        stage.ledger.write(claims.outcome_unknown, mine.id, "ann", "the connection broke")
    if state in {"submitted", "generated"}:
        mine = stage.submit(mine)
    if state == "generated":
        stage.generate(mine)
    before = stage.now(mine)

    assert bring(stage.ledger, good) == ()

    assert stage.now(mine) == before
    came = standing(stage, good)
    assert came.fingerprint == (FINGERPRINT if state == "planned" else None)
    audit_without_money(stage)
    assert bring(stage.ledger, good) == ()
    assert standing(stage, good) == came


def test_a_clip_is_known_again_whatever_else_is_known_of_it(stage: Stage, good: Take) -> None:
    """A later version may look closer at a clip than the one that brought it back."""
    bring(stage.ledger, good)
    assert good.clip is not None
    closer = replace(good, id=TakeId("another id"), fingerprint=None, clip=replace(good.clip, audio_channels=2))
    assert bring(stage.ledger, closer) == ()
    assert len(stage.ledger.read(queries.takes, SERIES)) == 1


def test_an_order_that_was_begun_here_gives_way_before_it_is_sent(stage: Stage, good: Take) -> None:
    """Whoever opened it may still claim it: the claim finds the archive's take, and nothing is ordered."""
    mine = stage.open(want(wish=WISH))[0]
    bring(stage.ledger, good)
    assert stage.claim(mine, fingerprint=FINGERPRINT) == Rival(standing(stage, good).id)
    assert stage.budget("series") == (0, 0)


def test_a_take_that_failed_here_hides_no_good_clip(stage: Stage, good: Take) -> None:
    """Of the same id and the same job: it stays failed and paid for, and the archive's clip comes in beside it."""
    mine = stage.open(want(wish=WISH))[0]
    stage.claim(mine, fingerprint=FINGERPRINT)
    stage.generate(stage.submit(mine))
    stage.ledger.write(settlement.clip_lost, mine.id, "the vendor keeps clips for a week")
    lost = stage.now(mine)
    good = replace(good, id=lost.id, run=lost.run, job_id=lost.job_id)

    assert bring(stage.ledger, good) == ()

    assert stage.now(mine) == lost
    came = standing(stage, good)
    assert (came.job_id, came.fingerprint, came.cost_usd) == (None, FINGERPRINT, good.cost_usd)
    assert stage.budget("series") == (lost.cost_usd, 0)
    assert bring(stage.ledger, good) == ()
    assert standing(stage, good) == came


def test_a_job_that_another_take_has_stays_that_takes(stage: Stage, good: Take) -> None:
    """A job is never two takes': the archive's take comes in without it, whosever series the other is of."""
    other = stage.submitting("e01/other/010")
    jobs.record_job(stage.ledger, other.id, good.job_id or "")
    assert bring(stage.ledger, good) == ()
    assert standing(stage, good).job_id is None
    assert stage.now(other).job_id == good.job_id


def test_an_id_and_a_run_of_another_series_are_not_this_ones(stage: Stage, good: Take) -> None:
    """A take is not taken for one that only has its name, nor charged to a run that made something else."""
    elsewhere = replace(good, series="harbour", job_id="job-harbour", clip=clip("harbour"))
    stage.ledger.write(import_takes.import_takes, "harbour", [elsewhere], [], snapshot="harbour")
    assert bring(stage.ledger, good) == ()
    came = standing(stage, good)
    assert came.id != good.id
    assert came.run != good.run
    assert stage.ledger.read(queries.take, good.id).series == "harbour"


def test_a_place_that_is_taken_in_its_run_is_not_taken_twice(stage: Stage, good: Take) -> None:
    """A run has one take in one place; a stranger's take in the same place gets a run of its own."""
    mine = stage.done()
    forged = replace(good, run=stage.run, shot=mine.shot, ordinal=mine.ordinal)
    assert stage.ledger.write(import_takes.import_takes, SERIES, [forged], [], snapshot="restored") == ()
    (came,) = (take for take in stage.ledger.read(queries.takes, SERIES) if take.clip == forged.clip)
    assert came.run != stage.run


def test_an_id_of_another_wish_is_another_take(stage: Stage, good: Take) -> None:
    """What a shot is served by is what was wanted of it, never what a stranger calls it."""
    mine = stage.done()
    assert bring(stage.ledger, replace(good, id=mine.id, shot="e01/lamp/020")) == ()
    assert stage.circled("e01/lamp/020") != mine.id


def test_whose_word_a_choice_is_comes_back_too(ledger: Ledger, good: Take) -> None:
    """What a person decided stays a person's, and what nobody decided does not become a person's."""
    chosen = [
        Circle(shot=good.shot, take=good.id, by_person=True),
        Circle(shot="e01/lamp/020", take=None, by_person=False),
        Circle(shot="e01/lamp/030", take=None, by_person=True),
    ]
    ledger.write(import_takes.import_takes, SERIES, [good], chosen, snapshot="restored")
    assert sorted(ledger.read(queries.circles, SERIES), key=lambda circle: circle.shot) == chosen


def test_a_take_without_a_choice_is_circled_where_nothing_else_is(stage: Stage, good: Take) -> None:
    """Else a run would wait for what it began of the same shot, and order it."""
    stage.open(want(wish=WISH))
    assert stage.ledger.write(import_takes.import_takes, SERIES, [good], [], snapshot="restored") == ()
    assert standing(stage, good).id == good.id


def test_what_was_rejected_here_stays_so(stage: Stage, good: Take) -> None:
    """Also where the archive's choices are asked for: it says which shot it left alone."""
    bring(stage.ledger, good)
    stage.ledger.write(circles.reject, good.id)
    assert bring(stage.ledger, good, choices=True) == (good.shot,)
    assert stage.circled() is None
    by_person = [Circle(shot=good.shot, take=good.id, by_person=True)]
    assert (
        stage.ledger.write(import_takes.import_takes, SERIES, [good], by_person, snapshot="restored", choices=True)
        == ()
    )
    assert stage.circled() == good.id


def test_what_links_gave_comes_with_the_takes_or_not_at_all(ledger: Ledger, good: Take) -> None:
    """What is known here stays; and where the takes cannot come, nothing is learnt either."""
    first, new = f"link:{'a' * 64}", f"link:{'b' * 64}"
    ledger.write(recipes.remember_derived, first, "2" * 64)
    gave = {first: "1" * 64, new: "1" * 64}
    with pytest.raises(LedgerError):
        ledger.write(
            import_takes.import_takes,
            SERIES,
            [good, replace(good, id=TakeId("x"), clip=None)],
            [],
            gave,
            snapshot="restored",
        )
    assert (ledger.read(queries.derived, new), ledger.read(queries.takes, SERIES)) == (None, ())
    ledger.write(import_takes.import_takes, SERIES, [good], [], gave, snapshot="restored")
    assert (ledger.read(queries.derived, first), ledger.read(queries.derived, new)) == ("2" * 64, "1" * 64)
