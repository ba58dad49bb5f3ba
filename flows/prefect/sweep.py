"""The flow for a schedule: settles and collects what earlier runs left at vendors, and looks after runs that died.

It orders nothing by itself. Runs that ended Crashed and that nobody asked for again are asked for again; what they may
spend is what was left to them.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Annotated, Any

from prefect import flow
from prefect.client.orchestration import get_client
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed
from pydantic import Field

from flows.prefect.cancelled_runs import as_cancelled, say_again
from flows.prefect.crashed_runs import Asking, ask_crashed_again
from flows.prefect.flow_docs import explained
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.prefect.silent_runs import SILENT_FOR, mark_silent_runs
from flows.run.leftovers import Swept, sweep_ledger
from flows.run.tell_outside import send_due
from flows.run.workspace import Workspace, open_workspace
from flows.terminal.cancellation import ending_in_order
from render.ledger import Ledger, queries
from storyboard.loading import load_project
from storyboard.text.printable import printable

__all__ = ["sweep"]

PATIENCE_S = 900.0
SILENT_S = SILENT_FOR.total_seconds()

PatienceS = Annotated[
    float,
    Field(description="Seconds since its order that a job is waited for; an older one is looked at once", ge=0),
]
SilentS = Annotated[
    float, Field(description="Seconds without a sign of life after which a run counts as crashed", ge=60)
]
AskAgain = Annotated[bool, Field(description="Ask again for runs that crashed, a few times each")]


@flow(name="sweep", flow_run_name=NamedRuns("sweep"), persist_result=False)
@explained
async def sweep(
    project: Project,
    patience_s: PatienceS = PATIENCE_S,
    silent_s: SilentS = SILENT_S,
    ask_again: AskAgain = True,
) -> Any:
    """Settle and collect what earlier runs left at vendors, of every series of the ledger. Orders nothing by itself."""
    keep_log_printable()
    patience, silent_for = timedelta(seconds=patience_s), timedelta(seconds=silent_s)
    return await as_cancelled(_swept(project, patience, silent_for, ask_again=ask_again))


async def _swept(project: str, patience: timedelta, silent_for: timedelta, *, ask_again: bool) -> Any:
    folder, watcher = await project_folder(project), LogWatcher("sweep")
    own = (await asyncio.to_thread(load_project, folder)).series
    await name_after_series(own.series)
    with ending_in_order(watcher.note), decisions_told():
        async with open_workspace(folder, watcher=watcher) as workspace:
            told = await _look_after_runs(workspace, project, silent_for, ask_again=ask_again)
            swept = await sweep_ledger(workspace, own, patience)
            await send_due(workspace.ledger, workspace.settings)  # what it settled is told with the rest
    return Completed(message=printable("; ".join([*_words(swept), *told])))


def _words(swept: Sequence[Swept]) -> list[str]:
    """What was left of each series; where nothing was, that of the first."""
    return [each.message for each in swept if each.states] or [swept[0].message]


async def _look_after_runs(
    workspace: Workspace[Ledger], project: str, silent_for: timedelta, *, ask_again: bool
) -> list[str]:
    async with get_client() as client:
        said = await say_again(client)
        told = [f"{said} cancelled {'run says' if said == 1 else 'runs say'} again what goes on"] if said else []
        told += await mark_silent_runs(client, silent_for)
        return told + (await ask_crashed_again(client, _asking(workspace, project)) if ask_again else [])


def _asking(workspace: Workspace[Ledger], project: str) -> Asking:
    """A project's own ledger says nothing of runs of another project."""
    shared = not isinstance(workspace.places.ledger, Path)

    def ours(run: FlowRun) -> bool:
        return shared or run.parameters.get("project") == project

    def ended(origin: str) -> bool:
        return workspace.ledger.read(queries.has_ended_try, f"{origin}-")

    return Asking(ours=ours, ended=ended)
