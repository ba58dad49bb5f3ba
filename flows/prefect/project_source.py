"""Where a flow finds the project that it was asked for, on whatever machine it runs."""

from pathlib import Path

__all__ = ["project_folder"]


async def project_folder(project: str) -> Path:
    """The folder of the series that a flow's `project` names, as seen from where its worker runs."""
    return Path(project)
