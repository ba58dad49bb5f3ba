"""The flow that makes an episode: one async flow, one async task for each shot that takes time or money.

Prefect shows it, schedules it and retries a shot over minutes. It decides nothing about money: every task gets the ids
of takes that the ledger opened before it, and calls the same function with them however often it is called.
"""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Annotated, Any, cast

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.context import FlowRunContext
from prefect.states import Completed, Failed
from prefect.tasks import Task
from prefect.utilities.annotations import quote
from pydantic import Field

from flows.prefect.approval_pause import approved_options
from flows.prefect.artifacts import publish_artifacts
from flows.prefect.caller import CALLER, Caller
from flows.prefect.flow_docs import explained, with_options
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable
from flows.prefect.project_source import as_named, project_folder
from flows.run.beginning import begin
from flows.run.session import Result, RunOptions, Session
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order
from render.errors import Transient
from render.takes.outcomes import Outcome, headline
from render.takes.production import Production
from render.watcher import Watcher
from storyboard.text.printable import printable

__all__ = ["as_tasks", "final_state", "preview", "produce", "rehearse", "run_with_options"]

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
async def make_shot(key: str, production: Production) -> Outcome:
    """Carry one shot to its outcome. Raises ShotFailed where that is not good, Transient to be tried again."""
    outcome = await production.make(key)
    if not outcome.good:
        raise ShotFailed(outcome)
    return outcome


@flow(name="produce", flow_run_name="{project}-{episode}", persist_result=False, log_prints=False)
@explained
@with_options("produce")
async def produce(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Make an episode: generate what is missing, cut it, archive it. What exists is never paid for again."""
    return final_state(await run_with_options(project, RunOptions.of_parameters(episode, asked)))


@flow(name="preview", flow_run_name="{project}-{episode}-preview", persist_result=False, log_prints=False)
@explained
async def preview(project: Project, episode: EpisodeId) -> Any:
    """Cut an animatic of an episode beside its master: free, local, at every shot's exact length."""
    return final_state(await run_with_options(project, RunOptions(episode=episode, preview=True)))


@flow(name="rehearse", flow_run_name="{project}-{episode}-rehearsal", persist_result=False, log_prints=False)
@explained
@with_options("rehearse")
async def rehearse(project: Project, episode: EpisodeId, **asked: Any) -> Any:
    """Produce an episode into the rehearsals' own ledger, store and output. Only vendors on this machine are asked.

    `tailframe rehearse` brings a sandbox that stands in for them.
    """
    return final_state(await run_with_options(project, RunOptions.of_parameters(episode, asked, rehearsal=True)))


async def run_with_options(project: str, run_options: RunOptions) -> Result:
    """Make an episode as these options ask, inside the flow run that is under way: a task a shot that needs work.

    Raises what `flows.run.session.begin` raises; what a shot meets is in the result.
    """
    keep_log_printable()
    caller = CALLER.get() or Caller(watcher=LogWatcher(run_options.episode))
    try:
        with ending_in_order(caller.watcher.note), decisions_told():
            result = await _carry_out(project, run_options, caller)
    except Exception as error:
        caller.error = error
        raise
    caller.result = result
    return result


async def _carry_out(project: str, run_options: RunOptions, caller: Caller) -> Result:
    folder, flow_run = await project_folder(project), FlowRunContext.get()
    if flow_run is not None and flow_run.flow_run is not None:
        caller.try_of = f"{flow_run.flow_run.id}-{run_options.episode}"
        run_options = replace(run_options, try_of=caller.try_of)
        if CALLER.get() is None and flow_run.flow_run.deployment_id is not None and run_options.buys:
            run_options = await approved_options(folder, run_options, flow_run.flow_run)
    run_options = as_named(project, run_options)
    opening = open_workspace(folder, watcher=caller.watcher, rehearsal=run_options.rehearsal)
    async with opening as workspace, begin(workspace, run_options) as session:
        delays_s = REHEARSED_DELAYS_S if run_options.rehearsal else RETRY_DELAYS_S
        await session.make_all(as_tasks(session.production, delays_s))
        result = await session.finish()
        await _show(session, result, caller.watcher)
    return result


async def _show(session: Session, result: Result, watcher: Watcher) -> None:
    """What Prefect's pages show is for whoever looks there. Where they cannot be told, the run is none the worse."""
    try:
        await publish_artifacts(session, result)
    except Exception as error:
        watcher.note(f"Prefect's pages could not be told of the shots: {printable(str(error)) or type(error).__name__}")


def as_tasks(
    production: Production, retry_delays_s: list[float] = RETRY_DELAYS_S
) -> Callable[[str], Awaitable[Outcome]]:
    unread = cast(Production, quote(production))  # Prefect would search it for futures, field by field
    shot = make_shot.with_options(retry_delay_seconds=retry_delays_s)

    async def make(key: str) -> Outcome:
        try:
            return await shot(key, unread)
        except ShotFailed as failed:
            return failed.outcome

    return make


def final_state(result: Result) -> State[Any]:
    """The flow decides its own end: siblings of a failed shot went on, and the run is failed all the same."""
    if result.exit_code == 0:
        return Completed(message=headline(result.outcomes))
    return Failed(message=printable(result.message, lines=True) or "not everything that was asked for is done")
