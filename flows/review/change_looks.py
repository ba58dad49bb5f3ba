"""What has changed of a project since somebody looked last: its files, or the ledger, and then which shots."""

import threading

from flows.review.change_streams import Change
from flows.review.readings import Readings
from flows.review.room_ledger import RoomLedger
from render.ledger import changes
from storyboard.errors import TailframeError

__all__ = ["ChangeLooks"]


class ChangeLooks:
    """Remembers the last look. Blocking, and safe from any thread."""

    def __init__(self, ledger: RoomLedger, readings: Readings) -> None:
        self._ledger, self._readings = ledger, readings
        self._turn = threading.Lock()
        self._files = ""
        self._mark: changes.Mark | None = None

    def look(self) -> Change | None:
        """What changed since the last look; None where nothing did. One question, where nothing did."""
        with self._turn:
            return self._look()

    def _look(self) -> Change | None:
        what, shots = set[str](), frozenset[str]()
        try:
            files = self._readings.files()
            series = self._readings.project().series.series
            mark = self._ledger.read(changes.mark, series)
            if self._mark is not None and mark is not None and mark != self._mark:
                shots = self._ledger.read(changes.changed_shots, series, self._mark) or frozenset()
        except (TailframeError, OSError):  # while somebody edits, or a disk is away: pages say so when they are asked
            files, mark = "", None
        if files != self._files:
            what.add("files")
        if mark != self._mark:
            what.add("ledger")
        self._files, self._mark = files, mark
        return Change(shots=shots if what == {"ledger"} else frozenset(), what=frozenset(what)) if what else None
