"""What a sweep asks of a ledger: which series have anything left, how they were frozen last, which runs have ended."""

from __future__ import annotations

from render.ledger import RunId, queries, runs
from storyboard.takes import TakeState
from tests.render.ledger.stage import NO_CAPS, SERIES, Stage

OUT = (TakeState.SUBMITTED, TakeState.UNKNOWN)


def test_a_series_is_swept_as_long_as_anything_of_it_is_out(stage: Stage) -> None:
    """Whatever series shares the ledger; with the files that it was frozen with last."""
    take = stage.planned()
    assert stage.ledger.read(queries.series_with, OUT) == ()
    stage.claim(take)
    assert stage.ledger.read(queries.series_with, (TakeState.SUBMITTING, *OUT)) == (SERIES,)
    assert stage.ledger.read(queries.newest_snapshot, SERIES) == "snapshot"
    stage.ledger.write(runs.remember_snapshot, "a later one", SERIES)
    assert stage.ledger.read(queries.newest_snapshot, SERIES) == "a later one"
    assert stage.ledger.read(queries.newest_snapshot, "another series") is None


def test_a_try_that_came_to_its_end_is_known_by_how_its_name_begins(stage: Stage) -> None:
    """Not one that is under way, and none of another run."""
    name = RunId("7f0c-e01-try-1")
    stage.ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=NO_CAPS, run=name)
    assert not stage.ledger.read(queries.has_ended_try, "7f0c-")
    stage.ledger.write(runs.end_run, name)
    assert stage.ledger.read(queries.has_ended_try, "7f0c-")
    assert not stage.ledger.read(queries.has_ended_try, "7f0d-")
