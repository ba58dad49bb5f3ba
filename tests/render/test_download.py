"""Bringing a paid clip home: every way to get it is tried, and nothing is believed before it was decoded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import pytest

from render.download import download_clip
from render.errors import ClipRejected, Terminal, Transient
from render.providers.base import JobRef, Pending, Provider, Succeeded
from render.providers.registry import ProviderContext, open_provider
from render.store.local import LocalStore
from storyboard.request import Request
from storyboard.takes import ClipFacts
from tests.acme.fixture import Acme
from tests.acme.orders import order

pytestmark = pytest.mark.anyio


@dataclass
class Ready:
    """A job whose clip can be fetched, and the place that it goes to."""

    acme: Acme
    provider: Provider
    job: JobRef
    status: Succeeded
    store: LocalStore
    scratch: Path

    async def download(self, request: Request | None = None) -> ClipFacts:
        return await download_clip(
            self.provider,
            self.job,
            self.status,
            scratch=self.scratch,
            store=self.store,
            request=request or self.job.request,
        )

    def left_over(self) -> list[Path]:
        return list(self.scratch.iterdir())


@asynccontextmanager
async def ready(acme: Acme, folder: Path) -> AsyncIterator[Ready]:
    context = ProviderContext(scratch=folder / "scratch", blob_path=Path, environment=acme.environment)
    provider = open_provider("acme", context)
    job = JobRef(await provider.create(order(), (), take_id="t"), order())
    while isinstance(status := await provider.poll(job), Pending):  # noqa: ASYNC110 — the job is elsewhere
        await asyncio.sleep(0.05)
    assert isinstance(status, Succeeded)
    try:
        yield Ready(acme, provider, job, status, LocalStore(folder / "blobs"), folder / "scratch")
    finally:
        await provider.aclose()


async def test_a_clip_is_decoded_and_kept(acme: Acme, tmp_path: Path) -> None:
    """What is kept is what was decoded, frame by frame, and nothing else stays behind."""
    async with ready(acme, tmp_path) as clip:
        facts = await clip.download()
        assert (facts.width, facts.height, facts.frames, facts.fps) == (320, 180, 96, Fraction(24))
        assert facts.audio_s is not None
        assert clip.store.has(facts.sha256)
        assert clip.left_over() == []


@pytest.mark.parametrize("damage", ["truncate", "corrupt", "garbage", "cut"])
async def test_a_file_that_came_damaged_is_fetched_again(acme: Acme, tmp_path: Path, damage: str) -> None:
    """One bad transfer says nothing about the clip."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do=damage)
        facts = await clip.download()
        assert clip.store.has(facts.sha256)
        assert len(acme.heard("download")) == 2
        assert clip.left_over() == []


@pytest.mark.parametrize("damage", ["truncate", "corrupt", "garbage"])
async def test_a_clip_that_stays_damaged_is_rejected(acme: Acme, tmp_path: Path, damage: str) -> None:
    """The same damage twice is the vendor's own file: it is judged, and not fetched for ever."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do=damage, times=None)
        with pytest.raises(ClipRejected):
            await clip.download()
        assert len(acme.heard("download")) == 2
        assert clip.left_over() == []


async def test_an_expired_link_is_asked_for_anew(acme: Acme, tmp_path: Path) -> None:
    """A vendor that signs its links when it is polled gives another one."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="answer", status=410)
        facts = await clip.download()
        assert clip.store.has(facts.sha256)


async def test_a_clip_that_the_vendor_no_longer_gives_is_lost(acme: Acme, tmp_path: Path) -> None:
    """Only after a fresh link failed too, and with a code that keeps its cost."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="answer", status=403, times=None)
        with pytest.raises(Terminal) as raised:
            await clip.download()
        assert (raised.value.code, raised.value.charged) == ("clip_lost", True)
        assert clip.left_over() == []


async def test_a_vendor_that_is_down_costs_nothing_but_time(acme: Acme, tmp_path: Path) -> None:
    """The clip stays to be fetched later."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="answer", status=503, times=None)
        with pytest.raises(Transient):
            await clip.download()
        acme.forgive()
        await clip.download()


async def test_a_cancelled_download_leaves_nothing(acme: Acme, tmp_path: Path) -> None:
    """Whoever interrupts a run finds no half clips."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="stall", seconds=5)
        downloading = asyncio.create_task(clip.download())
        await asyncio.sleep(0.2)
        downloading.cancel()
        with pytest.raises(asyncio.CancelledError):
            await downloading
        assert clip.left_over() == []
