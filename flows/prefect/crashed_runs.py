"""Runs that ended Crashed (a dead worker, a machine that went away) are asked again: a few times, under one name.

A run that is asked again is a try of the first one, under whose name the ledger counts what all of them spend
(`flows.run.retry_budget`). Crashed is what Prefect believes of a run, which may be alive: nothing here decides about
money.
"""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowFilter,
    FlowFilterName,
    FlowRunFilter,
    FlowRunFilterEndTime,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.context import FlowRunContext
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError

from flows.prefect.project_source import project_folder
from flows.prefect.run_pages import all_runs
from flows.run.workspace import workspace_of
from render.ledger import queries
from storyboard.text.printable import printable

__all__ = ["OURS", "Asking", "ask_crashed_again", "made_meanwhile", "origin_of", "runs_of_ours"]

OURS = ("nightly", "produce", "reshoot", "series", "shots")
"""Flows whose crashed runs are asked again: what was made by then is never paid for again."""

TRIES_AT_MOST = 3
"""How often one run is asked again, all its tries together."""

LOOKED_BACK = timedelta(days=2)

_TRY_OF = "tailframe-again:"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Which crashed runs are looked after: `ours` says whether a run is of this ledger, `ended` whether the ledger saw
    a run, or another try of it, come to its end, which only its name tells.
    """

    ours: Callable[[FlowRun], bool]
    ended: Callable[[str], bool]


def origin_of(run: FlowRun) -> str:
    """The id of the run that this one is a try of: its own, where nobody asked for it again."""
    return next((tag.removeprefix(_TRY_OF) for tag in run.tags if tag.startswith(_TRY_OF)), str(run.id))


async def made_meanwhile(project: str, *, pays_anew: bool) -> bool:
    """Whether the run that is under way is a try of one that came to its end after all, which it would pay for anew."""
    context = FlowRunContext.get()
    if not pays_anew or context is None or context.flow_run is None:
        return False
    origin = origin_of(context.flow_run)
    if origin == str(context.flow_run.id):
        return False
    folder = await project_folder(project)
    return await asyncio.to_thread(_has_ended, folder, origin)


def _has_ended(project: Path, origin: str) -> bool:
    with workspace_of(project).reading() as workspace:
        return workspace.ledger is not None and workspace.ledger.read(queries.has_ended_try, f"{origin}-")


async def runs_of_ours(client: PrefectClient, state: StateType, flows: Iterable[str] = OURS) -> list[FlowRun]:
    """Runs of these flows that ended so within the last days."""
    since = datetime.now(UTC) - LOOKED_BACK
    return await all_runs(
        client,
        flow_filter=FlowFilter(name=FlowFilterName(any_=list(flows))),
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=[state])),
            end_time=FlowRunFilterEndTime(after_=since),
            tags=FlowRunFilterTags(all_=["tailframe"]),
        ),
    )


async def ask_crashed_again(client: PrefectClient, asking: Asking) -> list[str]:
    """Ask again for each crashed run for which nobody did. Says what became of each that is new, for a person."""
    told = []
    for run in await runs_of_ours(client, StateType.CRASHED):
        if run.deployment_id is None or not asking.ours(run) or await _has_a_parent(client, run):
            continue
        if words := await _ask_again(client, run, run.deployment_id, asking):
            told.append(f"{printable(run.name)} {words}")
    return told


async def _ask_again(client: PrefectClient, run: FlowRun, deployment: UUID, asking: Asking) -> str:
    origin = origin_of(run)
    tries = await client.read_flow_runs(flow_run_filter=FlowRunFilter(tags=FlowRunFilterTags(all_=[_TRY_OF + origin])))
    key = f"again-{run.id}"
    if any(each.idempotency_key == key for each in tries):
        return ""
    if len(tries) >= TRIES_AT_MOST:
        return f"crashed, and so did {len(tries)} tries of it: look at its log"
    if _pays_anew(run) and asking.ended(origin):
        return ""
    try:
        await client.create_flow_run_from_deployment(
            deployment, parameters=run.parameters, idempotency_key=key, tags=[_TRY_OF + origin]
        )
    except (ObjectNotFound, PrefectHTTPStatusError) as error:
        return f"crashed, and its deployment takes no run ({printable(str(error)):.200})"
    return "crashed, and is asked again"


def _pays_anew(run: FlowRun) -> bool:
    """Whether it would pay for what the run before it made, had that come to its end. A retake does unless told not."""
    asked = run.parameters
    return bool(asked.get("new_take", bool(asked.get("shots"))) or asked.get("anew"))


async def _has_a_parent(client: PrefectClient, run: FlowRun) -> bool:
    """Whether another run asked for this one and looks after it: one that goes on, or that is asked again itself."""
    if run.parent_task_run_id is None:
        return False
    placeholder = await client.read_task_run(run.parent_task_run_id)
    if placeholder.flow_run_id is None:
        return False
    parent = await client.read_flow_run(placeholder.flow_run_id)
    return parent.state is None or not parent.state.is_final() or parent.state.is_crashed()
