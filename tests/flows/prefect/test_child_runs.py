"""A flow run asks others for each thing once, whatever becomes of it meanwhile: held against a real Prefect server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from typing import Any
from uuid import UUID, uuid4

import pytest
from prefect import flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.objects import FlowRun
from prefect.states import Completed, Crashed, Paused, Running, State

from flows.errors import ServerError
from flows.prefect.child_runs import ChildRuns, Wanted
from tests.thinning import exhaustive


@flow
def produce(episode: str, budget_usd: float | None = None) -> None:
    """Nobody runs it: these tests say how its runs end."""


class Asking:
    """A flow run that asks for others, and a client that says what becomes of those."""

    def __init__(self, client: PrefectClient, parent: FlowRun, deployment: str) -> None:
        self.client, self.parent, self.deployment = client, parent, deployment
        self.told: list[Sequence[UUID]] = []

    async def wanted(self, key: str) -> Wanted:
        async def parameters(dead: Sequence[UUID]) -> Mapping[str, Any]:
            self.told.append(tuple(dead))
            return {"episode": key}

        return Wanted(key=key, deployment=self.deployment, parameters=parameters)

    async def bring(self, key: str, *states: Callable[[], State[Any]]) -> tuple[FlowRun, ...]:
        """Ask as a try of the parent does, while each run that it asks for ends so."""
        children = await ChildRuns.of(self.client, self.parent)
        children.poll_s, children.again_after_s = 0.05, (0.0, 0.0)
        following, ending = (asyncio.create_task(each) for each in (children.follow(), self._end(key, states)))
        try:
            return await asyncio.wait_for(children.brought_to_end(await self.wanted(key)), 60)
        finally:
            for task in (following, ending):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def children(self, key: str) -> list[FlowRun]:
        """The runs that were asked for, in order, by the pages' links."""
        every = await self.client.read_flow_runs(limit=200)
        own = [run for run in every if (run.idempotency_key or "").startswith(f"{self.parent.id}-{key}-")]
        return sorted(own, key=lambda run: str(run.idempotency_key))

    async def there(self, key: str, number: int) -> list[FlowRun]:
        """The same, once there are so many."""
        for _ in range(1200):
            if len(found := await self.children(key)) >= number:
                return found
            await asyncio.sleep(0.05)
        raise AssertionError(f"{key} was not asked for")

    async def _end(self, key: str, states: Sequence[Callable[[], State[Any]]]) -> None:
        there = len(await self.children(key))
        for number, state in enumerate(states, there + 1):
            newest = (await self.there(key, number))[-1]
            for each in (Running(), state()):
                await self.client.set_flow_run_state(newest.id, each, force=True)


def asked(url: str, test: Callable[[Asking], Awaitable[None]]) -> None:
    """Run a test with a parent of its own."""

    async def run() -> None:
        async with _asking(url) as asking:
            await test(asking)

    asyncio.run(run())


@asynccontextmanager
async def _asking(url: str) -> AsyncIterator[Asking]:
    async with PrefectClient(url) as client:
        flow_id = await client.create_flow(produce)
        name = f"d{uuid4().hex[:8]}"
        await client.create_deployment(flow_id, name, parameter_openapi_schema=produce.parameters.model_dump())
        parent = await client.create_flow_run(produce, parameters={"episode": "all"}, state=Running())
        yield Asking(client, parent, f"{produce.name}/{name}")


@exhaustive
def test_a_run_that_died_is_asked_for_again_and_told_what_came_before(prefect_url: str) -> None:
    """Twice here, then its death is its end; each is linked below the parent by a task run of its own."""

    async def test(asking: Asking) -> None:
        runs = await asking.bring("e01", Crashed, Crashed, Crashed)
        assert [str(run.idempotency_key).rpartition("-")[2] for run in runs] == ["1", "2", "3"]
        assert asking.told == [(), (runs[0].id,), (runs[0].id, runs[1].id)]
        assert runs[-1].state is not None
        assert runs[-1].state.is_crashed()
        links = {run.parent_task_run_id for run in runs}
        assert len(links) == 3
        linked = await asking.client.read_task_runs()
        assert {each.flow_run_id for each in linked if each.id in links} == {asking.parent.id}

    asked(prefect_url, test)


@exhaustive
def test_a_parent_that_is_run_again_follows_what_goes_on_and_asks_anew_for_what_ended(prefect_url: str) -> None:
    """A run that is under way is found by its key; one that had ended before is not taken for this try's own."""

    async def test(asking: Asking) -> None:
        (first,) = await asking.bring("e01", Completed)
        before, again = await asking.bring("e01", Completed)
        assert before.id == first.id != again.id

        interrupted = asyncio.create_task(asking.bring("e02"))
        (there,) = await asking.there("e02", 1)
        interrupted.cancel()
        with suppress(asyncio.CancelledError):
            await interrupted
        following = asyncio.create_task(asking.bring("e02"))
        await asyncio.sleep(0.3)
        await asking.client.set_flow_run_state(there.id, Completed(), force=True)
        assert [run.id for run in await following] == [there.id]

    asked(prefect_url, test)


@exhaustive
def test_a_run_that_suspends_itself_is_not_waited_for(prefect_url: str) -> None:
    """Somebody may approve it days later, and it goes on by itself."""

    async def test(asking: Asking) -> None:
        (run,) = await asking.bring("e01", Paused)
        assert run.state is not None
        assert run.state.is_paused()

    asked(prefect_url, test)


@exhaustive
def test_a_deployment_that_is_not_there_is_told(prefect_url: str) -> None:
    """With what to type."""

    async def test(asking: Asking) -> None:
        asking.deployment = "produce/nowhere"
        with pytest.raises(ServerError, match="prefect deploy"):
            await asking.bring("e01")

    asked(prefect_url, test)
