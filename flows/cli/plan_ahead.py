"""What is said beforehand of a run by its plan: how it would end, what it would pay, and what it would wait for."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.run.options import RunOptions
from flows.run.price_ahead import ahead, refusal
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.planned_episode import PlannedEpisode
    from render.ledger import BudgetLine

__all__ = ["tell_ahead", "tell_budget", "tell_elsewhere", "tell_notes"]


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
    shots, lines, run = ahead(read, known)
    if told := foretold(shots, lines, read.episode, run):
        tell(told)
