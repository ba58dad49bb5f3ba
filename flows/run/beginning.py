"""How a run begins: the project is frozen, read and planned, held against the caps, and its takes are opened."""

import asyncio
import contextlib
from collections.abc import AsyncIterator

from flows.run.open_session import open_session
from flows.run.options import RunOptions
from flows.run.preflight import make_sure_it_can_end
from flows.run.run_reading import frozen_project
from flows.run.run_registration import register_run
from flows.run.session import Session
from flows.run.tell_outside import sending_meanwhile
from flows.run.told_end import tell_error
from flows.run.workspace import Workspace
from render.ledger import Ledger
from render.takes.reconcile import look_up_all
from render.telemetry import EPISODE, EPISODE_RUN, span

__all__ = ["begin"]


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
            yield await open_session(workspace, run_options, reading, frozen.snapshot, context)
        except Exception as error:
            await tell_error(context, run_options, error)
            raise
        finally:
            await context.aclose()
