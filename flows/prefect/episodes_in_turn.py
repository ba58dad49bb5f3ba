"""Makes the episodes of a series one after the other within one flow run, where no server has runs to be asked for."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from prefect.client.schemas.objects import State

from flows.prefect.caller import CALLER, Caller
from flows.prefect.episode_run import run_with_options
from flows.prefect.prefect_log import LogWatcher
from flows.prefect.series import series_end
from flows.run.every_episode import episodes_of, going_on
from flows.run.options import RunOptions
from flows.run.run_result import Result
from render.claim_errors import NotApproved
from storyboard.errors import ExitCode

__all__ = ["make_in_turn"]


async def make_in_turn(project: str, folder: Path, options: Callable[[str], RunOptions]) -> State[Any]:
    """Make each episode of the series in `folder` by its own `options`; what one meets stops no other."""
    told: dict[str, str] = {}
    codes: set[int] = set()

    def met(episode: str, error: Exception) -> None:
        told[episode] = str(error)
        codes.add(ExitCode.BUDGET if isinstance(error, NotApproved) else ExitCode.NOT_DONE)

    for episode in episodes_of(folder):
        with going_on(episode, met):
            result = await _make(project, options(episode))
            told[episode] = result.message or "done"
            codes.add(result.exit_code)
    return series_end(list(codes), "\n".join(f"{episode}: {words}" for episode, words in told.items()))


async def _make(project: str, run_options: RunOptions) -> Result:
    token = CALLER.set(Caller(watcher=LogWatcher(run_options.episode)))
    try:
        return await run_with_options(project, run_options)
    finally:
        CALLER.reset(token)
