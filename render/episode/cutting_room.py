"""Conforms clips as they arrive, while other shots are still being generated, so that the cut only has to join.

The single frames that go with a cut (tail frames, thumbnails) are taken then as well, in one pass over each clip.

Whether a clip must be conformed is certain at once where it cannot stand in the master untouched, and for all others
as soon as two encoders are seen. What nobody could know yet, the cut conforms at its beginning; nothing is conformed
twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from render.context import RunContext
from render.cut.conform import conform_key
from render.cut.cut_episode import conformed, house_signature
from render.cut.cut_plan import Piece, copyable
from render.episode.cut_sheet import take_stills
from render.errors import RenderError
from render.media.colour_conversion import is_ordinary
from render.media.signature import StreamSignature, signature
from render.references.publish import DerivedPort
from render.store import Store
from render.takes.outcomes import Outcome
from render.watcher import Watcher
from storyboard.continuity.timing import used_frames
from storyboard.shot import Episode


@dataclass(frozen=True, slots=True)
class KeptPieces:
    """Conformed pieces as blobs, found by their recipe in the ledger. It notes which it found, and which were made."""

    store: Store
    derived: DerivedPort
    found: list[str] = field(default_factory=list)
    made: list[str] = field(default_factory=list)

    def find(self, key: str) -> Path | None:
        """The piece that this recipe gave before, where its blob is still there."""
        sha256 = self.derived.derived(key)
        if sha256 is None or not self.store.has(sha256):
            return None
        self.found.append(key)
        return self.store.local_path(sha256, ".mp4")

    def keep(self, key: str, piece: Path) -> Path:
        """Keep the piece as a blob under this recipe; the file itself becomes the blob."""
        sha256 = self.store.put_made(piece)
        self.derived.remember_derived(key, sha256)
        self.made.append(key)
        return self.store.local_path(sha256, ".mp4")


async def unseen(piece: Piece) -> None:
    """Take no frame of it."""


@dataclass(slots=True)
class CuttingRoom:
    """A worker with a queue: it conforms the clips of one episode while other shots are still being made.

    A session makes one for its run, gives it each clip that comes in, and waits for it (`close`) before the cut.
    """

    episode: Episode
    kept: KeptPieces
    scratch: Path
    watcher: Watcher
    show: Callable[[Piece], Awaitable[object]] = unseen  # takes the single frames of a piece's clip
    _waiting: list[tuple[Piece, StreamSignature]] = field(default_factory=list)
    _mixed: bool = False
    _begun: set[str] = field(default_factory=set)  # pieces that were conformed in this run, or are being conformed
    _work: set[asyncio.Task[None]] = field(default_factory=set)

    @classmethod
    def of(cls, context: RunContext, episode: Episode) -> CuttingRoom:
        """The cutting room of a run."""
        kept, show = KeptPieces(context.store, context.derived), partial(take_stills, context, episode)
        return cls(episode, kept, context.scratch, context.watcher, show)

    def take_in(self, outcome: Outcome) -> None:
        """A shot has its clip. Returns at once; the work goes on beside the other shots."""
        if outcome.clip is not None:
            task = asyncio.ensure_future(self._take_in(outcome))
            self._work.add(task)
            task.add_done_callback(self._work.discard)

    async def close(self) -> None:
        """Wait for what was begun. What failed here fails again at the cut, and is told there."""
        await asyncio.gather(*self._work, return_exceptions=True)

    async def _take_in(self, outcome: Outcome) -> None:
        piece = await piece_of(self.kept.store, self.episode, outcome)
        await asyncio.gather(self._make_ready(piece), self.show(piece), return_exceptions=True)

    async def _make_ready(self, piece: Piece) -> None:
        encoded = await asyncio.to_thread(signature, piece.path)
        self._waiting.append((piece, encoded))
        odd = not copyable(piece, encoded, self.episode.master)
        self._mixed = self._mixed or odd or encoded != self._waiting[0][1]
        if self._mixed:
            pieces, self._waiting = self._waiting, []
            await asyncio.gather(*(self._conform(each, sign) for each, sign in pieces))

    async def _conform(self, piece: Piece, encoded: StreamSignature) -> None:
        master = self.episode.master
        if copyable(piece, encoded, master) and encoded == await house_signature(master, self.scratch):
            return
        assert piece.clip is not None
        key = conform_key(piece.clip.sha256, piece.frames, master, ordinary=is_ordinary(encoded))
        if key in self._begun:  # two shots that are the same to the letter share one clip
            return
        self._begun.add(key)
        try:
            await conformed(piece, master, self.kept, self.scratch)
        except RenderError as error:
            self.watcher.note(f"{piece.key} could not be conformed yet: {error}")


async def piece_of(store: Store, episode: Episode, outcome: Outcome) -> Piece:
    """The piece of the master that this shot's circled clip fills."""
    assert outcome.clip is not None
    path = await asyncio.to_thread(store.local_path, outcome.clip.sha256, ".mp4")
    frames = used_frames(episode, outcome.key, outcome.clip)
    return Piece.of(episode.shot(outcome.key), frames, path, outcome.clip)
