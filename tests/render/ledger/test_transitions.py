"""The history of takes."""

from __future__ import annotations

import socket

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DBAPIError

from render.errors import LedgerConflict
from render.ledger import TakeId, queries, recipes, settlement
from storyboard.takes import TakeState
from tests.render.ledger.stage import SERIES, Stage


def test_every_move_is_written_down(stage: Stage) -> None:
    """From, to, run, host, time and words, in order."""
    take = stage.generated()
    stage.ledger.write(settlement.clip_lost, take.id, "the link is dead")
    events = stage.ledger.read(queries.events, take.id)

    moves = [(event.from_state, event.to_state) for event in events]
    states = [TakeState.PLANNED, TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED, TakeState.FAILED]
    assert moves == list(zip([None, *states], states, strict=False))
    assert {event.run for event in events} == {stage.run}
    assert {event.host for event in events} == {socket.gethostname()}
    assert [event.at for event in events] == sorted(event.at for event in events)
    assert all(event.at.utcoffset() is not None for event in events)
    assert events[-1].words == "the link is dead"


def test_a_move_is_written_down_as_the_run_that_made_it(stage: Stage) -> None:
    """A take of one run that another carries on says so."""
    take = stage.submitted()
    later = stage.another_run()
    stage.ledger.during(later.run).write(settlement.clip_lost, stage.generate(take).id, "404")
    assert [event.run for event in stage.ledger.read(queries.events, take.id)][-1] == later.run


@pytest.mark.parametrize("change", ["UPDATE events SET words = ''", "DELETE FROM events"])
def test_the_history_cannot_be_changed(stage: Stage, ledger_url: str, change: str) -> None:
    """Not even by hand: the database itself refuses."""
    take = stage.planned()
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    with pytest.raises(DBAPIError, match="events are never"), engine.begin() as conn:
        conn.execute(text(change))
    engine.dispose()
    assert len(stage.ledger.read(queries.events, take.id)) == 1


def test_takes_are_found_by_shot_state_and_vendor(stage: Stage) -> None:
    """The questions that commands ask."""
    a, b = stage.submitted("e01/a/1"), stage.planned("e01/b/1")
    assert [take.id for take in stage.ledger.read(queries.takes, SERIES)] == [a.id, b.id]
    assert stage.ledger.read(queries.takes, SERIES, shot="e01/b/1") == (b,)
    assert stage.ledger.read(queries.takes, SERIES, states=[TakeState.SUBMITTED, TakeState.UNKNOWN]) == (a,)
    assert stage.ledger.read(queries.takes, "another") == ()
    assert [take.id for take in stage.ledger.read(queries.takes_at, a.account)] == [a.id, b.id]
    assert stage.ledger.read(queries.takes_at, "https://nobody.example") == ()


def test_what_a_recipe_gave_is_remembered(stage: Stage) -> None:
    """A derived blob is found by its recipe; the last answer counts."""
    assert stage.ledger.read(queries.derived, "conform v1 abc") is None
    stage.ledger.write(recipes.remember_derived, "conform v1 abc", "a" * 64)
    stage.ledger.write(recipes.remember_derived, "conform v1 abc", "b" * 64)
    assert stage.ledger.read(queries.derived, "conform v1 abc") == "b" * 64


def test_many_recipes_and_takes_are_looked_up_at_once(stage: Stage) -> None:
    """More of them than a statement takes values; what is not known is absent, and an unknown take is an error."""
    blobs = {f"frame:{number}": f"{number:064}" for number in range(2 * queries.MOST_VALUES + 1)}
    stage.ledger.write(recipes.remember_all, blobs)
    assert stage.ledger.read(queries.derived_blobs, [*blobs, "frame:none"]) == blobs
    assert stage.ledger.read(queries.derived_blobs, []) == {}
    a, b = stage.submitted("e01/a/1"), stage.planned("e01/b/1")
    assert stage.ledger.read(queries.takes_named, [b.id, a.id]) == {a.id: a, b.id: b}
    with pytest.raises(LedgerConflict, match="no take 'none'"):
        stage.ledger.read(queries.takes_named, [a.id, TakeId("none")])


def test_a_run_is_remembered_with_its_snapshot(stage: Stage, ledger_url: str) -> None:
    """Whoever looks into the database later finds what it worked on, and where."""
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as conn:
        run = conn.execute(text("SELECT * FROM runs WHERE id = :run"), {"run": stage.run}).one()
    engine.dispose()
    assert (run.series, run.episode, run.snapshot, run.host) == (SERIES, "e01", "snapshot", socket.gethostname())
