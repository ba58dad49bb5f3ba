"""Tells how far something has come that usually takes no time at all; says nothing where it does not take long."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["Patience", "Telling", "silently"]

Telling = Callable[[str], None]
"""Called with one line of news, for standard error or the run's log. May raise, to end what is waited for."""

FIRST_S = 2.0
THEN_S = 10.0


def silently(_: str) -> None:
    """A `Telling` that tells nobody."""


@dataclass(slots=True)
class Patience:
    """A callback for progress: takes the share that is done, 0 to 1, and tells it after 2 s and then every 10 s."""

    what: str
    tell: Telling
    clock: Callable[[], float] = time.monotonic
    _due: float = field(init=False)

    def __post_init__(self) -> None:
        self._due = self.clock() + FIRST_S

    def __call__(self, done: float) -> None:
        """Take the share that is done, 0 to 1, and tell it where that is due."""
        now = self.clock()
        if now >= self._due:
            self._due = now + THEN_S
            self.tell(f"{self.what}: {done:.0%}")
