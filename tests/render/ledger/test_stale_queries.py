"""What the ledger tells of the past of circles and wishes."""

from __future__ import annotations

from render.ledger import circles, stale_queries
from tests.render.ledger.stage import SERIES, SHOT, Stage, want


def test_every_move_of_a_circle_and_the_first_take_of_every_wish_is_told(stage: Stage) -> None:
    """Whoever moved it, in order and with its time; for the shot that it was put on."""
    first = stage.done()
    second = stage.finish(stage.open(want(ordinal=1))[0])
    stage.ledger.write(circles.circle, SERIES, SHOT, second.id, by_person=True)
    stage.ledger.write(circles.circle, SERIES, SHOT, first.id, by_person=False)

    history = stage.ledger.read(stale_queries.history, SERIES, [first.id, second.id], [first.wish])
    assert [(move.shot, move.take) for move in history.moves] == [
        (SHOT, first.id),
        (SHOT, second.id),
        (SHOT, first.id),
    ]
    assert [move.at for move in history.moves] == sorted(move.at for move in history.moves)
    assert history.wished[first.wish] == first.created_at
    assert stage.ledger.read(stale_queries.history, SERIES, [second.id], []).moves == history.moves[1:2]
