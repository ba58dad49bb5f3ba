"""Bringing a paid clip home: every way to get it is tried, and nothing is believed before it was decoded."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from render.clips.download import download_clip
from render.errors import ClipRejected, Terminal, Transient
from render.providers.base import JobRef, Pending, Provider, Succeeded
from render.providers.registry import ProviderContext, open_provider
from render.store.local_store import LocalStore
from storyboard.request import Request
from storyboard.takes import ClipFacts
from tests.acme.fixture import Acme
from tests.acme.orders import order
from tests.thinning import exhaustive, one_in

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

    async def download(
        self, request: Request | None = None, *, patience_s: float = 0.3, late: bool = True
    ) -> ClipFacts:
        return await download_clip(
            self.provider,
            self.job,
            self.status,
            scratch=self.scratch,
            store=self.store,
            request=request or self.job.request,
            patience=timedelta(seconds=patience_s),
            late=late,
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


@pytest.mark.parametrize("damage", ["truncate", "corrupt", "cut"])
async def test_a_file_that_came_damaged_is_fetched_again(acme: Acme, tmp_path: Path, damage: str) -> None:
    """One bad transfer says nothing about the clip."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do=damage)
        facts = await clip.download()
        assert clip.store.has(facts.sha256)
        assert len(acme.heard("download")) == 2
        assert clip.left_over() == []


@pytest.mark.parametrize("damage", ["truncate", "corrupt"])
async def test_a_clip_that_stays_damaged_is_rejected(acme: Acme, tmp_path: Path, damage: str) -> None:
    """The same damage twice is the vendor's own file: it is judged, and not fetched for ever."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do=damage, times=None)
        with pytest.raises(ClipRejected):
            await clip.download()
        assert len(acme.heard("download")) == 2
        assert clip.left_over() == []


NO_CLIP: dict[str, dict[str, Any]] = {
    "a login page": {"do": "text", "words": "<!doctype html><title>Sign in</title>"},
    "JSON": {"do": "answer", "status": 200, "body": {"message": "please wait"}},
    "an error of an object store": {"do": "text", "words": "<?xml version='1.0'?><Error><Code>SlowDown</Code></Error>"},
    "half a header": {"do": "header"},
    "anything": {"do": "garbage"},
}

QUOTED = {
    "a login page": "<title>Sign in</title>",
    "JSON": '{"message":"please wait"}',
    "an error of an object store": "<Code>SlowDown</Code>",
    "half a header": "ftyp",
    "anything": "not a clip at all",
}


@one_in(3)
@pytest.mark.parametrize("what", NO_CLIP)
async def test_what_is_no_clip_at_all_says_nothing_of_the_clip(acme: Acme, tmp_path: Path, what: str) -> None:
    """A host that gives something else for a while is asked again, however often the very same comes."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", times=4, **NO_CLIP[what])
        facts = await clip.download()
        assert clip.store.has(facts.sha256)
        assert len(acme.heard("download")) == 5
        assert clip.left_over() == []


@one_in(3, first=1)
@pytest.mark.parametrize("what", NO_CLIP)
async def test_a_host_that_gives_no_clip_is_left_for_later(acme: Acme, tmp_path: Path, what: str) -> None:
    """Patience ends, the error quotes what came in place of the clip, and nothing is judged."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", times=None, **NO_CLIP[what])
        with pytest.raises(Transient, match="gives something else in its place") as later:
            await clip.download()
        assert later.value.code == "no_clip"
        assert QUOTED[what] in str(later.value)
        assert len(acme.heard("download")) == 7
        assert clip.left_over() == []
        acme.forgive()
        await clip.download()


@exhaustive
async def test_the_waits_for_a_host_grow_and_end(acme: Acme, tmp_path: Path) -> None:
    """Six waits, each longer than the one before, that make up the patience."""
    clock = asyncio.get_running_loop().time
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="garbage", times=None)
        at: list[float] = []
        begun = clock()
        with pytest.raises(Transient):
            await download_clip(
                clip.provider,
                clip.job,
                clip.status,
                scratch=clip.scratch,
                store=clip.store,
                request=clip.job.request,
                patience=timedelta(seconds=1.2),
                progress=lambda part: at.append(clock()) if part == 1 else None,
            )
        assert 1.2 <= clock() - begun < 10
    gaps = [after - before for before, after in pairwise(at)]
    assert len(gaps) == 6
    assert [gap >= 0.02 * part for gap, part in zip(gaps, (1, 2, 4, 8, 15, 30), strict=True)] == [True] * 6


@pytest.mark.parametrize("status", [401, 403, 404])
async def test_a_fresh_link_may_be_younger_than_its_file(acme: Acme, tmp_path: Path, status: int) -> None:
    """Hosts publish late, and object stores call "forbidden" what they do not have: it is waited for a little."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="answer", status=status, times=5)
        facts = await clip.download()
        assert clip.store.has(facts.sha256)
        assert len(acme.heard("download")) == 6


@pytest.mark.parametrize(("status", "late"), [(410, True), (451, True), (404, False)])
async def test_a_link_that_is_dead_for_good_is_not_waited_for(
    acme: Acme, tmp_path: Path, status: int, late: bool
) -> None:
    """Neither where the host knows the file and says that it is gone, nor where the link is old."""
    async with ready(acme, tmp_path) as clip:
        acme.script(on="download", do="answer", status=status, times=None)
        with pytest.raises(Terminal, match="gone or has expired"):
            await clip.download(late=late)
        assert len(acme.heard("download")) == 2


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
