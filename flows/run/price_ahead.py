"""What a run would set aside, and what the caps would say to it, before it has begun: as a person is asked or told."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from render.claim_errors import BudgetRefused, Unpriced
    from render.ledger import BudgetLine, RunId
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["ahead", "once_made", "refusal", "to_pay"]


def refusal(read: "PlannedEpisode", known: "Iterable[BudgetLine]") -> "BudgetRefused | Unpriced | None":
    """Why `produce` would make nothing of it under the caps, unless as far as they reach; None where it would."""
    from render.claim_errors import BudgetRefused, Unpriced
    from render.ledger.plan_caps import refuse_above_caps

    shots, lines, run = ahead(read, known)
    try:
        refuse_above_caps(shots, lines, read.episode, run)
    except (BudgetRefused, Unpriced) as refused:
        return refused
    return None


def to_pay(
    read: "PlannedEpisode", known: "Iterable[BudgetLine]", *, until_budget: bool
) -> tuple[Decimal, tuple["PlannedShot", ...]]:
    """What `produce` sets aside at most, in US dollars, and beside that the shots whose price nobody knows.

    With `until_budget` these are of the shots that fit under the caps.
    """
    from render.ledger.plan_caps import beyond_caps, cost_of

    shots, lines, run = ahead(read, known)
    beyond = {shot.key for shot in beyond_caps(shots, lines, read.episode, run)} if until_budget else frozenset()
    costs = [(shot, cost_of(shot)) for shot in shots if shot.key not in beyond]
    unpriced = tuple(shot for shot, cost in costs if cost is None)
    return sum((cost for _, cost in costs if cost is not None), Decimal(0)), unpriced


def ahead(
    read: "PlannedEpisode", known: "Iterable[BudgetLine]"
) -> "tuple[list[PlannedShot], tuple[BudgetLine, ...], RunId]":
    """The shots that were asked for, and the caps that a run would meet if it began now."""
    from render.ledger import RunId
    from render.ledger.plan_caps import lines_ahead

    run = RunId("a run that has not begun")
    lines = lines_ahead(known, read.episode, run, datetime.now(UTC).date().isoformat())
    return [shot for shot in read.plan.shots if shot.asked], lines, run


def once_made(read: "PlannedEpisode", known: "Iterable[BudgetLine]", cost_usd: Decimal) -> "tuple[BudgetLine, ...]":
    """What counts against the caps of the episodes after it, once this much is set aside for one. Each has a run."""
    known = tuple(known)
    _, lines, _ = ahead(read, known)
    ours = [replace(line, reserved_usd=line.reserved_usd + cost_usd) for line in lines if line.scope != "run"]
    moved = {(line.scope, line.key) for line in ours}
    return (*ours, *(line for line in known if (line.scope, line.key) not in moved))
