"""Small servers on this machine that say exactly what a test wants, byte by byte, and remember what they heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]
"""One answer: writes what it wants; the connection closes afterwards unless it is kept."""


@dataclass
class Wire:
    """A server that answers its n-th request with the n-th answer, and all later ones with the last."""

    answers: Sequence[Say]
    keep: bool = False  # keep connections open between requests
    port: int = 0
    heard: list[bytes] = field(default_factory=list)  # whole requests, in order
    connections: int = 0
    busy: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    async def meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection; ends quietly when the test ends, whatever it is doing then."""
        self.connections += 1
        me = asyncio.current_task()
        assert me is not None
        self.busy.add(me)
        try:
            while heard := await _whole_request(reader):
                self.heard.append(heard)
                await self.answers[min(len(self.heard), len(self.answers)) - 1](writer)
                if not self.keep:
                    break
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, asyncio.CancelledError):
            pass
        finally:
            self.busy.discard(me)
            writer.close()


@asynccontextmanager
async def wire(*answers: Say, keep: bool = False) -> AsyncIterator[Wire]:
    """Serve on a free port of this machine."""
    served = Wire(answers, keep=keep)
    server = await asyncio.start_server(served.meet, "127.0.0.1", 0)
    served.port = server.sockets[0].getsockname()[1]
    try:
        yield served
    finally:
        server.close()
        for task in tuple(served.busy):
            task.cancel()
        await asyncio.sleep(0)


def raw(*pieces: bytes, pause_s: float = 0.0) -> Say:
    """These bytes, with pauses between the pieces."""

    async def say(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause_s)

    return say


def answer(
    body: bytes | str = b"",
    status: int = 200,
    *,
    length: int | None = None,
    kind: str = "application/json",
    **more: str,
) -> Say:
    """A well-formed answer. `length` lies about the body's length; `more` are headers, `_` for `-`."""
    payload = body.encode() if isinstance(body, str) else body
    declared = len(payload) if length is None else length
    head = [f"HTTP/1.1 {status} Said", f"Content-Length: {declared}", f"Content-Type: {kind}"]
    head += [f"{name.replace('_', '-')}: {value}" for name, value in more.items()]
    return raw("\r\n".join(head).encode() + b"\r\n\r\n" + payload)


def silence(seconds: float) -> Say:
    """Nothing at all for a while."""
    return raw(b"", pause_s=seconds)


async def _whole_request(reader: asyncio.StreamReader) -> bytes:
    head = await reader.readuntil(b"\r\n\r\n")
    lengths = [line for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    length = int(lengths[0].partition(b":")[2]) if lengths else 0
    return head + await reader.readexactly(length)
