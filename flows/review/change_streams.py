"""Tells every open page what has changed: one look a second at ledger and files for all of them together.

A stream carries names and no contents: a page fetches itself anew. Who does not keep up is let go, and comes back.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field
from json import dumps
from secrets import token_hex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from render.concurrency.blocking import InThread

__all__ = ["Change", "ChangeStreams"]

MOST_STREAMS = 32
"""Open at the same time; a further one is told to come back."""

LOOK_EVERY_S = 1.0
HEARTBEAT_S = 15.0

REMEMBERED = 256
"""Changes that a page which was away for a moment is told of; of more it is told to read everything anew."""

_BEHIND = 64  # changes that a stream may be behind


@dataclass(frozen=True, slots=True)
class Change:
    """What changed since the look before."""

    shots: frozenset[str] = frozenset()  # EPISODE/SCENE/SHOT; nothing named: anything may have
    what: frozenset[str] = frozenset()  # "ledger", "files", "runs"

    @property
    def data(self) -> str:
        """As JSON on one line."""
        return dumps({"shots": sorted(self.shots), "what": sorted(self.what)})


@dataclass(frozen=True, slots=True)
class _Told:
    number: int
    change: Change

    def text(self, boot: str) -> str:
        return f"id: {boot}-{self.number}\nevent: changed\ndata: {self.change.data}\n\n"


@dataclass
class ChangeStreams:
    """All open streams of a room. `look` says what changed since it was last called; it blocks."""

    look: Callable[[], Change | None]
    in_thread: "InThread"
    every_s: float = LOOK_EVERY_S
    _boot: str = field(default_factory=lambda: token_hex(6))
    _number: int = 0
    _last: deque[_Told] = field(default_factory=lambda: deque(maxlen=REMEMBERED))
    _open: set[asyncio.Queue[_Told | None]] = field(default_factory=set)

    @property
    def full(self) -> bool:
        """Whether no further stream may be opened."""
        return len(self._open) >= MOST_STREAMS

    def tell(self, change: Change) -> None:
        """Tell every page. To be called in the event loop."""
        self._number += 1
        told = _Told(self._number, change)
        self._last.append(told)
        for queue in list(self._open):
            if queue.full():
                self._open.discard(queue)
                while not queue.empty():
                    queue.get_nowait()
                queue.put_nowait(None)
            else:
                queue.put_nowait(told)

    async def watch(self) -> None:
        """Look again and again, for as long as anybody listens. Runs beside the room's application."""
        while True:
            await asyncio.sleep(self.every_s)
            if not self._open:
                continue
            change = await self.in_thread(self.look)
            if change is not None:
                self.tell(change)

    async def begin(self) -> None:
        """Look once where nobody listened: what changed until now is told by the mark that a stream begins with."""
        if not self._open:
            await self.in_thread(self.look)

    async def stream(self, last: str, mark: str) -> AsyncIterator[str]:
        """One page's stream, from the change after the one that it heard of last. Ends at once where all are taken.

        `mark` is how things stand now: a page that shows another one reads itself anew.
        """
        if self.full:
            return
        queue: asyncio.Queue[_Told | None] = asyncio.Queue(_BEHIND)
        self._open.add(queue)
        try:
            yield f"retry: 2000\n{self._missed(last, mark)}\n"
            while True:
                try:
                    told = await asyncio.wait_for(queue.get(), HEARTBEAT_S)
                except TimeoutError:
                    yield ": still here\n\n"
                    continue
                if told is None:
                    return
                yield told.text(self._boot)
        finally:
            self._open.discard(queue)

    def _missed(self, last: str, mark: str) -> str:
        """What a page was not told of; where that is not known any more, how things stand now."""
        boot, _, number = last.partition("-")
        known = self._last[0].number if self._last else self._number + 1
        if boot != self._boot or not (number.isascii() and number.isdigit()) or int(number[:12]) + 1 < known:
            return f"id: {self._boot}-{self._number}\nevent: here\ndata: {dumps({'mark': mark})}\n"
        return "\n" + "".join(told.text(self._boot) for told in self._last if told.number > int(number[:12]))
