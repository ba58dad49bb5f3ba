"""Whoever is told how far a run is: a terminal's table, Prefect's log, a test, or nobody."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol


class Watcher(Protocol):
    """Whoever wants to see how far things are. Calls are cheap and never raise."""

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """A shot moved, or got further within its state."""
        ...

    def note(self, text: str) -> None:
        """Something a person should read."""
        ...

    def stage(self, name: str, fraction: float | None = None) -> None:
        """A step of the whole episode (the cut, the archive) got on: `fraction` is 0 to 1, None where not known."""
        ...


class Unwatched:
    """A watcher that tells nobody."""

    def shot(self, key: str, state: str, detail: str = "", cost_usd: Decimal | None = None) -> None:
        """Ignore it."""

    def note(self, text: str) -> None:
        """Ignore it."""

    def stage(self, name: str, fraction: float | None = None) -> None:
        """Ignore it."""
