"""Conforms clips as they arrive, while other shots are still being generated, so that the cut only has to join.

The single frames that go with a cut (tail frames, thumbnails) are taken then as well, in one pass over each clip.

Whether a clip must be conformed is certain at once where it cannot stand in the master untouched, and for all others
as soon as two encoders are seen. What nobody could know yet, the cut conforms at its beginning; nothing is conformed
twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from render.cut.cut_plan import Piece, Segment, copyable, settled_segments
from render.cut.house_signature import house_signature
from render.cut.segment_files import encoded_as, segment_file, segment_key
from render.errors import RenderError
from render.media.signature import StreamSignature
from render.references.publish import DerivedPort
from render.store import Store
from render.takes.outcomes import Outcome
from render.watcher import Watcher
from storyboard.continuity.timing import used_frames
from storyboard.edit import CUT
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
    _there: dict[int, tuple[Piece, StreamSignature]] = field(default_factory=dict)  # by place in the story
    _mixed: bool = False
    _begun: set[str] = field(default_factory=set)  # keys of what was made in this run, or is being made
    _work: set[asyncio.Task[None]] = field(default_factory=set)

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
        index = self.episode.shot(outcome.key).index
        await asyncio.gather(self._make_ready(piece, index), self.show(piece), return_exceptions=True)

    async def _make_ready(self, piece: Piece, index: int) -> None:
        encoded = await asyncio.to_thread(encoded_as, piece)
        before = self._mixed
        self._there[index] = (piece, encoded)
        odd = not copyable(piece, encoded, self.episode.master) or any(self._ways)
        self._mixed = before or odd or any(encoded != other for _, other in self._there.values())
        if self._mixed:
            near = (index - 1, index, index + 1) if before else tuple(self._there)
            await asyncio.gather(*(self._conform(each) for each in near if each in self._there))

    @property
    def _ways(self) -> list[bool]:
        """Whether a transition leads into each shot, and out of the last one."""
        ways = [*(shot.edit.transition for shot in self.episode.shots), self.episode.end_transition]
        return [way != CUT for way in ways]

    def _beside(self, index: int, way: int) -> tuple[bool, Piece | None]:
        """Whether all is known of a shot's neighbour at transition number `way`, and that piece where it matters."""
        other = way - 1 if way == index else way
        if not self._ways[way] or not 0 <= other < len(self.episode.shots):
            return True, None
        found = self._there.get(other)
        return found is not None, found[0] if found is not None else None

    async def _conform(self, index: int) -> None:
        """Make what is certain of one shot: its own part, and the transitions beside it."""
        (piece, encoded), master = self._there[index], self.episode.master
        (known_before, before), (known_after, after) = self._beside(index, index), self._beside(index, index + 1)
        if not (known_before and known_after):
            return
        if copyable(piece, encoded, master) and encoded == await house_signature(master, self.scratch):
            return
        end = self.episode.end_transition if index == len(self.episode.shots) - 1 else CUT
        near, segments = settled_segments(before, piece, after, master.fps, end)
        try:
            for segment in segments:
                await self._make(segment, near)
        except RenderError as error:
            self.watcher.note(f"{piece.key} could not be conformed yet: {error}")

    async def _make(self, segment: Segment, pieces: Sequence[Piece]) -> None:
        key = await segment_key(segment, pieces, self.episode.master)
        if key not in self._begun:  # two shots that are the same to the letter share one clip
            self._begun.add(key)
            await segment_file(segment, pieces, self.episode.master, self.kept, self.scratch)


async def piece_of(store: Store, episode: Episode, outcome: Outcome) -> Piece:
    """The piece of the master that this shot's circled clip fills."""
    assert outcome.clip is not None
    path = await asyncio.to_thread(store.local_path, outcome.clip.sha256, ".mp4")
    frames = used_frames(episode, outcome.key, outcome.clip)
    return Piece.of(episode.shot(outcome.key), frames, path, outcome.clip)
