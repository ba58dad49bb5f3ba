"""What the ledger knows of how shots became stale, for `ledger.read(stale_queries.history, series)`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from render.ledger.reader import ReadTransaction
from render.ledger.row_values import as_written, some_moment, some_text
from storyboard.plan.stale_since import CircleMove, StaleHistory

CIRCLED = "circled for "
"""How the event of a take begins whose circle was put on it; the shot follows, and " by" whoever said so."""

_MOVES = (
    "SELECT e.take, e.at, e.words FROM events e JOIN takes t ON t.id = e.take "
    "WHERE t.series = :series AND e.words LIKE 'circled for %' ORDER BY e.id"
)
_WISHED = "SELECT wish, MIN(created_at) AS at FROM takes WHERE series = :series GROUP BY wish"


def history(tx: ReadTransaction, series: str) -> StaleHistory:
    """Every move of a circle of the series, and when something was first wanted of which there are takes."""
    return StaleHistory(
        moves=tuple(_move(row) for row in tx.rows(_MOVES, series=series)),
        wished=dict(_wished(row) for row in tx.rows(_WISHED, series=series)),
    )


@as_written
def _move(row: Mapping[str, Any]) -> CircleMove:
    shot = some_text(row["words"]).removeprefix(CIRCLED).partition(" by ")[0]
    return CircleMove(shot=shot, take=some_text(row["take"]), at=some_moment(row["at"]))


@as_written
def _wished(row: Mapping[str, Any]) -> tuple[str, Any]:
    return some_text(row["wish"]), some_moment(row["at"])
