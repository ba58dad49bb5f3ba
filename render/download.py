"""Fetches a clip that a vendor says is ready, and believes nothing until every frame of it was decoded.

The clip is paid for, so every way to get it is tried before it is given up: a broken transfer is resumed, a damaged
file is fetched again before it is judged, and an expired link is asked for anew.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from render.errors import ClipRejected, StoreError, Terminal
from render.media.checks import check_clip
from render.media.clip import clip_facts
from render.providers.base import JobRef, Provider, Succeeded
from render.providers.fetching import fetch_url
from render.store.base import Store
from render.store.digests import sha256_of_file
from storyboard.request import Request
from storyboard.takes import ClipFacts

__all__ = ["GONE_FOR_GOOD", "download_clip", "fetch_url"]

GONE_FOR_GOOD = "410"
"""The words of a `clip_lost` whose host said plainly that the file will not come back (HTTP 410 Gone)."""

FETCHES = 3
"""How often one clip is fetched whole before what comes is judged."""


async def download_clip(
    provider: Provider,
    job: JobRef,
    succeeded: Succeeded,
    *,
    scratch: Path,
    store: Store,
    request: Request,
    progress: Callable[[float], None] = lambda _: None,
) -> ClipFacts:
    """Fetch, decode, check and keep a clip; returns what is known of it. Nothing is left in `scratch`.

    Raises Transient (try later), ClipRejected (not usable, fetched more than once), Terminal `clip_lost` (the vendor
    does not give it any more), StoreError.
    """
    await asyncio.to_thread(scratch.mkdir, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="clip-", dir=scratch) as folder:
        clip = Path(folder) / "clip.mp4"
        facts = await _Delivery(provider, job, request, clip, progress).take_in(succeeded.clip_url)
        kept = await asyncio.to_thread(store.put_file, clip)
    if kept != facts.sha256:
        raise StoreError(f"the clip of {request.shot} changed on this disk while it was kept. Run again")
    return facts


@dataclass(frozen=True, slots=True)
class _Delivery:
    """One clip on its way from the vendor to a file that was judged."""

    provider: Provider
    job: JobRef
    request: Request
    clip: Path
    progress: Callable[[float], None]

    async def take_in(self, url: str) -> ClipFacts:
        """Fetch until a usable clip is there, or the vendor's own file proves to be the damaged one."""
        damaged: set[str] = set()
        while True:
            url = await self._fetch(url)
            try:
                return await asyncio.to_thread(self._judge)
            except ClipRejected:
                sha256 = await asyncio.to_thread(sha256_of_file, self.clip)
                if sha256 in damaged or len(damaged) + 1 == FETCHES:
                    raise
                damaged.add(sha256)
                await asyncio.to_thread(self.clip.unlink)

    def _judge(self) -> ClipFacts:
        facts = clip_facts(self.clip)
        fatal = [finding.message for finding in check_clip(facts, self.request) if finding.fatal]
        if fatal:
            raise ClipRejected(f"the clip of {self.request.shot} cannot be used: {'; '.join(fatal)}")
        return facts

    async def _fetch(self, url: str) -> str:
        """Fetch by this link, or by a fresh one where it has expired; returns the link that worked."""
        gone = await self._refused(url)
        if gone is None:
            return url
        fresh = await self._fresh_link()
        if fresh is not None and fresh != url:
            gone = await self._refused(fresh)
            if gone is None:
                return fresh
        raise Terminal(
            f"the clip of {self.request.shot} (job {self.job.id}) is not to be had at {self.request.provider}: "
            f"{gone.message}. The next run asks again; if it is gone for good, make a new take with --new-take",
            code="clip_lost",
            words=gone.words,
            charged=True,
        )

    async def _refused(self, url: str) -> Terminal | None:
        """Fetch by this link; where it leads nowhere, what its host said."""
        try:
            await self.provider.download(self.job, url, self.clip, self.progress)
        except Terminal as error:
            if error.code != "link_gone":
                raise
            return error
        return None

    async def _fresh_link(self) -> str | None:
        """Vendors that sign their links when they are asked give another one every time."""
        status = await self.provider.poll(self.job)
        return status.clip_url if isinstance(status, Succeeded) else None
