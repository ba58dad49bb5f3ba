"""What the cut does to a shot's clip, resolved: which part is seen, how fast, how loud, and how the shot comes in.

All of it changes what is shown and heard, and nothing of it what is bought: it is no part of a wish.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from storyboard.errors import Position


class TransitionKind(StrEnum):
    """How one picture follows another."""

    CUT = "cut"
    DISSOLVE = "dissolve"
    DIP_TO_BLACK = "dip-to-black"
    DIP_TO_WHITE = "dip-to-white"
    WIPE_LEFT = "wipe-left"  # the edge moves to the left
    WIPE_RIGHT = "wipe-right"
    WIPE_UP = "wipe-up"
    WIPE_DOWN = "wipe-down"

    @property
    def dips(self) -> bool:
        """Whether one picture is gone before the next appears, so that neither needs more than it shows anyhow."""
        return self in {TransitionKind.DIP_TO_BLACK, TransitionKind.DIP_TO_WHITE}


@dataclass(frozen=True, slots=True)
class Transition:
    """How a picture follows the one before it, and how long that takes in seconds: 0 for a cut."""

    kind: TransitionKind = TransitionKind.CUT
    length_s: Fraction = Fraction(0)
    at: Position | None = None  # where it is written


CUT = Transition()


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What is done to one shot. All times are seconds; those of `in_s` and `out_s` count along the clip itself."""

    in_s: Fraction = Fraction(0)  # where in the clip it begins
    out_s: Fraction | None = None  # where in the clip it ends; None: where its duration does; negative: before that
    speed: Fraction = Fraction(1)  # 2 is twice as fast; the pitch of its sound stays
    hold_first_s: Fraction = Fraction(0)  # how long its first frame stands still before it moves
    hold_last_s: Fraction = Fraction(0)  # how long its last frame stands still after it moved
    mute: bool = False  # the clip's own sound is not heard
    gain_db: Decimal = Decimal(0)  # of the clip's own sound
    sound_from_s: Fraction = Fraction(0)  # when its sound takes over from that of the shot before, beside its picture
    transition: Transition = CUT  # into it
    at: Position | None = None  # where its `out`, or else its `in`, is written

    @property
    def trims(self) -> bool:
        """Whether it changes how long the shot is, or which part of its clip is shown."""
        moved = self.in_s or self.out_s is not None or self.speed != 1
        return bool(moved or self.hold_first_s or self.hold_last_s)

    def length_s(self, duration_s: Decimal | None) -> Fraction | None:
        """How long the shot is in the cut, of a clip of which so many seconds are used; None where nobody knows yet."""
        end_s = self.out_s
        if end_s is None or end_s < 0:
            if duration_s is None:
                return None
            end_s = Fraction(duration_s) + (end_s or 0)
        return (end_s - self.in_s) / self.speed + self.hold_first_s + self.hold_last_s


UNCUT = Edit()
