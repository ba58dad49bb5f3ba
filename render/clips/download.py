"""Fetches a clip that a vendor says is ready, and believes nothing until every frame of it was decoded.

The clip is paid for, so every way to get it is tried before it is given up: a broken transfer is resumed, a damaged
file is fetched again before it is rejected, an expired link is asked for anew, and a host that has not got the file
yet, or answers with something else (a web page, an error), is asked again until patience ends.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from render.errors import ClipRejected, LinkGone, Scope, StoreError, Terminal, Transient
from render.media.clip_checks import check_clip
from render.media.decoded_clip import NO_VIDEO, clip_facts
from render.net.responses import shown
from render.providers.base import JobRef, Provider, Succeeded
from render.store.blob_store import Store
from render.store.digests import sha256_of_file
from render.telemetry import DECODE, span
from storyboard.request import Request
from storyboard.takes import ClipFacts

__all__ = ["CLIP_LOST", "NO_CLIP", "download_clip"]

CLIP_LOST = "clip_lost"
"""The code of a Terminal where every link to a clip is dead."""

NO_CLIP = "no_clip"
"""The code of a Transient where a clip's host gives something else in its place."""

NOT_LATE = frozenset({410, 451})
"""Answers of a host that knows the file. Any other of a dead link (401, 403, 404) may come of one that has not got it
yet: object stores tell whoever may not list a bucket "forbidden", in place of "not found"."""

FETCHES = 3
"""How often one clip is fetched whole before it is rejected for what comes."""

_GROWING = (1, 2, 4, 8, 15, 30)
"""The waits for one clip, as parts of the patience that there is."""


async def download_clip(
    provider: Provider,
    job: JobRef,
    succeeded: Succeeded,
    *,
    scratch: Path,
    store: Store,
    request: Request,
    patience: timedelta,
    progress: Callable[[float], None] = lambda _: None,
    late: bool = True,
) -> ClipFacts:
    """Fetch, decode, check and keep a clip; returns what is known of it. Nothing is left in `scratch`.

    `progress` is told fractions from 0 to 1 of each fetch.

    `patience` is how long its host is waited for, where that gives something else than a clip; or nothing, if the link
    may be younger than the file that it leads to (`late`).

    Raises Transient (try later), ClipRejected (not usable, fetched more than once), Terminal `clip_lost` (the vendor
    does not give it any more), StoreError.
    """
    await asyncio.to_thread(scratch.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clip-", dir=scratch) as folder:
        clip = Path(folder) / "clip.mp4"
        waits = iter([patience.total_seconds() * part / sum(_GROWING) for part in _GROWING])
        delivery = _Delivery(provider, job, request, clip, progress, waits, late)
        facts = await delivery.take_in(succeeded.clip_url)
        kept = await asyncio.to_thread(store.put_file, clip)
    if kept != facts.sha256:
        raise StoreError(f"the clip of {request.shot} changed on this disk while it was kept", "Run again")
    return facts


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One clip on its way from the vendor to a file that was checked."""

    provider: Provider
    job: JobRef
    request: Request
    clip: Path
    progress: Callable[[float], None]
    waits: Iterator[float]  # in seconds, until patience ends
    late: bool

    async def take_in(self, url: str) -> ClipFacts:
        """Fetch until a usable clip is there, or the vendor's own file proves to be the damaged one."""
        damaged: set[str] = set()
        while True:
            url = await self._fetch(url)
            try:
                return await asyncio.to_thread(self._checked)
            except ClipRejected as error:
                if error.code == NO_VIDEO:
                    url = await self._after_no_clip(url)
                    continue
                sha256 = await asyncio.to_thread(sha256_of_file, self.clip)
                if sha256 in damaged or len(damaged) + 1 == FETCHES:
                    raise
                damaged.add(sha256)
                await asyncio.to_thread(self.clip.unlink)

    def _checked(self) -> ClipFacts:
        with span(DECODE):
            facts = clip_facts(self.clip)
        fatal = [finding.message for finding in check_clip(facts, self.request) if finding.fatal]
        if fatal:
            raise ClipRejected(f"the clip of {self.request.shot} cannot be used: {'; '.join(fatal)}")
        return facts

    async def _after_no_clip(self, url: str) -> str:
        """What came says something of the host and nothing of the clip: wait, and return the link to ask by then."""
        came = await asyncio.to_thread(_beginning, self.clip)
        await asyncio.to_thread(self.clip.unlink)
        if not await self._wait():
            raise Transient(
                f"the host of the clip of job {self.job.id} gives something else in its place, which begins: {came}",
                code=NO_CLIP,
            )
        return await self._fresh_link() or url

    async def _fetch(self, url: str) -> str:
        """Fetch by this link, or by a fresh one where it leads nowhere; returns the link that worked."""
        while True:
            gone = await self._refused(url)
            if gone is None:
                return url
            fresh = await self._fresh_link()
            if fresh is not None and fresh != url:
                url, gone = fresh, await self._refused(fresh)
                if gone is None:
                    return url
            if not self.late or _is_known(gone) or not await self._wait():
                raise self._lost(gone)

    def _lost(self, gone: Terminal) -> Terminal:
        return Terminal(gone.message, gone.remedy, code=CLIP_LOST, words=gone.words, charged=True)

    async def _refused(self, url: str) -> Terminal | None:
        """Fetch by this link; where it leads nowhere, what its host said."""
        try:
            await self.provider.download(self.job, url, self.clip, self.progress)
        except Terminal as error:
            if error.code != LinkGone.code:
                raise
            return error
        return None

    async def _wait(self) -> bool:
        """Give the host some time, longer each time. False where patience has ended."""
        seconds = next(self.waits, None)
        if seconds is None:
            return False
        await asyncio.sleep(seconds)
        return True

    async def _fresh_link(self) -> str | None:
        """Vendors that sign their links when they are asked give another one every time. None: there is no other."""
        try:
            status = await self.provider.poll(self.job)
        except Terminal as error:
            if error.scope is Scope.VENDOR:
                raise
            return None  # it knows the job no longer
        return status.clip_url if isinstance(status, Succeeded) else None


def _is_known(gone: Terminal) -> bool:
    """Whether the host knows the file that its link does not give any more."""
    return isinstance(gone, LinkGone) and gone.status in NOT_LATE


def _beginning(file: Path) -> str:
    with file.open("rb") as opened:
        return shown(opened.read(200))
