"""`tailframe redownload`: fetches finished clips again, for nothing."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import MaybeEpisode, Project, Shots, shot_keys
from flows.cli.exits import ExitCode
from flows.cli.project_access import series_of, takes_asked_for, written_series
from flows.terminal.printing import say, tell

if TYPE_CHECKING:
    from render.ledger import Take
    from render.watcher import Watcher


def redownload(*, project: Project, episode: MaybeEpisode = None, shots: Shots = None) -> int:
    """Fetch every finished clip that is not in the store: damaged, late or lost. Orders nothing and costs nothing.

    Each clip that is fetched is told, and each that is not, with what to
    do; ends with 1 where one is left. Jobs that vendors still work on are
    left to the next run.

      tailframe redownload my-series
      tailframe redownload my-series e01 --shots lamp/010,lamp/020
    """
    from flows.terminal.cancellation import run_in_order
    from flows.terminal.progress import reporting

    chosen = takes_asked_for(project, episode, shot_keys(shots), "redownload")
    with reporting(episode or series_of(project)) as reporter:
        left = run_in_order(_fetch(project, chosen, reporter), reporter.note)
    for take in left:
        say(f"{take.shot}:{take.number}")
    if left:
        tell(f"{len(left)} not fetched; nothing was ordered")
        return ExitCode.NOT_DONE
    tell("every finished clip is in the store")
    return ExitCode.DONE


async def _fetch(project: Path, chosen: "Callable[[Take], bool]", watcher: "Watcher") -> "tuple[Take, ...]":
    import asyncio
    from datetime import timedelta

    from flows.run.workspace import open_workspace
    from render.ledger import RunId, queries
    from render.takes.resume import HAVE_JOBS, redownload, without_clips

    series = series_of(project)
    async with open_workspace(project, watcher=watcher) as opened:
        workspace = opened.for_series(written_series(project))
        takes = await asyncio.to_thread(workspace.ledger.read, queries.takes, series, states=HAVE_JOBS)
        asked = await asyncio.to_thread(without_clips, filter(chosen, takes), workspace.store)
        vendors = {take.provider for take in asked}
        context = workspace.run_context(series, RunId("redownload"), (), also=vendors, patience=timedelta(0))
        try:
            return await redownload(context, asked)
        finally:
            await context.aclose()


COMMANDS = (redownload,)
