"""The real clients buy at the sandbox: what each sends is what its vendor documents, and what it gets is a clip."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from render.errors import Refused, Terminal, UnknownOutcome
from render.media.decoded_clip import clip_facts
from render.providers.base import Ended, JobRef, JobStatus, Pending, Provider, Succeeded
from render.providers.registry import ProviderContext, capabilities_of, open_provider
from storyboard.request import Request
from tests.acme.orders import order
from tests.render.providers.hosted import published
from tests.render.sandbox.standing import Standing, picture
from tests.thinning import one_in
from tests.vendors import FACTS, VENDORS


def environment(standing: Standing, **more: str) -> dict[str, str]:
    return {**os.environ, **standing.environment, **more}


@contextlib.asynccontextmanager
async def client(standing: Standing, vendor: str, scratch: Path, **more: str) -> AsyncIterator[Provider]:
    """A vendor's own client, pointed at the sandbox."""

    def no_blob(sha256: str) -> Path:
        raise AssertionError(f"nobody asked for {sha256}")

    context = ProviderContext(scratch=scratch, blob_path=no_blob, environment=environment(standing, **more))
    provider = open_provider(vendor, context)
    try:
        yield provider
    finally:
        await provider.aclose()


def request(standing: Standing, vendor: str, prompt: str) -> Request:
    model = capabilities_of(vendor, environment(standing)).default_model
    return order(
        provider=vendor, model=model, prompt=prompt, resolution="480p", width=864, height=496, estimated_usd=None
    )


async def until_over(provider: Provider, job: JobRef) -> JobStatus:
    async with asyncio.timeout(30):
        while isinstance(status := await provider.poll(job), Pending):  # noqa: ASYNC110 - vendors are polled
            await asyncio.sleep(0.05)
        return status


def flags(standing: Standing, job_id: str) -> list[Any]:
    return [each["flags"] for each in standing.log() if each["job"] == job_id and each["flags"]]


@one_in(2)
@pytest.mark.parametrize(
    ("vendor", "more"), [*((vendor, {}) for vendor in VENDORS), ("kinovi", {"KINOVI_DIALECT": "typed"})]
)
def test_a_client_publishes_orders_polls_and_fetches(
    quick: Standing, tmp_path: Path, vendor: str, more: dict[str, str]
) -> None:
    """The reference arrives byte for byte, no key of the order is unknown, and the clip is the one that was ordered."""
    still, clip = picture(tmp_path), tmp_path / "clip.mp4"

    async def buy() -> JobRef:
        async with client(quick, vendor, tmp_path, **more) as provider:
            asked = request(quick, vendor, "Mara (@image1) lights the lamp")
            reference = await provider.publish(published("@Image1").reference, still)
            job = JobRef(await provider.create(asked, [reference], take_id=f"take of {vendor} {more}"), asked)
            status = await until_over(provider, job)
            assert isinstance(status, Succeeded)
            await provider.download(job, status.clip_url, clip, lambda _: None)
            return job

    job = asyncio.run(buy())
    facts = clip_facts(clip)
    assert (facts.width, facts.height, facts.frames) == (864, 496, 96)
    (reference,) = quick.job(job.id)["references"]
    assert reference["sha256"] == hashlib.sha256(still.read_bytes()).hexdigest()
    assert flags(quick, job.id) == []


@pytest.mark.parametrize("vendor", VENDORS)
def test_an_order_whose_answer_is_lost_is_unknown_and_exists_once(quick: Standing, tmp_path: Path, vendor: str) -> None:
    """No client orders again by itself what may have been taken."""
    prompt = f"the answer to {vendor} is lost"
    quick.plan(vendor=vendor, where="create", what="drop", when="after", prompt=prompt)

    async def buy() -> None:
        async with client(quick, vendor, tmp_path) as provider:
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))
            await provider.create(request(quick, vendor, prompt), [reference], take_id=f"lost at {vendor}")

    with pytest.raises(UnknownOutcome):
        asyncio.run(buy())
    assert sum(job["prompt"] == prompt for job in quick.jobs()) == 1


@pytest.mark.parametrize("vendor", [name for name in VENDORS if FACTS[name].moderates])
def test_refused_content_is_told_from_a_failure(quick: Standing, tmp_path: Path, vendor: str) -> None:
    """Moderation is the content's, and never sent again by itself."""
    prompt = f"what {vendor} refuses"
    quick.plan(vendor=vendor, where="job", what="moderation", prompt=prompt)

    async def buy() -> JobStatus:
        async with client(quick, vendor, tmp_path) as provider:
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))
            asked = request(quick, vendor, prompt)
            job = JobRef(await provider.create(asked, [reference], take_id=f"refused at {vendor}"), asked)
            return await until_over(provider, job)

    ended = asyncio.run(buy())
    assert isinstance(ended, Ended)
    assert ended.refused


@pytest.mark.parametrize("vendor", VENDORS)
def test_no_credit_is_a_clear_refusal(quick: Standing, tmp_path: Path, vendor: str) -> None:
    """Nothing was taken, and sending it again would change nothing."""
    prompt = f"nobody pays {vendor}"
    quick.plan(vendor=vendor, where="create", what="no_credit", prompt=prompt)

    async def buy() -> None:
        async with client(quick, vendor, tmp_path) as provider:
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))
            await provider.create(request(quick, vendor, prompt), [reference], take_id=f"poor at {vendor}")

    with pytest.raises(Terminal) as refused:
        asyncio.run(buy())
    assert not isinstance(refused.value, Refused)
    assert not any(job["prompt"] == prompt for job in quick.jobs())


@pytest.mark.parametrize("vendor", ["evolink", "oxen"])
def test_a_lost_order_is_found_in_the_vendors_list(quick: Standing, tmp_path: Path, vendor: str) -> None:
    """Where a vendor lists jobs, the client finds the one whose answer was lost, and none from before."""
    prompt = f"{vendor} lists this"
    quick.plan(vendor=vendor, where="create", what=500, when="after", prompt=prompt)
    since = datetime.now(UTC) - timedelta(seconds=5)

    async def look() -> set[str]:
        async with client(quick, vendor, tmp_path) as provider:
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))
            with pytest.raises(UnknownOutcome):
                await provider.create(request(quick, vendor, prompt), [reference], take_id=f"listed at {vendor}")
            listed = await provider.list_jobs(since)
            assert listed is not None
            return {job.id for job in listed}

    found = asyncio.run(look())
    (lost,) = [job["id"] for job in quick.jobs() if job["prompt"] == prompt]
    assert lost in found


def test_oxens_client_cancels_what_is_under_way(slow: Standing, tmp_path: Path) -> None:
    """DELETE on the queue, and the vendor says so."""

    async def stop() -> tuple[JobRef, bool, JobStatus]:
        async with client(slow, "oxen", tmp_path) as provider:
            asked = request(slow, "oxen", "to be cancelled")
            reference = await provider.publish(published("@Image1").reference, picture(tmp_path))
            job = JobRef(await provider.create(asked, [reference], take_id="cancelled"), asked)
            return job, await provider.cancel(job), await provider.poll(job)

    job, stopped, status = asyncio.run(stop())
    assert stopped
    assert isinstance(status, Ended)
    assert status.cancelled
    assert slow.job(job.id)["stage"] == "cancelled"
