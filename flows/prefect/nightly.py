"""The flow for a schedule: makes what changed in every episode of a series, under one day's budget."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.context import FlowRunContext

from flows.prefect.caller import CALLER, Caller
from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.child_runs import has_deployment
from flows.prefect.flow_docs import explained
from flows.prefect.prefect_log import LogWatcher
from flows.prefect.produce import Project, run_with_options
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns
from flows.prefect.series import DayBudget, make_series, series_end
from flows.run.every_episode import episodes_of, going_on
from flows.run.session import Result, RunOptions
from render.errors import NotApproved
from storyboard.errors import ExitCode

__all__ = ["nightly"]

_ANY_EPISODE = ""


@flow(name="nightly", flow_run_name=NamedRuns("night"), persist_result=False)
@explained
async def nightly(project: Project, budget_usd: DayBudget) -> Any:
    """Make what is missing or changed in each episode, in order, as far as the day's budget reaches.

    By a run of its own each, where the server has the deployment of `produce`; else one after the other, here.
    """
    return await as_cancelled(_night(project, budget_usd))


async def _night(project: str, budget_usd: float) -> State[Any]:
    if await _has_produce():
        options = replace(_run_options(_ANY_EPISODE, budget_usd), wait_for_approval=False)
        return await make_series(project, options)
    told: dict[str, str] = {}
    codes: set[int] = set()

    def met(episode: str, error: Exception) -> None:
        told[episode] = str(error)
        codes.add(ExitCode.BUDGET if isinstance(error, NotApproved) else ExitCode.NOT_DONE)

    for episode in episodes_of(await project_folder(project)):
        with going_on(episode, met):
            result = await _make(project, episode, budget_usd)
            told[episode] = result.message or "done"
            codes.add(result.exit_code)
    return series_end(list(codes), "\n".join(f"{episode}: {words}" for episode, words in told.items()))


async def _has_produce() -> bool:
    """Whether a run of a deployment may ask this server for others. One on a server of its own may not."""
    context = FlowRunContext.get()
    if context is None or context.flow_run is None or context.flow_run.deployment_id is None:
        return False
    async with get_client() as client:
        return await has_deployment(client, "produce/produce")


async def _make(project: str, episode: str, budget_usd: float) -> Result:
    token = CALLER.set(Caller(watcher=LogWatcher(episode)))
    try:
        return await run_with_options(project, _run_options(episode, budget_usd))
    finally:
        CALLER.reset(token)


def _run_options(episode: str, budget_usd: float) -> RunOptions:
    return RunOptions(episode=episode, day_budget_usd=Decimal(str(budget_usd)), until_budget=True)
