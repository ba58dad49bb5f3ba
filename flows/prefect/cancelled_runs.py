"""How a run ends that somebody cancelled on Prefect's pages: in order, as Cancelled, saying what goes on at vendors.

A worker ends a run's process by a signal, and then writes words of its own over whatever the run said of its end. So
the run says it in its log, and as its own last state; the sweep says it once more, where Prefect wrote over it.
"""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable
from typing import Any

import httpx
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.context import FlowRunContext
from prefect.states import Cancelled

from flows.prefect.crashed_runs import runs_of_ours
from flows.run.left_at_vendors import left_at_vendors
from flows.run.session import Session
from render.errors import RenderError

__all__ = ["PREFECTS_WORDS", "as_cancelled", "say_again", "told_when_cancelled"]

_LOG = logging.getLogger(__name__)

PREFECTS_WORDS = "Flow run was cancelled successfully."
"""With which a worker ends every run that was cancelled."""

_OURS = "cancelled: "


@contextlib.asynccontextmanager
async def told_when_cancelled(session: Session) -> AsyncIterator[None]:
    """Where this block is cancelled, say what goes on at vendors, and let the error say it too."""
    try:
        yield
    except asyncio.CancelledError:
        try:
            words = await left_at_vendors(session.context, session.run_options.episode)
        except RenderError as error:  # of the ledger: the jobs go on all the same
            words = f"what goes on cannot be told ({error.message})"
        session.context.watcher.note(f"{_OURS}{words}")
        raise asyncio.CancelledError(words) from None


async def as_cancelled(making: Awaitable[State[Any]]) -> State[Any]:
    """What `making` returns; where somebody cancelled the run on Prefect's pages, a Cancelled that says what goes on.

    A process that was only told to end (its worker is stopped) has not been cancelled: its run ends as Crashed, and is
    asked again.
    """
    try:
        return await making
    except asyncio.CancelledError as error:
        if not await _was_cancelled():
            raise
        return Cancelled(message=f"{_OURS}{error.args[0] if error.args else 'nothing had been ordered'}")


async def _was_cancelled() -> bool:
    context = FlowRunContext.get()
    if context is None or context.flow_run is None:
        return False
    try:
        async with get_client() as client:
            now = await client.read_flow_run(context.flow_run.id)
    except (httpx.HTTPError, OSError) as error:
        _LOG.warning("the Prefect server does not say whether this run was cancelled (%s)", error)
        return False
    return now.state is not None and now.state.type in {StateType.CANCELLING, StateType.CANCELLED}


async def say_again(client: PrefectClient) -> int:
    """Give cancelled runs their own last words back where a worker wrote over them; how many it were."""
    said = 0
    for run in await runs_of_ours(client, StateType.CANCELLED):
        if run.state is not None and run.state.message == PREFECTS_WORDS:
            said += await _say_again(client, run)
    return said


async def _say_again(client: PrefectClient, run: FlowRun) -> bool:
    states = await client.read_flow_run_states(run.id)
    own = [state for state in states if state.is_cancelled() and (state.message or "").startswith(_OURS)]
    if not own:
        return False
    await client.set_flow_run_state(run.id, Cancelled(message=own[-1].message), force=True)
    return True
