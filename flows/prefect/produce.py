"""The flow that makes an episode: one async flow, one async task for each shot that takes time or money.

Prefect shows it, schedules it and retries a shot over minutes. It decides nothing about money: every task gets the ids
of takes that the ledger opened before it, and calls the same function with them however often it is called.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.states import Cancelled, Completed, Failed
from prefect.tasks import Task
from prefect.utilities.annotations import quote
from pydantic import Field

from flows.prefect.approval_pause import approved_options
from flows.prefect.artifacts import shown
from flows.prefect.caller import CALLER, Caller
from flows.prefect.cancelled_runs import as_cancelled, told_when_cancelled
from flows.prefect.crashed_runs import origin_of
from flows.prefect.flow_docs import explained, with_options
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable, shot_logs_here
from flows.prefect.project_source import as_named, project_folder
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.run.beginning import begin
from flows.run.session import Result, RunOptions, Session
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order
from render.errors import Transient
from render.takes.outcomes import Outcome, headline
from render.takes.production import Production
from storyboard.shot_key import full_key
from storyboard.text.printable import printable

__all__ = ["as_tasks", "ended", "final_state", "preview", "produce", "rehearse", "run_with_options"]

RETRIES = 3
RETRY_DELAYS_S = [15.0, 60.0, 180.0]
REHEARSED_DELAYS_S = [0.5, 1.0, 2.0]  # a sandbox is never down for minutes

Project = Annotated[
    str,
    Field(
        description="Folder of the series, with series.yaml; or its snapshot, as `tailframe push` names it",
        examples=["projects/lighthouse", "snapshot:6d1a762971880c207f3a1c1dafb6131aaa409e95b2988655204884fdb5880c39"],
    ),
]
EpisodeId = Annotated[str, Field(description="The episode's id, as in episodes/ID.yaml", examples=["e01"])]


class ShotFailed(Exception):
    """A shot's task ends failed, so that Prefect shows it so; the episode goes on."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.message or f"{outcome.key} is {outcome.state.value}")


async def worth_repeating(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001
    """Whether Prefect calls a task again: only where its error is `Transient`, and then with the same take."""
    return isinstance(state.data, Transient)


@task(
    name="shot",
    task_run_name="{key}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=RETRIES,
    retry_delay_seconds=RETRY_DELAYS_S,
    retry_condition_fn=worth_repeating,
)
async def make_shot(key: str, production: Production) -> Outcome | State[Any]:
    """Carry one shot to its outcome. Raises ShotFailed where that is not good, Transient to be tried again.

    A Cancelled where the run is ended meanwhile: whoever called it is to end too.
    """
    shot_logs_here(full_key(production.episode.episode, key, preview=production.preview))
    try:
        outcome = await production.make(key)
    except asyncio.CancelledError:
        return Cancelled(message="the run was ended; what is paid for goes on at its vendor")
    if not outcome.good:
        raise ShotFailed(outcome)
    return outcome


@flow(name="produce", flow_run_name=NamedRuns(), persist_result=False, log_prints=False)
@explained
@with_options("produce")
async def produce(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Make an episode: generate what is missing, cut it, archive it. What exists is never paid for again."""
    return await ended(project, RunOptions.of_parameters(episode, asked))


@flow(name="preview", flow_run_name=NamedRuns("preview"), persist_result=False, log_prints=False)
@explained
async def preview(project: Project, episode: EpisodeId) -> Any:
    """Cut an animatic of an episode beside its master: free, local, at every shot's exact length."""
    return await ended(project, RunOptions(episode=episode, preview=True))


@flow(name="rehearse", flow_run_name=NamedRuns("rehearsal"), persist_result=False, log_prints=False)
@explained
@with_options("rehearse")
async def rehearse(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Produce an episode into the rehearsals' own ledger, store and output. Only vendors on this machine are asked.

    `tailframe rehearse` brings a sandbox that stands in for them.
    """
    return await ended(project, RunOptions.of_parameters(episode, asked, rehearsal=True))


async def ended(project: str, run_options: RunOptions) -> State[Any]:
    """Make an episode, and say how the flow run that is under way ends."""

    async def made() -> State[Any]:
        return final_state(await run_with_options(project, run_options))

    return await as_cancelled(made())


async def run_with_options(project: str, run_options: RunOptions) -> Result:
    """Make an episode as these options ask, inside the flow run that is under way: a task a shot that needs work.

    Raises what `flows.run.session.begin` raises; what a shot meets is in the result.
    """
    keep_log_printable()
    caller = CALLER.get() or Caller(watcher=LogWatcher(run_options.episode))
    try:
        with ending_in_order(caller.watcher.note), decisions_told(events=not run_options.rehearsal):
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
        if CALLER.get() is None and flow_run.flow_run.deployment_id is not None and run_options.buys:
            run_options = await approved_options(folder, run_options, flow_run.flow_run)
    run_options = as_named(project, run_options)
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


def as_tasks(
    production: Production, retry_delays_s: list[float] = RETRY_DELAYS_S
) -> Callable[[str], Awaitable[Outcome]]:
    unread = cast(Production, quote(production))  # Prefect would search it for futures, field by field
    shot = make_shot.with_options(retry_delay_seconds=retry_delays_s)

    async def make(key: str) -> Outcome:
        try:
            outcome = await shot(key, unread)
        except ShotFailed as failed:
            return failed.outcome
        if isinstance(outcome, State):
            raise asyncio.CancelledError
        return outcome

    return make


def final_state(result: Result) -> State[Any]:
    """The flow decides its own end: siblings of a failed shot went on, and the run is failed all the same."""
    if result.exit_code == 0:
        return Completed(message=headline(result.outcomes))
    return Failed(message=printable(result.message, lines=True) or "not everything that was asked for is done")
