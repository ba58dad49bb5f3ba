"""Where a flow finds the project that it was asked for, on whatever machine it runs."""

from pathlib import Path

from flows.prefect.default_variables import the_project
from flows.prefect.secret_blocks import take_keys_from_blocks
from flows.run.options import RunOptions
from flows.run.snapshot_project import as_named as options_named
from flows.run.snapshot_project import fetched_copy, fetched_project, named_snapshot
from flows.settings import read_settings

__all__ = ["as_named", "project_folder"]


async def project_folder(project: str) -> Path:
    """The folder of the series that a flow's `project` names, as seen from where its worker runs.

    An empty one is the Prefect variable's. `snapshot:SHA256`, as `tailframe push` names it, is fetched from the store
    into the worker's own work folder. A folder begins where the process stands; in a checkout that a pull step made for
    this very run (TAILFRAME_PROJECTS) it is frozen first, as nothing there outlasts the run. The vendors' keys that
    this process lacks are taken from secret blocks before, since every flow begins here. Raises UsageError,
    SettingsError, StoreError, InvalidProject.
    """
    await take_keys_from_blocks()
    project = await the_project(project)
    if (snapshot := named_snapshot(project)) is not None:
        return await fetched_project(snapshot)
    checkout = read_settings().tailframe_projects
    return Path(project) if checkout is None else await fetched_copy(checkout / project)


async def as_named(project: str, run_options: RunOptions) -> RunOptions:
    """The options of a run of such a project: of a snapshot that is named, be it by the variable, as it was frozen."""
    return options_named(await the_project(project), run_options)
