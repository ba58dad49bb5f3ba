"""What is not as it was ordered, of takes in use: an order never changes, so none is read twice."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from flows.review.room_ledger import RoomLedger
from render.errors import LedgerError
from render.ledger import queries
from render.ledger.stored_request import read_order
from render.media.clip_checks import check_clip

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode

__all__ = ["TakeFindings"]


class TakeFindings:
    """Remembers what was found of each take. Blocking; for one caller at a time."""

    def __init__(self, ledger: RoomLedger) -> None:
        self._ledger = ledger
        self._found: dict[str, tuple[str, ...]] = {}

    def of(self, read: "PlannedEpisode", takes: Collection[str]) -> Mapping[str, tuple[str, ...]]:
        """Sentences by take, of those of these takes that have a clip of which there is something to say."""
        used = {take for take in takes if take in read.takes and read.takes[take].clip is not None}
        unread = used - self._found.keys()
        orders = (self._ledger.read(queries.orders, unread) or {}) if unread else {}
        for take, order in orders.items():
            self._found[take] = _findings(read, take, order)
        return {take: self._found[take] for take in used if self._found.get(take)}


def _findings(read: "PlannedEpisode", take: str, order: str | None) -> tuple[str, ...]:
    clip = read.takes[take].clip
    if clip is None or order is None:
        return ()
    try:
        return tuple(each.message for each in check_clip(clip, read_order(order)))
    except LedgerError:  # of another version: the shot's own page says so
        return ()
