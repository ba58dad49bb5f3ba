"""A receiver of webhooks on this machine: it verifies as docs/webhooks.md shows, and answers as a test wants."""

from __future__ import annotations

import asyncio
import json
import secrets
import threading
from base64 import b64encode
from collections.abc import AsyncIterator, Callable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

from render.outgoing.webhook_endpoint import Endpoint, read_endpoints
from tests.docs.pages import ROOT, blocks
from tests.render.providers.wire import Say, Wire, answer, wire

SECRET = f"whsec_{b64encode(secrets.token_bytes(32)).decode()}"
PATH = "/in/T0pS3cretPath"
TAKEN = answer(status=204)


def documented() -> Callable[[Mapping[str, str], bytes, Sequence[str]], bool]:
    """What the page tells receivers to verify with."""
    (block,) = blocks(ROOT / "docs" / "webhooks.md", "python")
    names: dict[str, Any] = {}
    exec(block.text, names)
    found: Callable[[Mapping[str, str], bytes, Sequence[str]], bool] = names["verified"]
    return found


@dataclass(frozen=True)
class Heard:
    """One request, taken apart."""

    line: str
    headers: Mapping[str, str]
    body: bytes

    @classmethod
    def of(cls, request: bytes) -> Heard:
        """From the bytes that came."""
        head, _, body = request.partition(b"\r\n\r\n")
        line, *lines = head.decode().split("\r\n")
        pairs = (each.partition(": ") for each in lines)
        return cls(line, {name.lower(): value for name, _, value in pairs}, body)

    @property
    def id(self) -> str:
        """Of the message."""
        return self.headers["webhook-id"]

    @property
    def type(self) -> str:
        """Of the message."""
        return str(json.loads(self.body)["type"])

    def is_signed_with(self, *keys: str) -> bool:
        """By what the page shows."""
        return documented()(self.headers, self.body, keys)


@dataclass(frozen=True)
class Receiver:
    """An endpoint, and what it heard."""

    wire: Wire

    @property
    def url(self) -> str:
        """What an operator names."""
        return f"{self.wire.url}{PATH}?token=s3cr3t-t0ken"

    @property
    def endpoint(self) -> Endpoint:
        """The same, as it is read."""
        (endpoint,) = read_endpoints(self.url)
        return endpoint

    @property
    def heard(self) -> list[Heard]:
        """Every request, in order."""
        return [Heard.of(each) for each in self.wire.heard]

    @property
    def types(self) -> list[str]:
        """What was told, in order."""
        return [each.type for each in self.heard]


@asynccontextmanager
async def receiver(*answers: Say) -> AsyncIterator[Receiver]:
    """Answers its n-th request with the n-th answer, all later ones with the last; without any it takes everything."""
    async with wire(*(answers or (TAKEN,))) as served:
        yield Receiver(served)


@contextmanager
def receiving(*answers: Say) -> Iterator[Receiver]:
    """The same in a thread of its own, for runs and commands that are called as functions."""
    loop, ready, over = asyncio.new_event_loop(), threading.Event(), asyncio.Event()
    found: list[Receiver] = []

    async def serve() -> None:
        async with receiver(*answers) as here:
            found.append(here)
            ready.set()
            await over.wait()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    try:
        assert ready.wait(30)
        yield found[0]
    finally:
        loop.call_soon_threadsafe(over.set)
        thread.join()
        loop.close()
