"""What is said beforehand of a run by its plan: how it would end, what it would pay, and what it would wait for."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.options import RunOptions
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.planned_episode import PlannedEpisode
    from render.errors import BudgetRefused, Unpriced
    from render.ledger import BudgetLine, RunId
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["once_made", "refusal", "tell_ahead", "tell_budget", "tell_elsewhere", "tell_notes", "to_pay"]


def tell_notes(read: "PlannedEpisode") -> None:
    """What is said beside a plan in JSON."""
    for note in (*read.plan.notes, *read.notes):
        tell(note)


def tell_ahead(
    read: "PlannedEpisode",
    known: "Iterable[BudgetLine]",
    standings: "Iterable[SubjectStanding]",
    run_options: RunOptions,
    project: Path,
) -> None:
    """Say beforehand how `produce` would end this: by the caps, by what stands elsewhere, by what nobody approved."""
    from flows.run.approval_words import lines_of
    from flows.run.unapproved_plan import waiting_among

    tell_budget(read, known, until_budget=run_options.until_budget)
    if not run_options.anew:
        tell_elsewhere(read, project)
    for each in waiting_among(standings, run_options):
        for line in lines_of(each):
            tell(line)


def tell_elsewhere(read: "PlannedEpisode", project: Path) -> None:
    """Say beforehand what `produce` would not pay for anew by itself, and what could not be looked at."""
    from render.episode.elsewhere import told_archived, told_elsewhere

    shots = [shot for shot in read.plan.shots if shot.asked]
    for told in filter(None, (told_elsewhere(shots), told_archived(shots, project))):
        tell(f"produce pays for nothing twice by itself (exit 2), unless with --anew: {told}")
    for note in read.notes:
        tell(note)


def tell_budget(read: "PlannedEpisode", known: "Iterable[BudgetLine]", *, until_budget: bool) -> None:
    """Say beforehand what `produce` would do under the caps: refuse, or make what fits and leave the rest."""
    from render.ledger.plan_caps import foretold

    if not until_budget:
        if refused := refusal(read, known):
            tell(f"produce refuses this (exit 3): {refused}")
        return
    shots, lines, run = _ahead(read, known)
    if told := foretold(shots, lines, read.episode, run):
        tell(told)


def refusal(read: "PlannedEpisode", known: "Iterable[BudgetLine]") -> "BudgetRefused | Unpriced | None":
    """Why `produce` would make nothing of it under the caps, unless as far as they reach; None where it would."""
    from render.errors import BudgetRefused, Unpriced
    from render.ledger.plan_caps import refuse_above_caps

    shots, lines, run = _ahead(read, known)
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

    shots, lines, run = _ahead(read, known)
    beyond = {shot.key for shot in beyond_caps(shots, lines, read.episode, run)} if until_budget else frozenset()
    costs = [(shot, cost_of(shot)) for shot in shots if shot.key not in beyond]
    unpriced = tuple(shot for shot, cost in costs if cost is None)
    return sum((cost for _, cost in costs if cost is not None), Decimal(0)), unpriced


def _ahead(
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
    _, ahead, _ = _ahead(read, known)
    ours = [replace(line, reserved_usd=line.reserved_usd + cost_usd) for line in ahead if line.scope != "run"]
    moved = {(line.scope, line.key) for line in ours}
    return (*ours, *(line for line in known if (line.scope, line.key) not in moved))
