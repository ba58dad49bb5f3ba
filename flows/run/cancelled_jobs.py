"""Ends jobs that are out, at vendors that can end them: what `tailframe cancel` and the flow `cancel_jobs` share."""

import asyncio
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.ledger import Take
    from render.takes.cancel import Cancellation
    from render.watcher import Watcher
    from storyboard.model import SeriesFile

__all__ = ["end_jobs", "takes_out"]

WAITS = timedelta(seconds=30)
"""For the answer to an order that is being sent, and for a vendor that has agreed to end a job."""


def takes_out(project: Path, series: str, chosen: "Callable[[Take], bool]") -> "tuple[Take, ...]":
    """The takes that are asked for and out, by shot and number."""
    from flows.run.workspace import workspace_of
    from render.ledger import queries
    from render.takes.cancel import OUT, is_out

    with workspace_of(project).reading() as workspace:
        takes = () if workspace.ledger is None else workspace.ledger.read(queries.takes, series, states=OUT)
    return tuple(take for take in takes if is_out(take) and chosen(take))


async def end_jobs(
    project: Path, series: "SeriesFile", takes: "Sequence[Take]", watcher: "Watcher"
) -> "tuple[Cancellation, ...]":
    """End these, side by side, as far as their vendors can; see `render.takes.cancel.cancel_takes`."""
    from flows.run.workspace import open_workspace
    from render.ledger import RunId
    from render.takes.cancel import cancel_takes

    async with open_workspace(project, watcher=watcher) as opened:
        workspace, vendors = opened.for_series(series), {take.provider for take in takes}
        name = RunId("cancel")
        context = await asyncio.to_thread(workspace.run_context, series.series, name, (), vendors, patience=WAITS)
        try:
            return await cancel_takes(context, takes)
        finally:
            await context.aclose()
