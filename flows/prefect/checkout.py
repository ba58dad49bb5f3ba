"""The pull step of deployments: their runs work in the checkout that their worker's own Tailframe stands in.

Where it was installed as a package there is no checkout, and a run works wherever its worker lets it. Flows are found
by their modules, not by their files, so nothing of the repository is needed then.

A project may come by a pull step of its own before it, such as a clone of a Git repository: that folder is named then.

A folder that is written into a deployment is that of a shell's `PWD`, which cron, `env -C` and a service manager leave
as it was; and no other machine need have it. Where this module lies cannot be told wrongly.
"""

import os
from pathlib import Path

__all__ = ["as_workers_see", "enter_checkout"]


def as_workers_see(project: str) -> str:
    """A project as deployments name it: in the checkout as seen from there, a folder elsewhere by its whole path."""
    folder, checkout = Path(project).absolute(), _checkout()
    if not folder.is_dir():
        return project
    return str(folder.relative_to(checkout) if checkout and folder.is_relative_to(checkout) else folder)


def enter_checkout(projects: str = "") -> dict[str, str]:
    """Go to the checkout that `flows/` lies in; its path, as Prefect's own steps give theirs. Nothing without one.

    `projects` is the folder in which this run's relative `project` is looked for, as the step before gave it.
    """
    if projects:
        os.environ["TAILFRAME_PROJECTS"] = str(Path(projects).resolve())
    folder = _checkout()
    if folder is None:
        return {}
    os.chdir(folder)
    return {"directory": str(folder)}


def _checkout() -> Path | None:
    folder = Path(__file__).resolve().parents[2]
    return folder if (folder / "prefect.yaml").is_file() else None
