"""`tailframe plan --all`: what every episode would need, and what all of them would cost together."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.cli.arguments import assigned
from flows.cli.exits import told
from flows.cli.plan_ahead import tell_ahead, tell_notes
from flows.cli.plan_cmd import reading_for, show
from flows.cli.project_access import series_of
from flows.run.options import RunOptions
from flows.run.price_ahead import once_made, refusal, to_pay
from flows.terminal.printing import say, say_json, tell

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.every_episode import Met
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.workspace import Workspace
    from render.claim_errors import BudgetRefused, Unpriced
    from render.ledger import BudgetLine, LedgerReader
    from storyboard.plan.episode_plan import PlannedShot

__all__ = ["Foreseen", "assigned_all", "foresee", "plan_all"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Foreseen:
    """One episode of several, as it would be made after those before it. Money is in US dollars."""

    run_options: RunOptions
    reading: "PlannedEpisode"
    lines: "tuple[BudgetLine, ...]"  # what counts against the caps by then
    refused: "BudgetRefused | Unpriced | None"  # why it would not be made; then nothing is set aside for it
    cost_usd: Decimal  # what it sets aside at most
    unpriced: "tuple[PlannedShot, ...]"  # beside that, as nobody knows their price
    standings: "tuple[SubjectStanding, ...]" = ()  # of what it asks to be approved


def assigned_all(project: Path, asked: Mapping[str, Any]) -> list[RunOptions]:
    """The options of a run of each episode of the series, in order."""
    from flows.run.every_episode import episodes_of

    return [assigned(episode, asked) for episode in episodes_of(project)]


def foresee(
    workspace: "Workspace[LedgerReader | None]",
    options: Iterable[RunOptions],
    met: "Met",
    *,
    frozen: Path | None = None,
    network: bool = False,
) -> list[Foreseen]:
    """Plan each episode under what those before it leave of the caps. `met` hears of each that cannot be planned.

    A budget of the command line is for all of them together, so each has what is left of it.
    """
    from flows.run.every_episode import going_on

    found: list[Foreseen] = []
    for run_options in options:
        with going_on(run_options.episode, met):
            found.append(_after(found, workspace, run_options, frozen, network=network))
    return found


def _after(
    before: Sequence[Foreseen],
    workspace: "Workspace[LedgerReader | None]",
    run_options: RunOptions,
    frozen: Path | None,
    *,
    network: bool,
) -> Foreseen:
    from flows.run.episode_approvals import episode_approvals
    from render.ledger import queries

    if run_options.budget_usd is not None:
        left = run_options.budget_usd - sum(each.cost_usd for each in before)
        run_options = replace(run_options, budget_usd=max(left, Decimal(0)))
    read = reading_for(workspace, run_options, frozen=frozen, network=network)
    lines = tuple(workspace.ledger.read(queries.caps, read.episode.series)) if workspace.ledger else ()
    for each in before:
        lines = once_made(each.reading, lines, each.cost_usd)
    until_budget = run_options.until_budget
    refused = None if until_budget else refusal(read, lines)
    cost_usd, unpriced = (Decimal(0), ()) if refused else to_pay(read, lines, until_budget=until_budget)
    return Foreseen(
        run_options=run_options,
        reading=read,
        lines=lines,
        refused=refused,
        cost_usd=cost_usd,
        unpriced=unpriced,
        standings=episode_approvals(read, workspace.ledger),
    )


def plan_all(project: Path, asked: Mapping[str, Any], *, as_json: bool, prompts: bool) -> int:
    """Print the plan of every episode, and what they cost together. An episode without a plan ends it with 1, and with
    2 where none has one."""
    from flows.run.every_episode import exit_code_of
    from flows.run.workspace import workspace_of

    unplanned: dict[str, str] = {}
    codes: list[int] = []

    def met(episode: str, error: Exception) -> None:
        tell(f"{episode} has no plan:")
        unplanned[episode] = str(error)
        codes.append(told(error, project))

    with workspace_of(project).reading() as workspace:
        foreseen = foresee(workspace, assigned_all(project, asked), met)
    codes += [0] * len(foreseen)
    if as_json:
        _print_json(series_of(project), foreseen, unplanned)
    else:
        _print_tables(project, foreseen, prompts=prompts)
    return exit_code_of(codes)


def _print_json(series: str, foreseen: Sequence[Foreseen], unplanned: Mapping[str, str]) -> None:
    from flows.run.approval_words import approvals_json
    from storyboard.plan.plan_json import plans_json

    answer = plans_json(series, [each.reading.plan for each in foreseen], unplanned)
    for each, plan in zip(foreseen, answer["episodes"], strict=True):
        plan.update({"approvals": approvals_json(each.standings)} if each.standings else {})
    say_json(answer)
    for each in foreseen:
        tell_notes(each.reading)


def _print_tables(project: Path, foreseen: Iterable[Foreseen], *, prompts: bool) -> None:
    from flows.cli.plan_table import at_most

    plans = [each.reading.plan for each in foreseen]
    for each in foreseen:
        show(each.reading, prompts=prompts)
        tell_ahead(each.reading, each.lines, each.standings, each.run_options, project)
        say("")
    cost_usd = sum((plan.estimated_cost_usd for plan in plans), Decimal(0))
    unpriced = sum(plan.unpriced_shots for plan in plans)
    say(f"{len(plans)} {'episode' if len(plans) == 1 else 'episodes'}: {at_most(cost_usd, unpriced)}")
