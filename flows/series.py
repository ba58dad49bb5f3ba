"""The flow for a schedule: makes what changed in every episode of a series, under one day's budget."""

from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.desk import DESK, Desk
from flows.forms import explained
from flows.produce import Project, run_assignment
from flows.reports import LogWatcher
from flows.session import Assignment, Result
from storyboard.loading import load_project

__all__ = ["nightly"]

DayBudget = Annotated[
    float, Field(description="The most that may be spent on the series in one day (UTC), in US dollars", ge=0)
]


@flow(name="nightly", flow_run_name="{project}-nightly", persist_result=False)
@explained
async def nightly(project: Project, budget_usd: DayBudget) -> Any:
    """Make what is missing or changed in each episode, in order, as far as the day's budget reaches."""
    results: dict[str, Result] = {}
    for episode in sorted(load_project(Path(project)).episodes):
        token = DESK.set(Desk(watcher=LogWatcher(episode)))
        try:
            results[episode] = await run_assignment(project, _assignment(episode, budget_usd))
        finally:
            DESK.reset(token)
    return _end(results)


def _assignment(episode: str, budget_usd: float) -> Assignment:
    return Assignment(episode=episode, day_budget_usd=Decimal(str(budget_usd)), until_budget=True)


def _end(results: dict[str, Result]) -> State[Any]:
    """Reaching the budget is how a night is meant to end; a shot that failed is not."""
    told = "; ".join(f"{episode}: {result.message or 'done'}" for episode, result in results.items())
    codes = {result.exit_code for result in results.values()}
    if codes - {0, 3}:
        return Failed(message=told)
    if 3 in codes:
        return Completed(name="BudgetReached", message=told)
    return Completed(message=told)
