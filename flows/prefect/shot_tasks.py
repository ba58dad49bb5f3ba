"""One async task for each shot that takes time or money: Prefect shows it, and tries it again over minutes.

It decides nothing about money: a task gets the ids of takes that the ledger opened before it, and calls the same
function with them however often it is called.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any, cast

from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State, TaskRun
from prefect.states import Cancelled, Failed
from prefect.tasks import Task
from prefect.utilities.annotations import quote

from flows.prefect.prefect_log import shot_logs_here
from render.errors import passes
from render.takes.outcomes import Outcome
from render.takes.production import Production
from storyboard.shot_key import full_key

__all__ = ["REHEARSED_DELAYS_S", "RETRY_DELAYS_S", "as_tasks"]

RETRIES = 3
RETRY_DELAYS_S = [15.0, 60.0, 180.0]
REHEARSED_DELAYS_S = [0.5, 1.0, 2.0]  # a sandbox is never down for minutes


async def worth_repeating(task: Task[..., Any], run: TaskRun, state: State[Any]) -> bool:  # noqa: ARG001
    """Whether Prefect calls a task again: only where its error may pass by itself, and then with the same take."""
    return isinstance(state.data, BaseException) and passes(state.data)


@task(
    name="shot",
    task_run_name="{key}",
    cache_policy=NO_CACHE,
    persist_result=False,
    retries=RETRIES,
    retry_delay_seconds=RETRY_DELAYS_S,
    retry_condition_fn=worth_repeating,
)
async def make_shot(key: str, production: Production, needed: Sequence[Outcome]) -> Outcome | State[Any]:  # noqa: ARG001
    """Carry one shot to its outcome. Where that is not good, a Failed: Prefect shows it so, and the episode goes on.

    `needed` is what tasks gave for the shots that it continues or is sent: Prefect draws a line from each of them.
    Raises what may pass by itself (`render.errors.passes`), to be tried again.

    A Cancelled where the run is ended meanwhile: whoever called it is to end too.
    """
    shot_logs_here(full_key(production.episode.episode, key, preview=production.preview))
    try:
        outcome = await production.make(key)
    except asyncio.CancelledError:
        return Cancelled(message="the run was ended; what is paid for goes on at its vendor")
    if not outcome.good:
        return Failed(message=outcome.message or f"{outcome.key} is {outcome.state.value}")
    return outcome


def as_tasks(
    production: Production, retry_delays_s: list[float] = RETRY_DELAYS_S
) -> Callable[[str], Awaitable[Outcome]]:
    unread = cast(Production, quote(production))  # Prefect would search it for futures, field by field
    made: dict[str, Outcome] = {}
    shot = make_shot.with_options(retry_delay_seconds=retry_delays_s)

    async def make(key: str) -> Outcome:
        needed = [made[each] for each in production.episode.shot(key).needs if each in made]
        outcome = await shot(key, unread, needed)
        if not isinstance(outcome, State):
            made[key] = outcome
        elif outcome.is_cancelled():
            raise asyncio.CancelledError
        return production.outcomes[key]

    return make
