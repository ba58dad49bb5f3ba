"""A proxy on this machine that opens every way it is asked for to one server here, and remembers what it was asked."""

from __future__ import annotations

import asyncio
import base64
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from ipaddress import ip_address


@dataclass
class StandIn:
    """What a proxy is, and what it was asked. `user` and `password`: whom it lets through; empty: anybody."""

    port_behind: int
    user: str = ""
    password: str = ""
    refuses: frozenset[str] = frozenset()  # addresses that it opens no way to
    port: int = 0
    asked: list[str] = field(default_factory=list)
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def serve_http(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, by CONNECT."""
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        target = head.split(" ")[1]
        named = base64.b64encode(f"{self.user}:{self.password}".encode()).decode()
        if self.user and f"Proxy-Authorization: Basic {named}\r\n" not in head:
            writer.write(b"HTTP/1.1 407 Who are you\r\nContent-Length: 0\r\n\r\n")
        elif self._opens(target):
            writer.write(b"HTTP/1.1 200 Here you are\r\n\r\n")
            return await self._pass(reader, writer)
        else:
            writer.write(b"HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n")
        return await _end(writer)

    async def serve_socks(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, by SOCKS 5."""
        _, count = await reader.readexactly(2)
        methods = await reader.readexactly(count)
        wanted = 2 if self.user else 0
        if wanted not in methods:
            writer.write(b"\x05\xff")
            return await _end(writer)
        writer.write(bytes([5, wanted]))
        if wanted and not await self._knows(reader, writer):
            return await _end(writer)
        _, _, _, kind = await reader.readexactly(4)
        address = ip_address(await reader.readexactly(4 if kind == 1 else 16))
        port = int.from_bytes(await reader.readexactly(2), "big")
        target = f"[{address}]:{port}" if address.version == 6 else f"{address}:{port}"
        opens = self._opens(target)
        writer.write(bytes([5, 0 if opens else 2, 0, 1, 127, 0, 0, 1, 0, 80]))
        return await (self._pass(reader, writer) if opens else _end(writer))

    async def _knows(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        _, length = await reader.readexactly(2)
        user = (await reader.readexactly(length)).decode()
        (length,) = await reader.readexactly(1)
        known = (user, (await reader.readexactly(length)).decode()) == (self.user, self.password)
        writer.write(bytes([1, not known]))
        return known

    def _opens(self, target: str) -> bool:
        self.asked.append(target)
        return target.rpartition(":")[0].strip("[]") not in self.refuses

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        behind, ahead = await asyncio.open_connection("127.0.0.1", self.port_behind)
        async with asyncio.TaskGroup() as both:
            both.create_task(_carry(reader, ahead))
            both.create_task(_carry(behind, writer))


async def _carry(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    try:
        while data := await source.read(65536):
            sink.write(data)
            await sink.drain()
    except ConnectionError:
        pass
    finally:
        sink.close()


async def _end(writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError, ssl.SSLError):
        await writer.drain()
        writer.close()


@asynccontextmanager
async def proxy(stand_in: StandIn, *, socks: bool = False, tls: ssl.SSLContext | None = None) -> AsyncIterator[StandIn]:
    """Let it listen on a free port of this machine."""

    async def meet(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        stand_in.tasks.add(task)
        with suppress(asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            await (stand_in.serve_socks if socks else stand_in.serve_http)(reader, writer)
        stand_in.tasks.discard(task)

    server = await asyncio.start_server(meet, "127.0.0.1", 0, ssl=tls)
    stand_in.port = server.sockets[0].getsockname()[1]
    try:
        yield stand_in
    finally:
        server.close()
        for task in (tasks := tuple(stand_in.tasks)):
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.sleep(0)
