"""What an interrupted command leaves at vendors, and how it is ended there: Ctrl-C by itself cancels nothing."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from render.ledger import Take

__all__ = ["orders_left"]

FOLLOWS_ORDERS = frozenset({"produce", "redownload", "reconcile"})
"""Commands that send orders, or wait for what was ordered, by the project's own ledger."""


def orders_left(command: str, project: Path | None, episode: str | None) -> str:
    """`. 2 orders are out …`, to end a sentence; empty where none is, or where that cannot be told. Never raises."""
    if project is None or command not in FOLLOWS_ORDERS:
        return ""
    try:
        takes = _out(project, episode)
    except BaseException:  # whoever is interrupted wants to leave, and may press the key again
        return ""
    return _told(takes, project, episode) if takes else ""


def _out(project: Path, episode: str | None) -> "Sequence[Take]":
    from flows.cli.project_access import series_of
    from flows.run.workspace import workspace_of
    from render.ledger import queries
    from render.takes.cancel import OUT, is_out
    from storyboard.shot_key import is_of_episode

    series = series_of(project)
    with workspace_of(project).reading() as workspace:
        takes = () if workspace.ledger is None else workspace.ledger.read(queries.takes, series, states=OUT)
    return [take for take in takes if is_out(take) and (not episode or is_of_episode(take.shot, episode))]


def _told(takes: "Sequence[Take]", project: Path, episode: str | None) -> str:
    from storyboard.paths import typed

    vendors = ", ".join(sorted({take.provider for take in takes}))
    orders = "1 order is out and goes" if len(takes) == 1 else f"{len(takes)} orders are out and go"
    command = " ".join(filter(None, ("tailframe cancel", typed(project), episode)))
    return f". {orders} on at {vendors}; to end what can be ended there: {command}"
