"""The flow for a schedule: lets runs go on that wait for an approval of which nobody has told this server."""

import asyncio
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.states import Completed

from flows.prefect.flow_docs import explained
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns
from flows.prefect.waiting_runs import let_go_on
from flows.run.every_episode import episodes_of
from flows.run.workspace import workspace_of
from render.ledger import approval_queries
from storyboard.loading import load_project

__all__ = ["look_again"]


@flow(name="approvals", flow_run_name=NamedRuns("approvals"), persist_result=False)
@explained
async def look_again(project: Project) -> Any:
    """Let runs look again that wait since before the last approval of their episode. Orders nothing."""
    told = await asyncio.to_thread(_let_go_on, await project_folder(project))
    return Completed(message="; ".join(told) or "nothing was approved of what runs wait for")


def _let_go_on(project: Path) -> tuple[str, ...]:
    series, told = load_project(project).series.series, list[str]()
    with workspace_of(project).reading() as workspace:
        if workspace.ledger is None:
            return ()
        for episode in episodes_of(project):
            approvals = workspace.ledger.read(approval_queries.approvals, series, episode)
            newest = max((each.at for each in approvals if each.stands), default=None)
            told += () if newest is None else let_go_on(series, episode, approved_at=newest)
    return tuple(told)
