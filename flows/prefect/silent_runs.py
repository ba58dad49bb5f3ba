"""Runs from which nothing is heard any more: their worker died, and no state of theirs says so.

`automations` mark them as soon as they are silent for long enough. The sweep looks too, since a server may lose what an
automation waits for: on SQLite whenever its database is busy as a sign of life comes, on PostgreSQL now and then as a
run begins. What is silent stays silent, so the next look finds it.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.client.schemas.responses import OrchestrationResult, SetStateStatus
from prefect.states import Crashed

from flows.prefect.run_pages import all_runs
from storyboard.text.printable import printable

__all__ = ["HEARTBEAT", "RUN", "SILENT_FOR", "mark_silent_runs", "silent_words"]

RUN = "prefect.flow-run"
"""What Prefect's events and resources of flow runs begin with."""

HEARTBEAT = f"{RUN}.heartbeat"
"""The event that a flow run emits from time to time."""

SILENT_FOR = timedelta(seconds=540)
"""Three of Prefect's own heartbeats. A living run that is marked because they are late goes on, and loses nothing."""


def silent_words(silent_for: timedelta) -> str:
    """What a run that is marked says of itself."""
    return (
        f"nothing was heard of this run for {int(silent_for.total_seconds())} s: its worker may have died. "
        "The sweep settles what it had ordered, and asks for the run again"
    )


async def mark_silent_runs(client: PrefectClient, silent_for: timedelta = SILENT_FOR) -> list[str]:
    """Mark as Crashed the runs of ours that a worker took and that gave no sign of life for so long.

    All times are the server's, so that a clock of a worker that is wrong marks nothing. Says what it marked.
    """
    told = []
    for run in await _taken(client):
        now, heard = await _last_heard(client, run)
        if now - heard >= silent_for:
            # Not by force: a run that has come to its end meanwhile stays what it is.
            answer: OrchestrationResult[Any] = await client.set_flow_run_state(
                run.id, Crashed(message=silent_words(silent_for))
            )
            if answer.status is SetStateStatus.ACCEPT:
                told.append(f"{printable(run.name)} was silent, and counts as crashed")
    return told


async def _taken(client: PrefectClient) -> list[FlowRun]:
    taken = [StateType.PENDING, StateType.RUNNING]
    return await all_runs(
        client,
        flow_run_filter=FlowRunFilter(
            state=FlowRunFilterState(type=FlowRunFilterStateType(any_=taken)),
            tags=FlowRunFilterTags(all_=["tailframe"]),
        ),
    )


async def _last_heard(client: PrefectClient, run: FlowRun) -> tuple[datetime, datetime]:
    """The time, and when the server last heard of the run: of a state of it, or a heartbeat."""
    wanted: Mapping[str, Any] = {
        "event": {"name": [HEARTBEAT]},
        "resource": {"id": [f"{RUN}.{run.id}"]},
        "occurred": {"until": (datetime.now(UTC) + timedelta(days=2)).isoformat()},  # by the clock of whoever ran it
        "order": "DESC",
    }
    answer = await client.request("POST", "/events/filter", json={"filter": wanted, "limit": 1})
    now = parsedate_to_datetime(answer.headers["date"])
    heard = [datetime.fromisoformat(each["received"]) for each in answer.json()["events"]]
    return now, max([*heard, run.updated or now])
