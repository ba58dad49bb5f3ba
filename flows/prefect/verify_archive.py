"""The flow for a schedule: reads the newest archive of each episode of a series, every byte of it."""

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from prefect import flow, task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed, Failed
from pydantic import Field

from flows.prefect.flow_docs import explained
from flows.prefect.prefect_log import keep_log_printable
from flows.prefect.produce import Project
from flows.prefect.project_source import project_folder
from flows.prefect.run_names import NamedRuns, name_after_series
from flows.run.newest_archives import Checked, check_newest
from flows.run.workspace import workspace_of
from storyboard.loading import load_project
from storyboard.text.printable import printable

__all__ = ["verify_archive"]

WhichEpisodes = Annotated[
    list[str] | None, Field(description="Only these episodes; empty: every one of the series", examples=[["e01"]])
]


class ArchiveDamaged(Exception):
    """A task ends failed, so that Prefect shows it so; the other archives are read all the same."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked
        super().__init__("; ".join(checked.problems))


@task(name="archive", task_run_name="{episode}", cache_policy=NO_CACHE, persist_result=False)
async def read_archive(archive_url: str, series: str, episode: str) -> Checked:
    """Read one archive. Raises ArchiveDamaged where it is not as it was archived."""
    checked = await asyncio.to_thread(check_newest, archive_url, series, episode)
    if checked.problems:
        raise ArchiveDamaged(checked)
    return checked


@flow(name="verify", flow_run_name=NamedRuns("verify"), persist_result=False)
@explained
async def verify_archive(project: Project, episodes: WhichEpisodes = None) -> Any:
    """Read every byte of the newest archive of each episode, as `tailframe verify` does. Changes nothing."""
    keep_log_printable()
    folder = await project_folder(project)
    loaded = await asyncio.to_thread(load_project, folder)
    series, archive_url = loaded.series.series, workspace_of(folder).places.archive_url
    await name_after_series(series)
    checked = [await _read(archive_url, series, episode) for episode in sorted(episodes or loaded.episodes)]
    return _end(checked, archive_url)


async def _read(archive_url: str, series: str, episode: str) -> Checked:
    try:
        return await read_archive(archive_url, series, episode)
    except ArchiveDamaged as damaged:
        return damaged.checked


def _end(checked: Sequence[Checked], archive_url: str) -> State[Any]:
    """Failed where one is damaged, or where nothing is archived at all: that is how a lost disk looks."""
    damaged = [each for each in checked if each.problems]
    without = [each.episode for each in checked if each.version is None]
    whole = len(checked) - len(damaged) - len(without)
    told = [f"{whole} of {len(checked)} archives are whole"]
    told += [f"{each.episode} ({each.version}): {'; '.join(each.problems)}" for each in damaged]
    if without:
        told.append(f"not archived at {archive_url}: {', '.join(without)}")
    message = printable("; ".join(told))
    return Failed(message=message) if damaged or not whole else Completed(message=message)
