"""The flow that ends jobs at vendors, for whoever has only Prefect's pages: what `tailframe cancel` does."""

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from prefect import flow
from prefect.states import Completed, Failed
from pydantic import Field

from flows.errors import UsageError
from flows.prefect.cancelled_runs import as_cancelled
from flows.prefect.flow_docs import explained
from flows.prefect.prefect_log import LogWatcher, decisions_told, keep_log_printable
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.run.asked_takes import takes_meant
from flows.run.cancelled_jobs import end_jobs, takes_out
from flows.terminal.cancellation import ending_in_order
from storyboard.loading import load_project
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from render.ledger import Take
    from storyboard.model import SeriesFile

__all__ = ["cancel_jobs"]

WhichEpisode = Annotated[
    str | None, Field(description="The episode whose jobs are ended; empty: the whole series", examples=["e01"])
]
WhichShots = Annotated[
    list[str] | None,
    Field(description="Only jobs of these shots of the episode, as SCENE/SHOT; empty: all", examples=[["lamp/010"]]),
]


@flow(name="cancel_jobs", flow_run_name=NamedRuns("cancel jobs"), persist_result=False)
@explained
async def cancel_jobs(project: Project, episode: WhichEpisode = None, shots: WhichShots = None) -> Any:
    """End jobs that are out at vendors, where a vendor can end them. Orders nothing, and loses no finished clip.

    What a vendor charges all the same counts as spent. What it cannot end goes on, and the next run follows it.
    """
    keep_log_printable()
    return await as_cancelled(_cancelled(await project_folder(project), episode or None, shots or None))


async def _cancelled(project: Path, episode: str | None, shots: list[str] | None) -> Any:
    series, takes = await asyncio.to_thread(_chosen, project, episode, shots)
    await name_after_series(series.series)
    watcher = LogWatcher(episode or series.series)
    with ending_in_order(watcher.note), decisions_told():
        ended = await end_jobs(project, series, takes, watcher) if takes else ()
    told = [printable(f"{each.take.shot}:{each.take.number} {each.message}") for each in ended]
    left = sum(each.out for each in ended)
    message = "; ".join([f"{left} of {len(ended)} still out" if left else f"{len(ended)} ended, none is out", *told])
    return Failed(message=message) if left else Completed(message=message if ended else "no order is out")


def _chosen(project: Path, episode: str | None, shots: list[str] | None) -> "tuple[SeriesFile, tuple[Take, ...]]":
    """The series, and those of its takes that are out and meant. Raises NoSuchName; UsageError for shots of nothing."""
    if episode is None and shots:
        raise UsageError("shots are named within an episode, and none was named", "Say which episode they are of")
    series = load_project(project).series
    meant = (lambda _: True) if episode is None else takes_meant(project, episode, shots)
    return series, takes_out(project, series.series, meant)
