"""Acme keeps honest books: what the tests compare the ledger with must itself be right."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import anyio
import pytest

from render.errors import NotSent, Refused, Scope, Terminal, Transient, UnknownOutcome
from render.providers.base import Ended, JobRef, JobStatus, Pending, Provider, Succeeded
from render.providers.registry import ProviderContext, open_provider
from storyboard.request import BoundReference
from storyboard.shot import MediaKind, Role
from tests.acme.fixture import Acme
from tests.acme.orders import order

pytestmark = pytest.mark.anyio


@asynccontextmanager
async def opened(acme: Acme, **environment: str) -> AsyncIterator[Provider]:
    context = ProviderContext(scratch=Path("unused"), blob_path=Path, environment=acme.environment | environment)
    provider = open_provider("acme", context)
    try:
        yield provider
    finally:
        await provider.aclose()


async def ended(provider: Provider, job: JobRef) -> JobStatus:
    with anyio.fail_after(10):
        while isinstance(status := await provider.poll(job), Pending):  # noqa: ASYNC110 — the job is elsewhere
            await anyio.sleep(0.05)
    return status


async def test_an_order_becomes_a_clip_that_is_counted_and_charged_once(acme: Acme, tmp_path: Path) -> None:
    """Create, poll, download: the clip is a real one, and Acme's books hold one job at its price."""
    async with opened(acme) as provider:
        job = JobRef(await provider.create(order(), (), take_id="t1"), order())
        status = await ended(provider, job)
        assert isinstance(status, Succeeded)
        await provider.download(job, status.clip_url, tmp_path / "clip.mp4", lambda _: None)
    assert (tmp_path / "clip.mp4").read_bytes()[4:8] == b"ftyp"
    assert [kept.id for kept in acme.jobs()] == [job.id]
    assert acme.charged_usd() == status.cost_usd == Decimal("0.20")


async def test_the_books_outlive_the_server(acme: Acme) -> None:
    """A job that was taken is still there after Acme was killed and started again."""
    acme.restart(job_seconds=0)
    async with opened(acme) as provider:
        job = JobRef(await provider.create(order(), (), take_id="t1"), order())
        acme.restart()
        assert isinstance(await ended(provider, job), Succeeded)
    assert len(acme.jobs()) == 1


@pytest.mark.parametrize(
    ("fault", "kind", "jobs"),
    [
        ({"do": "answer", "status": 429, "headers": {"Retry-After": "30"}}, NotSent, 0),
        ({"do": "answer", "status": 402, "words": "no credits"}, Terminal, 0),
        ({"do": "answer", "status": 400, "code": "content_refused"}, Refused, 0),
        ({"do": "answer", "status": 500}, UnknownOutcome, 0),
        ({"do": "answer", "status": 500, "when": "after"}, UnknownOutcome, 1),
        ({"do": "text", "words": "{", "when": "after"}, UnknownOutcome, 1),
        ({"do": "drop"}, UnknownOutcome, 0),
        ({"do": "drop", "when": "after"}, UnknownOutcome, 1),
        ({"do": "stall", "seconds": 8, "when": "after"}, UnknownOutcome, 1),
    ],
)
async def test_an_order_goes_wrong_as_scripted(
    acme: Acme, fault: dict[str, object], kind: type[Exception], jobs: int
) -> None:
    """Each fault looks to the provider as it would in life, and the job exists or not as scripted."""
    acme.script(on="create", prompt="lamp", **fault)  # type: ignore[arg-type]
    async with opened(acme, ACME_CREATE_TIMEOUT="2") as provider:
        with pytest.raises(kind):
            await provider.create(order(), (), take_id="t1")
    assert len(acme.jobs()) == jobs
    assert len(acme.heard("create")) == 1


async def test_a_fault_meets_only_what_it_names(acme: Acme) -> None:
    """By prompt, after so many, so often: everything else goes well."""
    acme.script(on="create", do="answer", status=400, prompt="storm", skip=1, times=1)
    async with opened(acme) as provider:
        for prompt in ("calm", "storm", "calm"):
            await provider.create(order(prompt=prompt), (), take_id="t")
        with pytest.raises(Terminal):
            await provider.create(order(prompt="storm"), (), take_id="t")
        await provider.create(order(prompt="storm"), (), take_id="t")
    assert [job.prompt for job in acme.jobs()] == ["calm", "storm", "calm", "storm"]


async def test_a_job_that_fails_gives_the_money_back_where_scripted(acme: Acme) -> None:
    """A failure says why and whether it cost anything."""
    acme.script(on="job", do="fail", code="upstream", words="the model fell over")
    acme.script(on="job", do="refuse", code="moderation", words="no", refund=False)
    async with opened(acme) as provider:
        statuses = []
        for number in "12":
            job = JobRef(await provider.create(order(), (), take_id=number), order())
            statuses.append(await ended(provider, job))
    assert statuses[0] == Ended(code="upstream", words="the model fell over", charged=False)
    assert statuses[1] == Ended(code="moderation", words="no", refused=True, charged=None)
    assert acme.charged_usd() == Decimal("0.20")


async def test_more_may_be_charged_than_the_price(acme: Acme) -> None:
    """A vendor that charges above its price says so when asked."""
    acme.script(on="job", do="charge", usd="9.99")
    async with opened(acme) as provider:
        job = JobRef(await provider.create(order(), (), take_id="t"), order())
        status = await ended(provider, job)
    assert isinstance(status, Succeeded)
    assert status.cost_usd == Decimal("9.99")


async def test_polls_stumble_and_are_repeated(acme: Acme) -> None:
    """Two failed polls are nothing; a vendor that stays down is Transient."""
    async with opened(acme) as provider:
        job = JobRef(await provider.create(order(), (), take_id="t"), order())
        acme.script(on="poll", do="answer", status=500)
        acme.script(on="poll", do="drop")
        await provider.poll(job)
        acme.script(on="poll", do="answer", status=503, times=None)
        with pytest.raises(Transient):
            await provider.poll(job)


async def test_jobs_are_listed_where_the_account_may_list_them(acme: Acme) -> None:
    """The list tells id, model, prompt and time; an account without it says None."""
    async with opened(acme) as provider, opened(acme, ACME_LISTS_JOBS="0") as blind:
        job = await provider.create(order(), (), take_id="t")
        since = datetime.now(UTC) - timedelta(minutes=1)
        listed = await provider.list_jobs(since)
        assert listed is not None
        assert [(one.id, one.prompt, one.model) for one in listed] == [(job, "Mara lights the lamp", "acme-1")]
        assert await provider.list_jobs(datetime.now(UTC) + timedelta(minutes=1)) == ()
        assert await blind.list_jobs(since) is None


async def test_a_running_job_can_be_cancelled_once(acme: Acme) -> None:
    """A cancelled job ends, and its price is given back."""
    acme.script(on="job", do="slow", seconds=60)
    async with opened(acme) as provider:
        job = JobRef(await provider.create(order(), (), take_id="t"), order())
        assert await provider.cancel(job)
        assert not await provider.cancel(job)
        status = await provider.poll(job)
    assert status == Ended(code="cancelled", words="it was cancelled", cancelled=True, charged=False)
    assert acme.charged_usd() == 0


async def test_no_more_jobs_run_than_the_account_may(acme: Acme) -> None:
    """The vendor itself refuses the job above the bound, and takes it once one has ended."""
    acme.restart(job_seconds=60, bound=2)
    async with opened(acme) as provider:
        first = JobRef(await provider.create(order(), (), take_id="1"), order())
        await provider.create(order(), (), take_id="2")
        with pytest.raises(NotSent, match="2 jobs are running"):
            await provider.create(order(), (), take_id="3")
        await provider.cancel(first)
        await provider.create(order(), (), take_id="3")
    assert len(acme.jobs()) == 3


async def test_a_reference_is_uploaded_to_where_the_order_points(acme: Acme, tmp_path: Path) -> None:
    """The order carries links, by kind and in order, to the very bytes."""
    file = tmp_path / "mara.png"
    file.write_bytes(b"\x89PNG\r\n\x1a\n mara")
    mara = BoundReference(
        token="@image1",
        kind=MediaKind.IMAGE,
        role=Role.CAST,
        name="mara",
        source="references/mara.png",
        sha256="a" * 64,
    )
    async with opened(acme) as provider:
        published = await provider.publish(mara, file)
        await provider.create(order(references=(mara,)), (published,), take_id="t")
    [name] = acme.shop.uploads()
    assert acme.shop.upload(name) == file.read_bytes()
    assert acme.jobs()[0].body["images"] == [published.url]
    assert published.url.endswith(name)


async def test_a_wrong_key_spoils_the_vendor(acme: Acme) -> None:
    """A key that Acme does not know is the vendor's problem, not the shot's."""
    async with opened(acme, ACME_API_KEY="nonsense") as provider:
        with pytest.raises(Terminal, match="ACME_API_KEY") as raised:
            await provider.create(order(), (), take_id="t")
    assert raised.value.scope is Scope.VENDOR
    assert acme.jobs() == []


async def test_words_that_are_forbidden_are_refused(acme: Acme) -> None:
    """Acme refuses some words without being told to."""
    async with opened(acme) as provider:
        with pytest.raises(Refused, match="forbidden fruit") as raised:
            await provider.create(order(prompt="a bowl of forbidden fruit"), (), take_id="t")
    assert raised.value.input_name == "prompt"


def test_other_processes_can_name_acme(acme: Acme) -> None:
    """The entry point brings Acme into processes that tests start, with the guard in place."""
    code = (
        "from render.providers.registry import capabilities_of; import os, socket\n"
        "print(capabilities_of('acme', os.environ).origin, socket.socket._guarded)"
    )
    child = subprocess.run(
        [sys.executable, "-c", code], env=acme.process_environment(), capture_output=True, text=True, check=True
    )
    assert child.stdout.split() == ["http://127.0.0.1", "True"]
