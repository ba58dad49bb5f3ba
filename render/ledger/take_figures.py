"""What the transitions of takes add to the figures of a run: counted here alone, each once it is committed.

So the sums are the ledger's own: whatever reserves, spends or gives back money does it with a transition.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from render.ledger.money import dollars
from render.ledger.records import Take
from render.ledger.state_machine import ADOPT, NAME_JOB, NAME_STRAY_JOB, Move
from render.telemetry import (
    ACCOUNT,
    ALARMS,
    BILLED,
    DECISION,
    ESTIMATED,
    JOB_DURATION,
    MODEL,
    PROVIDER,
    RESERVED,
    RETURNED,
    SERIES,
    SHOT,
    STATE,
    TAKE,
    TRANSITIONS,
    Fact,
    Metric,
    add,
)
from storyboard.takes import TakeState

__all__ = ["alarmed", "facts_of_take", "moved", "settled"]

_TAKEN = (NAME_JOB, NAME_STRAY_JOB, ADOPT)
"""Transitions by which it is known that a vendor has the order."""


def facts_of_take(take: Take) -> dict[str, Fact]:
    """Whose a take is, for spans and figures."""
    return {
        SERIES: take.series,
        SHOT: take.shot,
        TAKE: take.number,
        PROVIDER: take.provider,
        ACCOUNT: take.account,
        MODEL: take.model,
    }


def moved(take: Take, decision: str, to_state: TakeState) -> None:
    """Count a transition, or that a take was opened."""
    add(TRANSITIONS, 1, facts_of_take(take) | {DECISION: decision, STATE: to_state.value})


def alarmed(take: Take) -> None:
    """Count an alarm."""
    add(ALARMS, 1, facts_of_take(take))


def settled(take: Take, step: Move, now: datetime, changes: Mapping[str, Any]) -> None:
    """Count what a transition did to the money, and how long the job took that it ended. `take` is as it was before."""
    facts = facts_of_take(take)
    if step in _TAKEN:
        _count(ESTIMATED, _micros(take.reserved_usd), facts)
    if "reserved_micros" in changes:
        _count(RESERVED, changes["reserved_micros"] - _micros(take.reserved_usd), facts)
    if "cost_micros" in changes:
        spent = (changes["cost_micros"] or 0) - _micros(take.cost_usd)
        _count(BILLED if spent > 0 else RETURNED, abs(spent), facts)
    if take.state is TakeState.SUBMITTED and take.submitted_at is not None:
        seconds = (now - take.submitted_at).total_seconds()
        add(JOB_DURATION, max(0.0, seconds), facts | {STATE: step.target.value})


def _micros(usd: Decimal | None) -> int:
    return 0 if usd is None else int(usd.scaleb(6))


def _count(metric: Metric, micros: int, facts: Mapping[str, Fact]) -> None:
    if micros:
        add(metric, dollars(micros), facts)
