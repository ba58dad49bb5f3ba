"""`tailframe plan`: what a run would make, why, and at what cost."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.arguments import AsJson, Every, OneEpisode, Project, assigned, one_or_every, with_run_options
from flows.cli.exits import ExitCode
from flows.cli.project_access import reading
from flows.run.options import RunOptions
from flows.terminal.printing import say_json, tell

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.workspace import Workspace
    from render.errors import BudgetRefused, Unpriced
    from render.ledger import BudgetLine, LedgerReader, RunId
    from storyboard.plan.episode_plan import PlannedShot

Prompts = Annotated[bool, typer.Option("--prompts", "-v", help="Also print every final prompt and its references.")]


@with_run_options(after="every")
def plan(
    *,
    project: Project,
    episode: OneEpisode = None,
    every: Every = False,
    as_json: AsJson = False,
    prompts: Prompts = False,
    **asked: Any,
) -> int:
    """Show what would be made, reused or resumed, why, and at what cost. Takes every flag of `produce`.

    Reads the ledger, writes nothing, asks no vendor and no web.

      tailframe plan my-series e01
      tailframe plan my-series --all
      tailframe plan my-series e01 --shots lamp/010 --new-take -v
      tailframe plan my-series e01 --json | jq .estimated_cost_usd
    """
    from flows.run.workspace import workspace_of
    from render.ledger import queries

    one = one_or_every(episode, every=every, asked=asked)
    if one is None:
        from flows.cli.plan_all import plan_all

        return plan_all(project, asked, as_json=as_json, prompts=prompts)
    run_options = assigned(one, asked)
    with workspace_of(project).reading() as workspace:
        read = reading_for(workspace, run_options)
        lines = workspace.ledger.read(queries.budgets, read.episode.series) if workspace.ledger else ()
    if as_json:
        from storyboard.plan.plan_json import plan_json

        say_json(plan_json(read.plan))
        tell_notes(read)
        return ExitCode.DONE
    show(read, prompts=prompts)
    tell_ahead(read, lines, run_options, project)
    return ExitCode.DONE


def tell_notes(read: "PlannedEpisode") -> None:
    """What is said beside a plan in JSON."""
    for note in (*read.plan.notes, *read.notes):
        tell(note)


def tell_ahead(read: "PlannedEpisode", known: "Iterable[BudgetLine]", run_options: RunOptions, project: Path) -> None:
    """Say beforehand how `produce` would end this: by the caps, and by what stands elsewhere."""
    tell_budget(read, known, until_budget=run_options.until_budget)
    if not run_options.anew:
        tell_elsewhere(read, project)


def reading_for(
    workspace: "Workspace[LedgerReader | None]",
    run_options: RunOptions,
    *,
    frozen: Path | None = None,
    network: bool = False,
) -> "PlannedEpisode":
    """The episode and its plan as a run of these options would have it; see `flows.cli.project_access.reading`."""
    return reading(
        workspace,
        run_options.episode,
        choices=run_options.choices,
        provider=run_options.provider,
        budget_usd=run_options.budget_usd,
        frozen=frozen,
        anew=run_options.anew,
        network=network,
    )


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


COMMANDS = (plan,)
