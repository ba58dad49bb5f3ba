"""`tailframe plan`: what a run would make, why, and at what cost."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import (
    AllowMissing,
    Anew,
    AsJson,
    Budget,
    Cascade,
    Episode,
    NewTake,
    Project,
    Provider,
    Shots,
    UntilBudget,
    shot_keys,
)
from flows.cli.project_access import reading
from flows.terminal.printing import say_json, tell

if TYPE_CHECKING:
    from flows.run.planning import PlannedEpisode
    from render.ledger import BudgetLine, RunId
    from storyboard.plan.episode_plan import PlannedShot

Prompts = Annotated[bool, typer.Option("--prompts", "-v", help="Also print every final prompt and its references.")]


def plan(
    *,
    project: Project,
    episode: Episode,
    provider: Provider = None,
    shots: Shots = None,
    new_take: NewTake = False,
    cascade: Cascade = False,
    budget: Budget = None,
    until_budget: UntilBudget = False,
    anew: Anew = False,
    allow_missing: AllowMissing = False,  # noqa: ARG001  buys nothing, and is taken so that `produce`'s flags all fit
    as_json: AsJson = False,
    prompts: Prompts = False,
) -> None:
    """Show what would be made, reused or resumed, why, and at what cost. Takes every flag of `produce`.

    Reads the ledger, writes nothing, asks no vendor and no web.

      tailframe plan my-series e01
      tailframe plan my-series e01 --shots lamp/010 --new-take -v
      tailframe plan my-series e01 --json | jq .estimated_cost_usd
    """
    from flows.run.workspace import workspace_of
    from render.ledger import queries
    from storyboard.plan.episode_plan import Choices

    choices = Choices(shots=shot_keys(shots), new_take=new_take, cascade=cascade)
    with workspace_of(project).reading() as workspace:
        read = reading(workspace, episode, choices=choices, provider=provider, budget_usd=budget, anew=anew)
        lines = workspace.ledger.read(queries.budgets, read.episode.series) if workspace.ledger else ()
    if as_json:
        from storyboard.plan.plan_json import plan_json

        say_json(plan_json(read.plan))
        for note in (*read.plan.notes, *read.notes):
            tell(note)
        return
    show(read, prompts=prompts)
    tell_budget(read, lines, until_budget=until_budget)
    if not anew:
        tell_elsewhere(read, project)


def tell_elsewhere(read: "PlannedEpisode", project: Path) -> None:
    """Say beforehand what `produce` would not pay for anew by itself, and what could not be looked at."""
    from render.episode.elsewhere import told_archived, told_elsewhere

    shots = [shot for shot in read.plan.shots if shot.asked]
    for told in filter(None, (told_elsewhere(shots), told_archived(shots, project))):
        tell(f"produce pays for nothing twice by itself (exit 2), unless with --anew: {told}")
    for note in read.notes:
        tell(note)


def show(read: "PlannedEpisode", *, prompts: bool = False) -> None:
    """Print the plan as a table, and its prompts where they are asked for."""
    from flows.cli.plan_table import print_plan, print_prompts
    from flows.terminal.consoles import results

    console = results()
    print_plan(console, read.plan)
    if prompts:
        print_prompts(console, read.plan)


def tell_budget(read: "PlannedEpisode", known: "Iterable[BudgetLine]", *, until_budget: bool) -> None:
    """Say beforehand what `produce` would do under the caps: refuse, or make what fits and leave the rest."""
    from render.errors import BudgetRefused, Unpriced
    from render.ledger.plan_caps import foretold, refuse_above_caps

    shots, lines, run = _ahead(read, known)
    if until_budget:
        told = foretold(shots, lines, read.episode, run)
        if told:
            tell(told)
        return
    try:
        refuse_above_caps(shots, lines, read.episode, run)
    except (BudgetRefused, Unpriced) as refusal:
        tell(f"produce refuses this (exit 3): {refusal}")


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
