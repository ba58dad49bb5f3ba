"""What became of each shot in one run, in the words that scripts read."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import TYPE_CHECKING

from render.claim_errors import BudgetRefused, ClaimRefused, NotApproved, OrdersEnded
from render.errors import OtherAccount, Refused, StillRunning, UnknownOutcome, passes
from storyboard.errors import TailframeError
from storyboard.takes import ClipFacts

if TYPE_CHECKING:
    from render.ledger import Take


class ShotState(StrEnum):
    """How a shot stands, as `status --json` and every report say it."""

    PLANNED = "planned"
    RUNNING = "running"
    DONE = "done"
    STALE = "stale"
    FAILED = "failed"
    REFUSED = "refused"
    BLOCKED = "blocked"
    UNKNOWN = "unknown"
    WAIVED = "waived"
    MISSING = "missing"


GOOD = frozenset({ShotState.DONE, ShotState.STALE, ShotState.WAIVED})
"""States with which a run has done what it was asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """One shot at the end of a run (or before it, for shots that nobody asked for)."""

    key: str
    state: ShotState
    take: str | None = None  # the circled take, where there is one
    number: int | None = None
    clip: ClipFacts | None = None
    cost_usd: Decimal | None = None  # of that take, whenever it was paid
    made: bool = False  # in this run
    code: str = ""
    message: str = ""
    stale_since: datetime | None = None  # where it is stale and that is known
    passing: bool = False  # what stood in the way may pass by itself, or not be so on another machine
    budget: bool = False  # a cap stood in the way, that nobody approved it, or the hour

    @property
    def good(self) -> bool:
        """Whether nothing is left to do for this shot."""
        return self.state in GOOD


def spoilt(key: str, error: Exception) -> Outcome:
    """The outcome of a shot that ended with this error."""
    match error:
        case Refused():
            state = ShotState.REFUSED
        case UnknownOutcome():
            state = ShotState.UNKNOWN
        case StillRunning() | OtherAccount():
            state = ShotState.RUNNING
        case ClaimRefused():
            state = ShotState.PLANNED
        case _:
            state = ShotState.FAILED
    code = error.code if isinstance(error, TailframeError) else type(error).__name__.lower()
    budget = isinstance(error, BudgetRefused | NotApproved | OrdersEnded)
    return Outcome(key=key, state=state, code=code, message=str(error), budget=budget, passing=passes(error))


def finished(
    key: str,
    state: ShotState,
    take: Take,
    *,
    made: bool = False,
    message: str = "",
    stale_since: datetime | None = None,
) -> Outcome:
    """The outcome of a shot that has its clip."""
    return Outcome(
        key=key,
        state=state,
        take=take.id,
        number=take.number,
        clip=take.clip,
        cost_usd=take.cost_usd,
        made=made,
        message=message,
        stale_since=stale_since,
    )


def summary(outcomes: Iterable[Outcome]) -> str:
    """`3 of 40 shots failed, 2 blocked`: what a person needs to hear first. Empty where all is well."""
    every = list(outcomes)
    parts = []
    for state in ShotState:
        count = sum(1 for outcome in every if outcome.state is state)
        if count and state not in GOOD:
            parts.append(f"{count} {'still running' if state is ShotState.RUNNING else state.value}")
    if not parts:
        return ""
    first, *others = parts
    number, _, word = first.partition(" ")
    return ", ".join([f"{number} of {len(every)} shots {word}", *others])


def obstacles(outcomes: Iterable[Outcome]) -> tuple[str, ...]:
    """What kept shots from being ordered that were ready for it, each obstacle once: a hold, an alarm, a rival.

    Of caps the account of money tells, or `first_refusal`.
    """
    kept = (each for each in outcomes if each.state is ShotState.PLANNED and each.code and not each.budget)
    return tuple(dict.fromkeys(each.message for each in kept))


def first_refusal(outcomes: Iterable[Outcome]) -> str:
    """Which cap, or which approval that is missing, kept the first shot from being ordered; empty where none did.

    Of the hours of a run its account of time tells.
    """
    refused = (each for each in outcomes if each.state is ShotState.PLANNED and each.code != OrdersEnded.code)
    return next((each.message for each in refused if each.budget), "")


def headline(outcomes: Iterable[Outcome]) -> str:
    """How all shots of an episode stand, in one line: `11 done, 1 stale`."""
    every = list(outcomes)
    counts = {state: sum(1 for outcome in every if outcome.state is state) for state in ShotState}
    return ", ".join(f"{count} {state.value}" for state, count in counts.items() if count)
