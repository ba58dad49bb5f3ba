"""Makes the session of a run that has begun: its money is made sure of, and every take that it will make is opened."""

import logging
from typing import TYPE_CHECKING

from flows.run.before_paying import refuse_to_pay_twice_or_too_much
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode, is_todo
from flows.run.session import Session
from flows.run.wanted_takes import open_wanted
from flows.run.workspace import Workspace
from render.decisions import decided
from render.episode.open_cutting_room import open_cutting_room
from render.ledger import Ledger
from render.takes.production import Production

if TYPE_CHECKING:
    from render.context import RunContext

__all__ = ["open_session"]

_LOG = logging.getLogger(__name__)


async def open_session(
    workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode, snapshot: str, context: "RunContext"
) -> Session:
    """The session of this run, in whose `context` nothing was ordered yet.

    Raises OrderedElsewhere, StandsInArchive, BudgetRefused, Unpriced, NotApproved; nothing is claimed by then.
    """
    episode, run = reading.episode, context.run
    todo = [shot for shot in reading.plan.shots if is_todo(shot)]
    for note in reading.notes:
        context.watcher.note(note)
    beyond = await refuse_to_pay_twice_or_too_much(workspace, run_options, reading, todo, context)
    within = [shot for shot in todo if shot.key not in beyond]
    most_usd, count = reading.plan.estimated_cost_usd, len(within)
    decided(_LOG, "run begun", run=run, episode=episode.episode, snapshot=snapshot, shots=count, up_to_usd=most_usd)
    takes = await open_wanted(context, run_options, reading, within)
    for shot in reading.plan.shots:
        if shot.asked:
            context.watcher.shot(shot.key, "planned")
    production = Production(
        context=context,
        episode=episode,
        plan=reading.plan,
        references=reading.references,
        capabilities=reading.capabilities,
        receipts=reading.receipts,
        opened=takes,
        preview=run_options.preview,
    )
    return Session(
        workspace=workspace,
        run_options=run_options,
        reading=reading,
        snapshot=snapshot,
        context=context,
        production=production,
        cutting_room=open_cutting_room(context, episode),
        beyond=beyond,
    )
