"""Posters, stills, copies for browsers and sound levels: made when somebody first looks, and kept in the store.

What was made once is found by the ledger, here and in every other room. A few are made at once; whoever asks for one
that is being made waits for that.
"""

import asyncio
import tempfile
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flows.review.room_ledger import RoomLedger
from flows.run.workspace import Workspace
from render.clips import browser_media
from render.clips.kept_stills import Still
from render.clips.media_process import Job, MediaProcess
from render.ledger import queries
from storyboard.request import FrameId

if TYPE_CHECKING:
    from render.concurrency.blocking import InThread
    from render.store import Store

__all__ = ["MadeMedia"]

AT_ONCE = 2
"""Things that are made at the same time: a machine that cuts has other work."""

Write = Callable[[Path, Path], Awaitable[object]]
"""Makes the second file of the first."""


class MadeMedia:
    """Makes what pages show of clips, each once. Belongs to one event loop."""

    def __init__(self, workspace: Workspace[None], ledger: RoomLedger, in_thread: "InThread") -> None:
        self._workspace, self._ledger = workspace, ledger
        self.in_thread: Any = in_thread
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._making: dict[str, asyncio.Task[str]] = {}
        self._kept: dict[str, str] = {}  # blobs by recipe, as far as they were asked for
        self._looked_up: set[str] = set()
        self._decoding = MediaProcess()

    @property
    def store(self) -> "Store":
        """Where clips are, and where what is made of them is kept."""
        return self._workspace.store

    @property
    def scratch(self) -> Path:
        """For files on their way."""
        return self._workspace.places.scratch

    async def poster(self, sha256: str, frame: int) -> str:
        """One frame of a clip, small: the blob of a JPEG. Raises MediaError, StoreError."""
        return await self._made(browser_media.poster_recipe(sha256, frame), sha256, self._by("poster", frame))

    async def proxy(self, sha256: str, *, sound: bool) -> str:
        """A clip's copy for browsers: the blob of an MP4. Raises MediaError, StoreError."""

        async def write(clip: Path, target: Path) -> None:
            await browser_media.write_proxy(clip, target, sound=sound)

        return await self._made(browser_media.proxy_recipe(sha256), sha256, write)

    async def peaks(self, sha256: str, file: Path | None) -> str:
        """How loud a film is, moment by moment: the blob of a JSON. `file` is where it lies, None: in the store."""
        return await self._made(browser_media.peaks_recipe(sha256), sha256, self._by("peaks"), file=file)

    async def still(self, sha256: str, frame: int) -> str:
        """One frame of a clip, exactly: the blob of a PNG, by the name that the cut has for it. Raises as `poster`."""
        recipe = Still(FrameId(sha256, frame)).recipe
        return await self._made(recipe, sha256, self._by("still", frame))

    async def learn_once(self, recipes: Collection[str]) -> None:
        """Look up many at once, and each no second time: a page of posters asks the ledger one question."""
        unknown = {recipe for recipe in recipes if recipe not in self._kept} - self._looked_up
        if unknown:
            self._looked_up |= unknown
            self._kept |= await self.in_thread(self._ledger.read, queries.derived_blobs, unknown) or {}

    async def _made(self, recipe: str, sha256: str, write: Write, *, file: Path | None = None) -> str:
        async def make() -> str:
            await self.learn_once([recipe])
            known = self._kept.get(recipe)
            if known is not None and await self.in_thread(self.store.has, known):
                return known
            film = file or await self.in_thread(self.store.local_path, sha256, ".mp4")
            with self._folder() as folder:
                await write(film, folder / "made")
                made = await self.in_thread(self.store.put_made, folder / "made")
            from render.ledger import recipes

            await self.in_thread(self._ledger.write, recipes.remember_derived, recipe, made)
            return str(made)

        return await self._once(recipe, make)

    async def _once(self, recipe: str, make: Callable[[], Awaitable[str]]) -> str:
        """What a recipe gives, made by whoever asks first; it is finished though they may have left."""

        async def in_turn() -> str:
            async with self._turns:
                made = self._kept[recipe] = await make()
            return made

        task = self._making.get(recipe)
        if task is None:
            task = self._making[recipe] = asyncio.create_task(in_turn())
            task.add_done_callback(
                lambda ended: (self._making.pop(recipe, None), ended.cancelled() or ended.exception())
            )
        return await asyncio.shield(task)

    def _by(self, job: Job, frame: int = 0) -> Write:
        """Makes it in a process that decodes."""

        async def write(film: Path, target: Path) -> None:
            await asyncio.to_thread(self._decoding.make, job, film, target, frame=frame)

        return write

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        self.scratch.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="review-", dir=self.scratch) as folder:
            yield Path(folder)

    async def aclose(self) -> None:
        """Stop what is being made."""
        for task in list(self._making.values()):
            task.cancel()
        await asyncio.to_thread(self._decoding.close)
        await asyncio.gather(*self._making.values(), return_exceptions=True)
