"""What is asked about some shots is all of them, all that they use, and nothing of the rest of their series."""

from __future__ import annotations

from render.ledger import Order, circles, claims, queries, shot_queries
from tests.render.ledger.stage import SERIES, SHOT, Stage, want

OTHER, THIRD = "e02/shore/010", "e03/shore/010"


def test_takes_of_shots_are_their_own_and_those_that_they_use_or_gave_way_to(stage: Stage) -> None:
    """A circle on another shot's take brings that take along, and so does an order that another take stands for."""
    own, theirs = stage.done(), stage.finish(stage.open(want(OTHER))[0])
    stage.finish(stage.open(want(THIRD))[0])
    stage.ledger.write(circles.circle, SERIES, SHOT, theirs.id, by_person=True)

    found = stage.ledger.read(shot_queries.facts_of_shots, SERIES, [SHOT])
    whole = stage.ledger.read(shot_queries.takes_of_shots, SERIES, [SHOT], [theirs.id])
    assert [take.id for take in found] == [take.id for take in whole] == [own.id, theirs.id]
    assert whole == (stage.now(own), stage.now(theirs))
    everything = stage.ledger.read(queries.take_facts, SERIES)
    assert set(found) < set(everything)
    assert stage.ledger.read(shot_queries.facts_of_shots, "another series", [SHOT]) == ()


def test_a_take_that_another_gave_way_to_is_told_beside_it(stage: Stage) -> None:
    """What the shot wanted is that take from then on, whatever shot it was made for."""
    first, second = stage.planned(OTHER), stage.planned(SHOT)
    stage.claim(first, fingerprint="the same")
    order: Order = stage.order(second, fingerprint="the same")
    stage.ledger.write(claims.claim, second.id, order)

    found = stage.ledger.read(shot_queries.facts_of_shots, SERIES, [SHOT])
    assert {take.id for take in found} == {first.id, second.id}


def test_takes_are_found_by_their_wishes_whatever_their_shots_are_called(stage: Stage) -> None:
    """Of this series alone, in order of shots and numbers, also where very many wishes are asked for."""
    takes = stage.open(want(THIRD, wish="a"), want(SHOT, wish="a"), want(OTHER, wish="b"))
    wishes = ["a", *(f"wish {number}" for number in range(queries.MOST_VALUES + 1))]

    found = stage.ledger.read(shot_queries.facts_of_wishes, SERIES, wishes)
    assert [take.id for take in found] == [takes[1].id, takes[0].id]


def test_circles_of_shots_are_theirs_alone(stage: Stage) -> None:
    """A waiver is a choice too; a shot without one is absent."""
    stage.done()
    stage.finish(stage.open(want(OTHER))[0])
    stage.ledger.write(circles.waive, SERIES, THIRD, "cut")

    every = stage.ledger.read(queries.circles, SERIES)
    found = stage.ledger.read(shot_queries.circles_of, SERIES, [THIRD, SHOT, "e01/lamp/020"])
    assert found == tuple(circle for circle in every if circle.shot != OTHER)


def test_caps_leave_out_other_runs(stage: Stage) -> None:
    """A series has few episodes and days, and very many runs."""
    stage.done()
    other = stage.another_run()
    lines = {(line.scope, line.key) for line in stage.ledger.read(queries.budgets, SERIES)}

    mine = stage.ledger.read(queries.caps, SERIES, stage.run)
    assert [(line.scope, line.key) for line in mine] == sorted(lines - {("run", other.run)})
    without = stage.ledger.read(queries.caps, SERIES)
    assert {(line.scope, line.key) for line in without} == {line for line in lines if line[0] != "run"}


def test_a_job_is_owned_or_may_belong_to_a_take_whose_order_got_no_answer(stage: Stage) -> None:
    """Of this account, whatever the series; what was never sent can own no job."""
    submitted, unknown = stage.submitted(SHOT), stage.unknown(OTHER)
    stage.planned(THIRD)
    account = submitted.account

    owned = stage.ledger.read(queries.owned_jobs, account, [f"job-{submitted.id}", "job-of-nobody"])
    assert owned == {f"job-{submitted.id}"}
    assert [take.id for take in stage.ledger.read(queries.without_a_job, account)] == [unknown.id]
    assert stage.ledger.read(queries.owned_jobs, "another", [f"job-{submitted.id}"]) == frozenset()
