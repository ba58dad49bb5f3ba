"""Which frames of a clip a piece of the master shows. Pure.

All of it counts in slots: the frames of the master's grid that the clip fills from its beginning to its end, played at
the shot's speed. Slot 0 shows the clip's first frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Shown:
    """A run of slots, of which the first is held for so many frames before it moves, and the last for so many after."""

    first: int
    slots: int
    held_before: int = 0
    held_after: int = 0

    @property
    def frames(self) -> int:
        """How many frames of the master it takes."""
        return self.held_before + self.slots + self.held_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Footage:
    """The part of a clip that a shot shows: `slots` of them from `first` on, with its first and last frame held."""

    first: int  # its in-point
    slots: int  # how many are shown as they follow each other; at least one
    available: int  # that the clip has
    hold_first: int = 0  # frames for which the first stands still
    hold_last: int = 0
    speed: Fraction = Fraction(1)

    @property
    def frames(self) -> int:
        """How many frames of the master it takes."""
        return self.hold_first + self.slots + self.hold_last

    @property
    def end(self) -> int:
        """The slot after the last one that is shown: its out-point."""
        return self.first + self.slots

    @property
    def missing(self) -> int:
        """How many of its frames the clip does not fill; its last one is held for so long."""
        return max(0, self.end - self.available)

    @property
    def before(self) -> int | None:
        """How many frames the clip has before what is shown; None where its first is held, and goes on being held."""
        return None if self.hold_first else min(self.first, self.available)

    @property
    def after(self) -> int | None:
        """How many it has after what is shown; None where its last is held, and goes on being held."""
        return None if self.hold_last else max(0, self.available - self.end)

    def shown(self, begin: int, end: int) -> Shown:
        """What is seen from frame `begin` of the piece to before frame `end`.

        Both may lie outside of the piece, as a transition's do: then the clip goes on there, as far as it does.
        """
        low = self.first if self.hold_first else 0
        high = (self.end if self.hold_last else max(self.end, self.available)) - 1
        offset = self.first - self.hold_first
        first, last = (min(max(offset + at, low), high) for at in (begin, end - 1))
        before = min(max(0, low - (offset + begin)), end - begin - 1)
        return Shown(first, last - first + 1, before, end - begin - before - (last - first + 1))
