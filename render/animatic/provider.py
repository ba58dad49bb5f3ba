"""The animatic as a vendor among vendors: it takes orders, has jobs and gives clips, and nothing is ever charged.

A job's state is never remembered: it follows from the order and from whether its clip lies in the scratch folder. So a
process that was killed loses nothing but the drawing it was at, and any other may go on with its jobs.
"""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

from render.animatic.art import BlobPath
from render.animatic.capabilities import CAPABILITIES
from render.animatic.draw_clip import draw_clip
from render.errors import MediaError, Terminal
from render.providers.base import Ended, JobRef, JobStatus, ListedJob, Pending, PublishedReference, Succeeded
from storyboard.capabilities import Capabilities
from storyboard.request import BoundReference, Request


class AnimaticProvider:
    """Draws clips into `scratch`; `blob_path` finds a reference's file by the sha256 of its bytes."""

    def __init__(self, scratch: Path, blob_path: BlobPath) -> None:
        self._scratch = scratch
        self._blob_path = blob_path
        self._drawings: dict[str, asyncio.Task[None]] = {}
        self._progress: dict[str, float] = {}
        self._fetched: set[Path] = set()
        self._slots = asyncio.Semaphore(os.cpu_count() or 1)

    @property
    def capabilities(self) -> Capabilities:
        """Any length and every format, for nothing."""
        return CAPABILITIES

    @property
    def create_timeout(self) -> timedelta:
        """Ten seconds, of which none is needed: an order is only given a name."""
        return timedelta(seconds=10)

    @property
    def poll_interval(self) -> timedelta:
        """A quarter of a second: drawing takes seconds, and asking costs nothing."""
        return timedelta(seconds=0.25)

    async def publish(self, reference: BoundReference, file: Path) -> PublishedReference:
        """Nothing is copied: the file lies where it is drawn from."""
        return PublishedReference(reference, str(file))

    async def create(
        self,
        request: Request,  # noqa: ARG002 - every vendor takes these
        references: Sequence[PublishedReference],  # noqa: ARG002 - every vendor takes these
        *,
        take_id: str,
        callback_url: str | None = None,  # noqa: ARG002 - it calls nobody back
    ) -> str:
        """Name the job after its take; it is drawn from its first poll on."""
        return f"animatic-{hashlib.sha256(take_id.encode()).hexdigest()[:24]}"

    async def poll(self, job: JobRef) -> JobStatus:
        """How far the drawing is; an order that nobody draws yet, or any more, is begun."""
        clip = self._clip(job)
        if clip.is_file():
            return Succeeded(clip_url=clip.name, cost_usd=Decimal(0))
        drawing = self._drawing(job)
        if not drawing.done():
            return Pending(progress=self._progress.get(job.id, 0.0))
        del self._drawings[job.id]
        if drawing.cancelled():
            return Pending(words="the drawing was put down; the next poll takes it up")
        try:
            drawing.result()
        except Terminal as error:
            return Ended(code=error.code, words=str(error), charged=False, input_name=error.input_name)
        except MediaError as error:
            return Ended(code="drawing_failed", words=str(error), charged=False)
        return Succeeded(clip_url=clip.name, cost_usd=Decimal(0))

    async def download(
        self,
        job: JobRef,
        url: str,  # noqa: ARG002 - its name in the scratch folder, which the job says too, wherever that lies by now
        target: Path,
        progress: Callable[[float], None],
    ) -> None:
        """Copy the clip; one that was swept away since is drawn again, which costs nothing."""
        clip = self._clip(job)
        try:
            await asyncio.to_thread(shutil.copyfile, clip, target)
        except FileNotFoundError:
            self._drawings.pop(job.id, None)
            await self._drawing(job)
            await asyncio.to_thread(shutil.copyfile, clip, target)
        self._fetched.add(clip)
        progress(1.0)

    async def list_jobs(self, since: datetime) -> Sequence[ListedJob] | None:  # noqa: ARG002
        """There is no list: a job's name follows from its take, so none is ever lost."""
        return None

    async def cancel(self, job: JobRef) -> bool:
        """Stop drawing. The order stands: polling it begins the drawing again."""
        if drawing := self._drawings.pop(job.id, None):
            drawing.cancel()
            with suppress(asyncio.CancelledError):
                await drawing
        return True

    async def aclose(self) -> None:
        """End every drawing and clear away the clips that were fetched."""
        drawings, self._drawings = list(self._drawings.values()), {}
        for drawing in drawings:
            drawing.cancel()
        await asyncio.gather(*drawings, return_exceptions=True)
        for clip in self._fetched:
            clip.unlink(missing_ok=True)

    def _clip(self, job: JobRef) -> Path:
        return self._scratch / f"{job.id}.mp4"

    def _drawing(self, job: JobRef) -> asyncio.Task[None]:
        if job.id not in self._drawings:
            self._drawings[job.id] = asyncio.create_task(self._draw(job), name=f"draw {job.request.shot}")
        return self._drawings[job.id]

    async def _draw(self, job: JobRef) -> None:
        async with self._slots:
            self._scratch.mkdir(parents=True, exist_ok=True)
            await draw_clip(job.request, self._blob_path, self._clip(job), lambda share: self._note(job.id, share))

    def _note(self, job_id: str, share: float) -> None:
        self._progress[job_id] = share
