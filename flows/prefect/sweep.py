"""The flow for a schedule: settles and collects what earlier runs left at vendors, and looks after runs that died.

It orders nothing by itself. Runs that ended Crashed and that nobody asked for again are asked for again; what they may
spend is what was left to them.
"""

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from typing import Annotated, Any

from prefect import flow
from prefect.states import Completed
from pydantic import Field

from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.flow_docs import explained
from flows.prefect.look_after_runs import look_after_runs
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.prefect.silent_runs import SILENT_FOR
from flows.run.leftovers import Swept, sweep_ledger
from flows.run.tell_outside import send_due
from flows.run.workspace import open_workspace
from flows.terminal.cancellation import ending_in_order
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
            told = await look_after_runs(workspace, project, silent_for, ask_again=ask_again)
            swept = await sweep_ledger(workspace, own, patience)
            await send_due(workspace.ledger, workspace.settings)  # what it settled is told with the rest
    return Completed(message=printable("; ".join([*_words(swept), *told])))


def _words(swept: Sequence[Swept]) -> list[str]:
    """What was left of each series; where nothing was, that of the first."""
    return [each.message for each in swept if each.states] or [swept[0].message]
