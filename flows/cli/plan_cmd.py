"""`tailframe plan`: what a run would make, why, and at what cost."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from flows.cli.arguments import AsJson, Every, OneEpisode, Project, assigned, one_or_every, with_run_options
from flows.cli.exits import ExitCode
from flows.cli.plan_ahead import tell_ahead, tell_notes
from flows.cli.project_access import reading
from flows.run.options import RunOptions
from flows.terminal.printing import say_json

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader

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
    from flows.run.approval_words import approvals_json
    from flows.run.episode_approvals import episode_approvals
    from flows.run.workspace import workspace_of
    from render.ledger import queries

    one = one_or_every(episode, every=every, asked=asked)
    if one is None:
        from flows.cli.plan_all import plan_all

        return plan_all(project, asked, as_json=as_json, prompts=prompts)
    run_options = assigned(one, asked)
    with workspace_of(project).reading() as workspace:
        read = reading_for(workspace, run_options)
        lines = workspace.ledger.read(queries.caps, read.episode.series) if workspace.ledger else ()
        standings = episode_approvals(read, workspace.ledger)
    if as_json:
        from storyboard.plan.plan_json import plan_json

        say_json({**plan_json(read.plan), **({"approvals": approvals_json(standings)} if standings else {})})
        tell_notes(read)
        return ExitCode.DONE
    show(read, prompts=prompts)
    tell_ahead(read, lines, standings, run_options, project)
    return ExitCode.DONE


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


def show(read: "PlannedEpisode", *, prompts: bool = False) -> None:
    """Print the plan as a table, and its prompts where they are asked for."""
    from flows.cli.plan_table import print_plan, print_prompts
    from flows.terminal.consoles import results

    console = results()
    print_plan(console, read.plan)
    if prompts:
        print_prompts(console, read.plan)


COMMANDS = (plan,)
