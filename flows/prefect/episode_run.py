"""Makes one episode inside the flow run that is under way: the same run as without Prefect, shown on its pages."""

from dataclasses import replace
from typing import Any

from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext
from prefect.states import Completed

from flows.prefect.approval_pause import approved_options
from flows.prefect.artifacts import shown
from flows.prefect.caller import CALLER, Caller, is_deployed
from flows.prefect.cancelled_runs import as_cancelled, told_when_cancelled
from flows.prefect.crashed_runs import made_meanwhile, origin_of
from flows.prefect.final_states import final_state, given_back
from flows.prefect.outage_retries import may_be_made_elsewhere, through_outages
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable
from flows.prefect.project_source import as_named, project_folder
from flows.prefect.run_names import name_after_series
from flows.prefect.shot_tasks import REHEARSED_DELAYS_S, RETRY_DELAYS_S, as_tasks
from flows.run.beginning import begin
from flows.run.session import Result, RunOptions, Session
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order

__all__ = ["ended", "run_with_options"]


async def ended(project: str, run_options: RunOptions) -> State[Any]:
    """Make an episode, and say how the flow run that is under way ends."""

    async def made() -> State[Any]:
        if await made_meanwhile(project, pays_anew=run_options.new_take or run_options.anew):
            return Completed(message="the run that this one is a try of came to its end after all")
        try:
            return final_state(await run_with_options(project, run_options), deployed=is_deployed())
        except Exception as error:
            if is_deployed() and may_be_made_elsewhere(error):
                return given_back(error)
            raise

    return await as_cancelled(made())


async def run_with_options(project: str, run_options: RunOptions) -> Result:
    """Make an episode as these options ask, inside the flow run that is under way: a task a shot that needs work.

    Raises what `flows.run.session.begin` raises; what a shot meets is in the result.
    """
    keep_log_printable()
    caller = CALLER.get() or Caller(watcher=LogWatcher(run_options.episode))
    try:
        with ending_in_order(caller.watcher.note), decisions_told(events=not run_options.rehearsal):
            if is_deployed():
                result = await through_outages(lambda: _carry_out(project, run_options, caller), caller.watcher.note)
            else:  # somebody sits before it, and is told at once
                result = await _carry_out(project, run_options, caller)
    except Exception as error:
        caller.error = error
        raise
    caller.result = result
    return result


async def _carry_out(project: str, run_options: RunOptions, caller: Caller) -> Result:
    folder, flow_run = await project_folder(project), FlowRunContext.get()
    if flow_run is not None and flow_run.flow_run is not None:
        caller.try_of = f"{origin_of(flow_run.flow_run)}-{run_options.episode}"
        run_options = replace(run_options, try_of=caller.try_of)
        if CALLER.get() is None and is_deployed() and run_options.buys:
            run_options = await approved_options(folder, run_options, flow_run.flow_run)
    run_options = await as_named(project, run_options)
    opening = open_workspace(folder, watcher=caller.watcher, rehearsal=run_options.rehearsal)
    async with opening as workspace, begin(workspace, run_options) as session:
        await name_after_series(session.reading.episode.series)
        return await _make(session)


async def _make(session: Session) -> Result:
    """Make the shots and the cut, shown on Prefect's pages: how far it is, where no terminal shows it."""
    delays_s = REHEARSED_DELAYS_S if session.run_options.rehearsal else RETRY_DELAYS_S
    unwatched = isinstance(session.context.watcher, LogWatcher)
    async with shown(session, progress=unwatched) as pages, told_when_cancelled(session):
        await session.make_all(as_tasks(session.production, delays_s))
        pages.result = await session.finish()
    return pages.result
