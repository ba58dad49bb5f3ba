"""What a run makes sure of before it pays: that nothing is paid for twice, above a cap, or before it is approved.

Each is asked again where it counts, in the claim of every order; here a producer hears it while nothing is claimed yet.
"""

from collections.abc import Sequence

from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode
from flows.run.unapproved_plan import refuse_unapproved_plan
from flows.run.workspace import Workspace
from render.context import RunContext
from render.episode.elsewhere import refuse_archived, refuse_ordered_elsewhere
from render.ledger import Ledger, queries
from render.ledger.plan_caps import beyond_caps, refuse_above_caps
from storyboard.plan.episode_plan import PlannedShot

__all__ = ["refuse_to_pay_twice_or_too_much"]


async def refuse_to_pay_twice_or_too_much(
    workspace: Workspace[Ledger],
    run_options: RunOptions,
    reading: PlannedEpisode,
    todo: Sequence[PlannedShot],
    context: RunContext,
) -> dict[str, PlannedShot]:
    """The shots that the money does not reach, in story order; none where all must fit under the caps, and does.

    Nor those that nobody approved, where a run makes as much as it may. Raises StandsInArchive and OrderedElsewhere,
    BudgetRefused, Unpriced and NotApproved.
    """
    episode, run = reading.episode, context.run
    refuse_archived(todo, workspace.root)
    unapproved = await context.in_thread(refuse_unapproved_plan, reading, workspace.ledger, run_options)
    # Read after the plan, so that what other runs claim in between counts twice here, and never not at all.
    lines = await context.read(queries.caps, episode.series, run)
    beyond: dict[str, PlannedShot] = {}
    if run_options.until_budget:
        beyond = {shot.key: shot for shot in beyond_caps(todo, lines, episode, run, unpriced=run_options.unpriced)}
    else:
        refuse_above_caps(todo, lines, episode, run, unpriced=run_options.unpriced)
    beyond |= {shot.key: shot for shot in todo if shot.key in unapproved}
    if not run_options.anew:
        refuse_ordered_elsewhere([shot for shot in todo if shot.key not in beyond])
    return beyond
