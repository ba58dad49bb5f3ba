"""A project as it is now, frozen, and the plan of that: what a person is shown, asked about and then gets."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from flows.run.freeze import checked_out, freeze
from flows.run.planning import archives_of, read_plan
from flows.run.unapproved_plan import waiting_for
from flows.terminal.slow_notice import Telling, silently
from render.ledger import queries
from storyboard.shot import Caps

if TYPE_CHECKING:
    from flows.run.episode_approvals import SubjectStanding
    from flows.run.options import RunOptions
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.workspace import Workspace
    from render.ledger import BudgetLine, LedgerReader

__all__ = ["FrozenPlan", "frozen_plan"]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrozenPlan:
    """The plan of one run, before anybody agreed to it."""

    snapshot: str  # the name under which the store keeps the project's files
    read: "PlannedEpisode"
    lines: "Sequence[BudgetLine]"  # what counts against the caps
    waiting: "Sequence[SubjectStanding]"  # what nothing is ordered without


def frozen_plan(
    workspace: "Workspace[LedgerReader | None]", run_options: "RunOptions", told: Telling = silently
) -> FrozenPlan:
    """Freeze the project, and plan it as a run of these options would.

    Raises InvalidProject where it cannot be made as it is written, and what `flows.run.planning.read_plan` says.
    """
    store, ledger = workspace.store, workspace.ledger
    snapshot = freeze(workspace.root, store)
    with checked_out(snapshot, store, workspace.places.scratch) as frozen:
        read = read_plan(
            frozen,
            run_options.episode,
            ledger=ledger,
            store=store,
            environment=workspace.environment,
            choices=run_options.choices,
            provider=run_options.provider,
            caps=Caps(run=run_options.budget_usd),
            told=told,
            archives=None if run_options.anew else archives_of(workspace.places, workspace.root, network=True),
        )
    return FrozenPlan(
        snapshot=snapshot,
        read=read,
        lines=() if ledger is None else ledger.read(queries.caps, read.episode.series),
        waiting=waiting_for(read, ledger, run_options),
    )
