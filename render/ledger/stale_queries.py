"""What the ledger knows of how shots became stale, for `ledger.read(stale_queries.history, series, takes, wishes)`."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from render.ledger.queries import rows_in
from render.ledger.reader import ReadTransaction
from render.ledger.row_values import as_written, some_moment, some_text
from storyboard.plan.stale_since import CircleMove, StaleHistory

CIRCLED = "circled for "
"""How the event of a take begins whose circle was put on it; the shot follows, and " by" whoever said so."""

_MOVES = "SELECT id, take, at, words FROM events WHERE words LIKE 'circled for %' AND take"
_WISHED = "SELECT wish, created_at AS at FROM takes WHERE series = :series AND wish"


def history(tx: ReadTransaction, series: str, takes: Collection[str], wishes: Collection[str]) -> StaleHistory:
    """Every move of a circle to one of these takes (by their ids), and when each of these wishes was first wanted."""
    moves = sorted(rows_in(tx, _MOVES, takes), key=lambda row: int(row["id"]))
    wished: dict[str, datetime] = {}
    for wish, at in (_wished(row) for row in rows_in(tx, _WISHED, wishes, series=series)):
        wished[wish] = min(at, wished.get(wish, at))
    return StaleHistory(moves=tuple(_move(row) for row in moves), wished=wished)


@as_written
def _move(row: Mapping[str, Any]) -> CircleMove:
    shot = some_text(row["words"]).removeprefix(CIRCLED).partition(" by ")[0]
    return CircleMove(shot=shot, take=some_text(row["take"]), at=some_moment(row["at"]))


@as_written
def _wished(row: Mapping[str, Any]) -> tuple[str, datetime]:
    return some_text(row["wish"]), some_moment(row["at"])
