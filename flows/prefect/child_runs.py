"""Runs of deployments that belong to a flow run: asked for once, followed to their ends, asked for again if they die.

Each has an idempotency key of the run that asks, of what it is for, and of how often that was asked for: whoever asks
twice finds the same run. The task run that Prefect's pages link it by has the same key, so that a flow run which is run
again links each child where it was (those of `run_deployment` are counted in the order of its calls).

Whether something is paid is no matter of these runs: a run that is asked for again goes on where the ledger stands.
"""

import asyncio
import itertools
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, TypeVar
from uuid import UUID

import httpx
from prefect.client.schemas.filters import FlowRunFilter, FlowRunFilterId, FlowRunFilterParentFlowRunId
from prefect.exceptions import ObjectNotFound, PrefectHTTPStatusError
from prefect.states import Pending, Scheduled
from prefect.tasks import Task
from prefect.utilities.slugify import slugify

from flows.errors import ServerError
from flows.prefect.run_pages import MOST_A_PAGE, all_runs
from storyboard.text.printable import printable

if TYPE_CHECKING:
    from prefect.client.orchestration import PrefectClient
    from prefect.client.schemas.objects import FlowRun

__all__ = ["ChildRuns", "Wanted", "has_deployment"]

POLL_S = 3.0
AGAIN_AFTER_S = (5.0, 30.0, 60.0, 90.0, 120.0)
"""Seconds from the death of a run, as its server tells it, until it is asked for again: so often, and then no more."""

SERVER_PATIENCE_S = (2.0, 5.0, 10.0, 20.0, 30.0)
"""Seconds between two questions to a server that does not answer; the last of them for as long as it takes."""

T = TypeVar("T")
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """One thing that is wanted of a deployment, however often it has to be asked for."""

    key: str  # what it is for, unlike any other of the same parent
    deployment: str  # FLOW/DEPLOYMENT
    parameters: Callable[[Sequence[UUID]], Awaitable[Mapping[str, Any]]]  # given the runs of it that died before


@dataclass(slots=True, kw_only=True)
class ChildRuns:
    """The context of one flow run that asks for others: what it follows, and what earlier tries of it saw ended."""

    client: "PrefectClient"
    parent: UUID
    over: frozenset[UUID]  # children that had ended before this try of the parent began
    poll_s: float = POLL_S
    again_after_s: Sequence[float] = AGAIN_AFTER_S
    _deployments: dict[str, UUID] = field(default_factory=dict)
    _followed: "dict[UUID, asyncio.Future[FlowRun]]" = field(default_factory=dict)

    @classmethod
    async def of(cls, client: "PrefectClient", parent: "FlowRun") -> "ChildRuns":
        """Those of a flow run that is under way; where it was tried before, with what it asked for then."""
        own = FlowRunFilter(parent_flow_run_id=FlowRunFilterParentFlowRunId(any_=[parent.id]))
        found = await _patiently(partial(all_runs, client, flow_run_filter=own))
        return cls(client=client, parent=parent.id, over=frozenset(run.id for run in found if _is_final(run)))

    async def brought_to_end(self, wanted: Wanted) -> "tuple[FlowRun, ...]":
        """Ask for a run and follow it until it ends, or suspends itself. One that died is asked for again.

        Gives every run that it took, the one that counts last. Raises ServerError where the server has no such
        deployment, or takes no such run.
        """
        dead: list[FlowRun] = []
        again = iter(self.again_after_s)
        for attempt in itertools.count(1):
            run = await self._asked(wanted, attempt, dead)
            if run.id in self.over:
                dead.append(run)
                continue
            run = await self._ended(run.id)
            wait_s = next(again, None) if run.state is not None and run.state.is_crashed() else None
            if wait_s is None:
                return (*dead, run)
            _LOG.warning("the run %s of %s died (%s); it is asked for again", run.name, wanted.key, _why(run))
            dead.append(run)
            await asyncio.sleep(wait_s)
        raise AssertionError("numbers do not end")

    async def follow(self) -> None:
        """Look how all of them stand, again and again, for as long as nobody cancels this."""
        while True:
            await asyncio.sleep(self.poll_s)
            waiting = [run for run, end in self._followed.items() if not end.done()]
            for some in _batches(waiting):
                self._heard(await _patiently(partial(self._read, some)))

    async def _read(self, runs: Sequence[UUID]) -> "list[FlowRun]":
        which = FlowRunFilter(id=FlowRunFilterId(any_=list(runs)))
        return await self.client.read_flow_runs(flow_run_filter=which, limit=MOST_A_PAGE)

    def _heard(self, runs: "Sequence[FlowRun]") -> None:
        for run in runs:
            end = self._followed.get(run.id)
            if end is not None and not end.done() and (_is_final(run) or _is_suspended(run)):
                end.set_result(run)

    async def _ended(self, run: UUID) -> "FlowRun":
        end = self._followed.setdefault(run, asyncio.get_running_loop().create_future())
        return await end

    async def _asked(self, wanted: Wanted, attempt: int, dead: "Sequence[FlowRun]") -> "FlowRun":
        parameters = await wanted.parameters([run.id for run in dead])
        try:
            return await _patiently(lambda: self._ask(wanted, attempt, parameters))
        except ObjectNotFound:
            told = f"the Prefect server has no deployment {wanted.deployment}"
            raise ServerError(told, "Deploy it: prefect deploy --all") from None
        except PrefectHTTPStatusError as error:
            code, words = error.response.status_code, printable(error.response.text[:300])
            told = f"the Prefect server refuses a run of {wanted.deployment}: {code} {words}"
            raise ServerError(told, "Deploy it anew with this version: prefect deploy --all") from error

    async def _ask(self, wanted: Wanted, attempt: int, parameters: Mapping[str, Any]) -> "FlowRun":
        key = f"{self.parent}-{wanted.key}-{attempt}"
        if wanted.deployment not in self._deployments:
            found = await self.client.read_deployment_by_name(wanted.deployment)
            self._deployments[wanted.deployment] = found.id
        link = Task(name=wanted.key, fn=_nothing)
        link.task_key = f"{__name__}.{slugify(wanted.deployment)}"
        linked = await self.client.create_task_run(
            task=link, flow_run_id=self.parent, dynamic_key=key, name=wanted.key, state=Pending()
        )
        return await self.client.create_flow_run_from_deployment(
            self._deployments[wanted.deployment],
            parameters=dict(parameters),
            state=Scheduled(),
            idempotency_key=key,
            parent_task_run_id=linked.id,
        )


async def has_deployment(client: "PrefectClient", name: str) -> bool:
    """Whether the server has a deployment of this name."""
    try:
        await _patiently(lambda: client.read_deployment_by_name(name))
    except ObjectNotFound:
        return False
    return True


async def _patiently(ask: Callable[[], Awaitable[T]]) -> T:
    """The server's answer, be it gone for as long as it takes. Raises what it answers to a wrong question."""
    for wait_s in itertools.chain(SERVER_PATIENCE_S, itertools.repeat(SERVER_PATIENCE_S[-1])):
        try:
            return await ask()
        except PrefectHTTPStatusError as error:
            if not error.response.is_server_error and error.response.status_code != httpx.codes.TOO_MANY_REQUESTS:
                raise
            _LOG.warning("the Prefect server answers %d; it is asked again", error.response.status_code)
        except (httpx.TransportError, OSError) as error:
            _LOG.warning("the Prefect server does not answer (%s); it is asked again", printable(str(error)))
        await asyncio.sleep(wait_s)
    raise AssertionError("it is asked for ever")


def _nothing() -> None:
    """What Prefect's pages link a child by does nothing itself."""


def _batches(every: Sequence[UUID]) -> "list[Sequence[UUID]]":
    return [every[first : first + MOST_A_PAGE] for first in range(0, len(every), MOST_A_PAGE)]


def _is_final(run: "FlowRun") -> bool:
    return run.state is not None and run.state.is_final()


def _is_suspended(run: "FlowRun") -> bool:
    return run.state is not None and run.state.is_paused()


def _why(run: "FlowRun") -> str:
    return printable((run.state.message if run.state is not None else None) or "nobody knows why").partition("\n")[0]
