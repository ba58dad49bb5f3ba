"""EvoLink's client before the sandbox: tasks that run side by side are polled by one request."""

from __future__ import annotations

import asyncio
from pathlib import Path

from render.providers.base import JobRef, JobStatus, Pending, Succeeded
from tests.render.providers.hosted import published
from tests.render.sandbox.standing import Standing, picture
from tests.render.sandbox.test_clients import client, request, until_over


def test_tasks_that_run_side_by_side_are_polled_together(quick: Standing, tmp_path: Path) -> None:
    """Every clip is found, and no list of one is ever sent."""
    heard_before = len(quick.log())

    async def buy() -> list[JobStatus]:
        async with client(quick, "evolink", tmp_path, TAILFRAME_POLL_INTERVAL="0.2") as provider:
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))

            async def one(n: int) -> JobStatus:
                asked = request(quick, "evolink", f"side by side {n}")
                job = JobRef(await provider.create(asked, [reference], take_id=f"batch {n}"), asked)
                first = await provider.poll(job)
                await asyncio.sleep(0.05)
                return await until_over(provider, job) if isinstance(first, Pending) else first

            return await asyncio.gather(*(one(n) for n in range(4)))

    found = asyncio.run(buy())
    assert all(isinstance(status, Succeeded) for status in found)
    assert len({status.clip_url for status in found if isinstance(status, Succeeded)}) == 4
    polls = [each for each in quick.log()[heard_before:] if each["kind"] == "poll"]
    together = [each["body"]["task_ids"] for each in polls if each["method"] == "POST"]
    assert {each["status"] for each in polls} == {200}
    assert together
    assert all(len(ids) > 1 for ids in together)
