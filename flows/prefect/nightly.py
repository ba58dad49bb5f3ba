"""The flow for a schedule: makes what changed in each episode of a series, under one day's budget, within its hours."""

from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Annotated, Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import State
from prefect.states import Completed
from pydantic import Field

from flows.prefect.caller import is_deployed
from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.child_runs import has_deployment
from flows.prefect.default_variables import the_budget_usd
from flows.prefect.episodes_in_turn import make_in_turn
from flows.prefect.flow_docs import explained
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns
from flows.prefect.series import make_series
from flows.run.night_window import NightWindow, night_window
from flows.run.options import RunOptions
from flows.run.window_now import open_until

__all__ = ["nightly"]

_ANY_EPISODE = ""

DayBudget = Annotated[
    float | None,
    Field(
        description="The most that may be spent on the series in one day (UTC), in US dollars; empty: the Prefect "
        "variable tailframe_budget_usd",
        ge=0,
        allow_inf_nan=False,
    ),
]

HOUR = r"^(([01]\d|2[0-3]):[0-5]\d)?$"
WindowFrom = Annotated[
    str,
    Field(description="Order nothing before this hour of the clock; empty: at any", examples=["22:00"], pattern=HOUR),
]
WindowUntil = Annotated[
    str,
    Field(
        description="Order nothing from this hour on, which may be of the next day; what is at vendors is followed",
        examples=["06:00"],
        pattern=HOUR,
    ),
]
TimeZone = Annotated[
    str,
    Field(description="Whose clock shows these hours, by its name in the IANA database", examples=["Europe/Berlin"]),
]


@flow(name="nightly", flow_run_name=NamedRuns("night"), persist_result=False)
@explained
async def nightly(
    project: Project,
    budget_usd: DayBudget = None,
    window_from: WindowFrom = "",
    window_until: WindowUntil = "",
    time_zone: TimeZone = "UTC",
) -> Any:
    """Make what is missing or changed in each episode, in order, as far as the day's budget and the hours reach.

    By a run of its own each, where the server has the deployment of `produce`; else one after the other, here.
    """
    return await as_cancelled(_night(project, budget_usd, night_window(window_from, window_until, time_zone)))


async def _night(project: str, budget_usd: float | None, window: NightWindow | None) -> State[Any]:
    folder = await project_folder(project)
    until = None if window is None else await open_until(folder, window)
    if window is not None and until is None:
        return Completed(name="OutsideWindow", message=f"nothing was ordered: it is not within {window}")
    options = partial(_run_options, await the_budget_usd(budget_usd), until)
    if await _has_produce():
        return await make_series(project, replace(options(_ANY_EPISODE), wait_for_approval=False))
    return await make_in_turn(project, folder, options)


async def _has_produce() -> bool:
    """Whether a run of a deployment may ask this server for others. One on a server of its own may not."""
    if not is_deployed():
        return False
    async with get_client() as client:
        return await has_deployment(client, "produce/produce")


def _run_options(day_usd: Decimal, until: datetime | None, episode: str) -> RunOptions:
    return RunOptions(episode=episode, day_budget_usd=day_usd, until_budget=True, orders_until=until)
