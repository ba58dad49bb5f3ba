"""The pull step of prefect.yaml: runs of deployments work in the checkout that their worker's own Tailframe stands in.

A project may come by a pull step of its own before it, such as a clone of a Git repository: that folder is named then.

A folder that is written into a deployment is that of a shell's `PWD`, which cron, `env -C` and a service manager leave
as it was; and no other machine need have it. Where this module lies cannot be told wrongly.
"""

import os
from pathlib import Path

__all__ = ["enter_checkout"]


def enter_checkout(projects: str = "") -> dict[str, str]:
    """Go to the folder that `flows/` lies in; its path, as Prefect's own steps give theirs.

    `projects` is the folder in which this run's relative `project` is looked for, as the step before gave it.
    """
    if projects:
        os.environ["TAILFRAME_PROJECTS"] = str(Path(projects).resolve())
    folder = Path(__file__).resolve().parents[2]
    os.chdir(folder)
    return {"directory": str(folder)}
