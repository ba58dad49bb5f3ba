"""How a run begins: the project is frozen, read and planned, held against the caps, and its takes are opened."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from typing import TYPE_CHECKING

from flows.run.before_paying import refuse_to_pay_twice_or_too_much
from flows.run.options import RunOptions
from flows.run.planned_episode import PlannedEpisode, is_todo
from flows.run.preflight import make_sure_it_can_end
from flows.run.run_reading import frozen_project
from flows.run.run_registration import register_run
from flows.run.session import Session
from flows.run.tell_outside import sending_meanwhile
from flows.run.told_end import tell_error
from flows.run.wanted_takes import open_wanted
from flows.run.workspace import Workspace
from render.decisions import decided
from render.episode.open_cutting_room import open_cutting_room
from render.ledger import Ledger
from render.takes.production import Production
from render.takes.reconcile import look_up_all
from render.telemetry import EPISODE, EPISODE_RUN, span

if TYPE_CHECKING:
    from render.context import RunContext

__all__ = ["begin"]

_LOG = logging.getLogger(__name__)


@contextlib.asynccontextmanager
async def begin(workspace: Workspace[Ledger], run_options: RunOptions) -> AsyncIterator[Session]:
    """Freeze the project, plan it, hold the plan against the caps, and open every take the run will make.

    Links that were never fetched are fetched first, so that the plan knows what they hold.
    Raises InvalidProject, NoSuchName, OrderedElsewhere and StandsInArchive (exit 2), BudgetRefused, Unpriced and
    NotApproved (exit 3), MediaError where ffmpeg could not make the cut, or show a film in the master's colours,
    StoreError where the archive could not take it; nothing is claimed by then.
    """
    with span(EPISODE_RUN, {EPISODE: run_options.episode}):
        async with _begun(workspace, run_options) as session:
            yield session


@contextlib.asynccontextmanager
async def _begun(workspace: Workspace[Ledger], run_options: RunOptions) -> AsyncIterator[Session]:
    async with sending_meanwhile(workspace), frozen_project(workspace, run_options) as frozen:
        reading = await frozen.first_reading()
        await make_sure_it_can_end(workspace, run_options, reading)
        context = await asyncio.to_thread(register_run, workspace, run_options, reading, frozen.snapshot)
        try:
            if run_options.buys and await look_up_all(context):
                reading = await frozen.reading()
            yield await _open(workspace, run_options, reading, frozen.snapshot, context)
        except Exception as error:
            await tell_error(context, run_options, error)
            raise
        finally:
            await context.aclose()


async def _open(
    workspace: Workspace[Ledger], run_options: RunOptions, reading: PlannedEpisode, snapshot: str, context: "RunContext"
) -> Session:
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
