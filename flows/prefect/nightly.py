"""The flow for a schedule: makes what changed in every episode of a series, under one day's budget."""

from collections.abc import Collection, Mapping
from decimal import Decimal
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.prefect.caller import CALLER, Caller
from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.flow_docs import explained
from flows.prefect.prefect_log import LogWatcher
from flows.prefect.produce import Project, run_with_options
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns
from flows.run.every_episode import episodes_of, going_on
from flows.run.session import Result, RunOptions
from render.errors import NotApproved
from storyboard.errors import ExitCode
from storyboard.text.printable import printable

__all__ = ["nightly"]

DayBudget = Annotated[
    float,
    Field(
        description="The most that may be spent on the series in one day (UTC), in US dollars",
        ge=0,
        allow_inf_nan=False,
    ),
]


@flow(name="nightly", flow_run_name=NamedRuns("night"), persist_result=False)
@explained
async def nightly(project: Project, budget_usd: DayBudget) -> Any:
    """Make what is missing or changed in each episode, in order, as far as the day's budget reaches."""
    return await as_cancelled(_night(project, budget_usd))


async def _night(project: str, budget_usd: float) -> State[Any]:
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
    return _end(told, codes)


async def _make(project: str, episode: str, budget_usd: float) -> Result:
    token = CALLER.set(Caller(watcher=LogWatcher(episode)))
    try:
        return await run_with_options(project, _run_options(episode, budget_usd))
    finally:
        CALLER.reset(token)


def _run_options(episode: str, budget_usd: float) -> RunOptions:
    return RunOptions(episode=episode, day_budget_usd=Decimal(str(budget_usd)), until_budget=True)


def _end(told: Mapping[str, str], codes: Collection[int]) -> State[Any]:
    """Reaching the budget, or what nobody approved, is how a night is meant to end; a shot that failed is not."""
    message = printable("; ".join(f"{episode}: {words}" for episode, words in told.items()), lines=True)
    if set(codes) - {0, 3}:
        return Failed(message=message)
    if 3 in codes:
        return Completed(name="BudgetReached", message=message)
    return Completed(message=message)
