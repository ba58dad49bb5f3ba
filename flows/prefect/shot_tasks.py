"""One async task for each shot that takes time or money: Prefect shows it, and tries it again over minutes.

It decides nothing about money: a task gets the ids of takes that the ledger opened before it, and calls the same
function with them however often it is called.
"""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Cancelled
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from flows.prefect.prefect_log import shot_logs_here
from render.errors import Transient
from render.takes.outcomes import Outcome
from render.takes.production import Production
from storyboard.shot_key import full_key

__all__ = ["REHEARSED_DELAYS_S", "RETRY_DELAYS_S", "as_tasks"]

RETRIES = 3
RETRY_DELAYS_S = [15.0, 60.0, 180.0]
REHEARSED_DELAYS_S = [0.5, 1.0, 2.0]  # a sandbox is never down for minutes


class ShotFailed(Exception):
    """A shot's task ends failed, so that Prefect shows it so; the episode goes on."""

    def __init__(self, outcome: Outcome) -> None:
        self.outcome = outcome
        super().__init__(outcome.message or f"{outcome.key} is {outcome.state.value}")


async def worth_repeating(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001
    """Whether Prefect calls a task again: only where its error is `Transient`, and then with the same take."""
    return isinstance(state.data, Transient)


@task(
    name="shot",
    task_run_name="{key}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=RETRIES,
    retry_delay_seconds=RETRY_DELAYS_S,
    retry_condition_fn=worth_repeating,
)
async def make_shot(key: str, production: Production) -> Outcome | State[Any]:
    """Carry one shot to its outcome. Raises ShotFailed where that is not good, Transient to be tried again.

    A Cancelled where the run is ended meanwhile: whoever called it is to end too.
    """
    shot_logs_here(full_key(production.episode.episode, key, preview=production.preview))
    try:
        outcome = await production.make(key)
    except asyncio.CancelledError:
        return Cancelled(message="the run was ended; what is paid for goes on at its vendor")
    if not outcome.good:
        raise ShotFailed(outcome)
    return outcome


def as_tasks(
    production: Production, retry_delays_s: list[float] = RETRY_DELAYS_S
) -> Callable[[str], Awaitable[Outcome]]:
    unread = cast(Production, quote(production))  # Prefect would search it for futures, field by field
    shot = make_shot.with_options(retry_delay_seconds=retry_delays_s)

    async def make(key: str) -> Outcome:
        try:
            outcome = await shot(key, unread)
        except ShotFailed as failed:
            return failed.outcome
        if isinstance(outcome, State):
            raise asyncio.CancelledError
        return outcome

    return make
