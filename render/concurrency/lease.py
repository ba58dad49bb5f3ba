"""How long a claimed order may still leave, by a clock of this machine that goes on while the machine sleeps.

A machine may sleep (a lid that is closed, a process that is stopped) between its last look at a claim and the sending.
When it wakes, the lease may be over, the order settled and made by somebody else. So time is taken before the claim is
asked for, by a clock that counts sleep, and the claim is looked at again as the last thing before an order's bytes
leave, by this clock and by the ledger: a virtual machine that was paused has no clock that counts, the ledger's may.

Linux has CLOCK_BOOTTIME for this. macOS has it not, and there CLOCK_MONOTONIC counts sleep (what Python calls
`time.monotonic` does not, on either).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from render.errors import RenderError, Withheld

SEND_MARGIN = timedelta(seconds=2)
"""An order leaves no later than this before its lease is over: it travels, and two clocks never go quite alike."""

Objection = Callable[[timedelta], Awaitable[str | None]]
"""Asks the ledger why an order may leave no more, or not for so long; None where it may."""

_CLOCK: int = getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC)


def now_s() -> float:
    """Seconds since some moment in the past, those included in which this machine slept."""
    return time.clock_gettime(_CLOCK)


@dataclass(frozen=True, slots=True)
class Lease:
    """The time in which one order may leave. Whoever sends it asks `look` before the first byte, and `check` after."""

    ends_at_s: float  # by `now_s`
    objection: Objection

    @classmethod
    def begin(cls, span: timedelta, objection: Objection) -> Lease:
        """A lease that the ledger is asked for from now on: by this clock it is never over later than there."""
        return cls(now_s() + (span - SEND_MARGIN).total_seconds(), objection)

    @property
    def left_s(self) -> float:
        """How much of it is left, in seconds; negative where it is over."""
        return self.ends_at_s - now_s()

    def check(self, *, for_at_least: timedelta = timedelta()) -> None:
        """Raises Withheld where it is over by this machine's clock, or will be within so long."""
        if self.left_s <= for_at_least.total_seconds():
            raise _withheld("its lease was over, or nearly, before it could leave")

    async def look(self, *, for_at_least: timedelta = timedelta()) -> None:
        """Ask the ledger too. Raises Withheld where the order must not leave, or nobody can say whether it may."""
        self.check(for_at_least=for_at_least)
        try:
            why = await self.objection(for_at_least + SEND_MARGIN)
        except RenderError as error:
            raise _withheld(f"whether it may leave cannot be asked ({error})") from error
        if why is not None:
            raise _withheld(why)
        self.check(for_at_least=for_at_least)


def _withheld(why: str) -> Withheld:
    return Withheld(f"the order was not sent: {why}", charged=False)
