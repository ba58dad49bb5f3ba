"""Many tasks are asked for in one request, and no task depends on it: whatever is odd, it is asked for alone."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.errors import Transient
from render.net.responses import Unreadable
from render.providers.base import JobRef, JobStatus, Pending, Provider, Succeeded
from render.providers.evolink.batch import MOST_IDS, read_batch
from tests.acme.orders import order
from tests.render.providers.hosted import ANY_JSON, heard, hosted, says
from tests.render.providers.wire import Say, Wire, answer

pytestmark = pytest.mark.anyio

ORDER = order(provider="evolink")
SOON = {"TAILFRAME_POLL_INTERVAL": "0.3"}  # seconds; a window is a tenth of it
GONE = {"error": {"code": "invalid_request", "message": "no such endpoint"}}


def told(task: str, status: str = "processing") -> dict[str, Any]:
    return {"id": task, "status": status, "results": [f"https://cdn.example/{task}.mp4"]}


def batch(*tasks: str, status: str = "completed") -> Say:
    return says({"data": [told(task, status) for task in tasks]})


async def poll(provider: Provider, *tasks: str) -> list[JobStatus | BaseException]:
    return await asyncio.gather(*(provider.poll(JobRef(task, ORDER)) for task in tasks), return_exceptions=True)


def clips(found: Sequence[JobStatus | BaseException]) -> list[str]:
    """The tasks whose clips were found."""
    assert all(isinstance(each, Succeeded) for each in found), found
    return [each.clip_url.rpartition("/")[2].removesuffix(".mp4") for each in found if isinstance(each, Succeeded)]


def asked(server: Wire) -> list[str]:
    """Every request after the first, which told that a task is on its way."""
    return [f"{heard(server, n).method} {heard(server, n).target}" for n in range(1, len(server.heard))]


ALONE = says(told("first"))
BATCH = "POST /v1/tasks/batch"


async def test_the_only_task_is_asked_for_alone_and_at_once() -> None:
    """Nobody waits for company that does not come."""
    async with hosted("evolink", says(told("a")), TAILFRAME_POLL_INTERVAL="3600") as (provider, server):
        async with asyncio.timeout(5):
            for _ in range(3):
                assert await poll(provider, "a") == [Pending()]
    assert [heard(server, n).target for n in range(3)] == ["/v1/tasks/a"] * 3


async def test_tasks_that_are_asked_for_together_share_a_request() -> None:
    """Fifty at most; each gets its own status, whatever the order of the answer."""
    tasks = [f"t{n}" for n in range(MOST_IDS + 2)]
    full, rest = batch(*reversed(tasks[:MOST_IDS])), batch(*tasks[MOST_IDS:])
    async with hosted("evolink", ALONE, full, rest, **SOON) as (provider, server):
        await poll(provider, "first")
        found = await poll(provider, *tasks)
    assert clips(found) == tasks
    assert asked(server) == [BATCH, BATCH]
    assert [heard(server, n).json for n in (1, 2)] == [{"task_ids": tasks[:MOST_IDS]}, {"task_ids": tasks[MOST_IDS:]}]


async def test_a_window_that_nobody_joins_is_a_plain_question() -> None:
    """One id needs no list."""
    async with hosted("evolink", ALONE, says(told("a", "completed")), **SOON) as (provider, server):
        await poll(provider, "first")
        assert clips(await poll(provider, "a")) == ["a"]
    assert asked(server) == ["GET /v1/tasks/a"]


async def test_a_task_that_two_ask_for_is_listed_once() -> None:
    """Two tasks of a run may wait for the same take."""
    async with hosted("evolink", ALONE, batch("a", "b"), **SOON) as (provider, server):
        await poll(provider, "first")
        assert clips(await poll(provider, "a", "b", "a")) == ["a", "b", "a"]
    assert heard(server, 1).json == {"task_ids": ["a", "b"]}


@pytest.mark.parametrize(
    "listed",
    [
        [told("a", "completed")],
        [told("a", "completed"), {"id": "b"}],
        [told("a", "completed"), {"id": "b", "status": "odd"}],
        [told("a", "completed"), {"id": "b", "status": "completed", "results": None}],
        [told("a", "completed"), 7],
    ],
)
async def test_a_task_that_is_left_out_or_unreadable_is_asked_for_alone(listed: list[Any]) -> None:
    """The others have their answer, and the next window is one request again."""
    odd, alone = says({"data": listed}), says(told("b", "completed"))
    async with hosted("evolink", ALONE, odd, alone, batch("a", "b"), **SOON) as (provider, server):
        await poll(provider, "first")
        assert clips(await poll(provider, "a", "b")) == ["a", "b"]
        assert clips(await poll(provider, "a", "b")) == ["a", "b"]
    assert asked(server) == [BATCH, "GET /v1/tasks/b", BATCH]


async def test_no_task_is_failed_by_a_list() -> None:
    """A list may call failed what it cannot find, and a failed task gives its money back: it is asked for alone."""
    doubtful = says({"data": [told("a", "failed"), told("b", "completed")]})
    async with hosted("evolink", ALONE, doubtful, says(told("a", "completed")), **SOON) as (provider, server):
        await poll(provider, "first")
        assert clips(await poll(provider, "a", "b")) == ["a", "b"]
    assert asked(server) == [BATCH, "GET /v1/tasks/a"]


@pytest.mark.parametrize(
    "no",
    [
        says(GONE, 400),
        says(GONE, 404),
        says(GONE, 405),
        says(GONE, 401),
        says({"data": {}}),
        says({"data": [told("stranger")]}),
        says({"data": {"a": told("a")}}),
        says([]),
        says("done"),
        answer("<html>moved</html>", kind="text/html"),
    ],
)
async def test_where_batches_are_not_answered_every_task_is_asked_for_alone(no: Say) -> None:
    """Refused or in a form that nobody knows: it is not tried again while the provider lives."""
    async with hosted("evolink", ALONE, no, says(told("a", "completed")), **SOON) as (provider, server):
        await poll(provider, "first")
        await poll(provider, "a", "b")
        await poll(provider, "a", "b", "c")
    requests = asked(server)
    assert requests[0] == BATCH
    later = requests[requests.index("GET /v1/tasks/a") :]
    assert BATCH not in later
    assert {"GET /v1/tasks/a", "GET /v1/tasks/b", "GET /v1/tasks/c"} == set(later)


async def test_a_vendor_that_cannot_be_asked_is_told_to_everyone_who_waits() -> None:
    """Each learns it as an error of its own, and the next window is tried as before."""
    down = says({"error": {"code": "service_unavailable", "message": "down"}}, 503)
    async with hosted("evolink", ALONE, down, down, down, batch("a", "b"), **SOON) as (provider, server):
        await poll(provider, "first")
        first, second = await poll(provider, "a", "b")
        assert isinstance(first, Transient)
        assert isinstance(second, Transient)
        assert (first.code, first.message) == (second.code, second.message)
        assert first is not second
        assert clips(await poll(provider, "a", "b")) == ["a", "b"]
    assert asked(server) == [BATCH] * 4


async def test_one_who_stops_waiting_harms_no_other() -> None:
    """Neither before the request leaves nor while it is on its way; where nobody is left, nothing is asked."""
    async with hosted("evolink", ALONE, batch("a", "b"), batch("a", "b", "c"), **SOON) as (provider, server):
        await poll(provider, "first")
        send_guard = [asyncio.create_task(provider.poll(JobRef(task, ORDER))) for task in ("a", "b")]
        await asyncio.sleep(0)
        for task in send_guard:
            task.cancel()
        await asyncio.sleep(0.1)
        assert asked(server) == []
        left, *staying = [asyncio.create_task(provider.poll(JobRef(task, ORDER))) for task in ("c", "a", "b")]
        await asyncio.sleep(0)
        left.cancel()
        assert clips(await asyncio.gather(*staying)) == ["a", "b"]
    assert heard(server, 1).json == {"task_ids": ["a", "b"]}
    assert all(task.cancelled() for task in (*send_guard, left))


async def test_closing_ends_whoever_waits() -> None:
    """A run that ends leaves no window open."""
    async with hosted("evolink", ALONE, TAILFRAME_POLL_INTERVAL="60") as (provider, _):
        await poll(provider, "first")
        waiting = asyncio.create_task(provider.poll(JobRef("a", ORDER)))
        await asyncio.sleep(0.01)
    with pytest.raises(asyncio.CancelledError):
        await waiting


@given(ANY_JSON | st.lists(st.fixed_dictionaries({"id": st.sampled_from("ab"), "status": ANY_JSON})))
def test_no_answer_is_too_odd_to_be_read(told: Any) -> None:
    """Statuses of what was asked for, or one error."""
    with suppress(Unreadable):
        assert set(read_batch(told, ["a", "b"])) <= {"a", "b"}
