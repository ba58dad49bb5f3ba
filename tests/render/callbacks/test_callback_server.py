"""A callback server over real sockets: floods, large bodies and slow ones do no harm."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from render.ledger import Ledger, Take, callback_tokens, claims, open_ledger, queries, recipes
from tests.render.callbacks.server_process import CallbackServerProcess
from tests.render.ledger.stage import SERIES, Stage, audit, want
from tests.thinning import exhaustive

CALLS = 2000
AT_ONCE = 40
BODY_WITHIN_S, LINE_S = 0.5, 0.6


@dataclass(frozen=True)
class RunningServer:
    """A callback server with short time-outs, and a lost order that has a callback link there."""

    ledger: Ledger
    server: CallbackServerProcess
    take: Take
    token: str

    @property
    def address(self) -> tuple[str, int]:
        parts = urlsplit(self.server.url)
        return str(parts.hostname), int(parts.port or 0)

    def call(self, body: bytes = b"{}", token: str | None = None) -> int:
        """One whole call; returns its status."""
        with self.dial() as line:
            line.sendall(head(token or self.token, len(body), "Connection: close\r\n") + body)
            return status_of(line)

    def dial(self) -> socket.socket:
        return socket.create_connection(self.address, timeout=20)


def head(token: str, length: int, more: str = "") -> bytes:
    return f"POST /t/{token} HTTP/1.1\r\nHost: here\r\n{more}Content-Length: {length}\r\n\r\n".encode()


def answer_of(line: socket.socket) -> bytes:
    """All that is said until the other end hangs up."""
    said = b""
    try:
        while piece := line.recv(4096):
            said += piece
    except ConnectionResetError:  # it hung up in the middle of what we said
        return said
    return said


def status_of(line: socket.socket) -> int:
    """The status of an answer after which the line ends; 0 where it ends without one."""
    first = answer_of(line).partition(b"\r\n")[0].split(b" ")
    return int(first[1]) if len(first) > 1 else 0


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """The server runs in a process of its own."""
    url = f"sqlite:///{tmp_path_factory.mktemp('callbacks') / 'l.sqlite'}"
    with open_ledger(url) as ledger, CallbackServerProcess(url, str(BODY_WITHIN_S), str(LINE_S)) as server:
        stage = Stage.begin(ledger)
        (take,) = stage.open(replace(want(), provider="kinovi"))
        stage.claim(take)
        token = ledger.write(callback_tokens.open_callback_link, take.id, "ann")
        assert token is not None
        ledger.write(claims.outcome_unknown, take.id, "ann", "the connection broke")
        started = RunningServer(ledger, server, stage.now(take), token)
        assert started.call() == 200
        yield started


@exhaustive
def test_of_a_flood_at_most_one_call_a_second_is_recorded(running: RunningServer) -> None:
    """Two thousand calls, half of them forged: each is answered, the takes stand as they were, the run can write."""
    before = (running.ledger.read(queries.takes, SERIES), running.ledger.read(queries.events, running.take.id))
    counted = link_row(running)["rings"]
    begun = time.monotonic()

    statuses = asyncio.run(flood(running))

    took_s = time.monotonic() - begun
    assert statuses.count(200) == statuses.count(404) == CALLS // 2
    assert (running.ledger.read(queries.takes, SERIES), running.ledger.read(queries.events, running.take.id)) == before
    assert 0 < int(link_row(running)["rings"]) - int(counted) <= took_s + 2
    audit(running.ledger)


async def flood(running: RunningServer) -> list[int]:
    """Many lines at once, each calling again and again; the ledger is written to meanwhile."""
    tokens = [running.token, "A" * 43]

    async def caller() -> list[int]:
        statuses = []
        for number in range(CALLS // AT_ONCE):
            reader, writer = await asyncio.open_connection(*running.address)
            writer.write(head(tokens[number % 2], 2) + b"{}")
            statuses.append(int((await reader.readline()).split()[1]))
            writer.close()
            await writer.wait_closed()
        return statuses

    async def run() -> None:
        for _ in range(20):
            await asyncio.to_thread(running.ledger.write, recipes.remember_derived, "key", "sha256")

    found, _ = await asyncio.gather(asyncio.gather(*(caller() for _ in range(AT_ONCE))), run())
    return [status for statuses in found for status in statuses]


def test_a_slow_body_is_not_waited_for(running: RunningServer) -> None:
    """A line that dribbles is turned away after a while; others are answered meanwhile."""
    begun = time.monotonic()
    with running.dial() as line:
        line.sendall(head(running.token, 1000) + b"{")
        assert running.call() == 200
        assert status_of(line) == 408
    assert time.monotonic() - begun < 10


def test_a_large_body_is_cut_short(running: RunningServer) -> None:
    """Whatever length was told, and whether the link is right or not."""
    for token, status in ((running.token, 413), ("A" * 43, 404)):
        with running.dial() as line:
            line.sendall(head(token, 10**12) + b"x" * 70_000)
            assert status_of(line) in {status, 0}, "whoever still talks may not hear it"
    assert running.call() == 200


def test_a_line_on_which_nothing_is_asked_is_hung_up(running: RunningServer) -> None:
    """Silent ones and half-asked ones, so that they cannot fill every place; a line that is left does no harm."""
    with running.dial() as silent, running.dial() as half, running.dial() as left:
        left.sendall(head(running.token, 1000) + b"{")
        left.close()
        half.sendall(b"POST /t/")
        assert silent.recv(4096) == b""
        assert half.recv(4096) == b""
    assert running.call() == 200


def test_nonsense_on_the_line_is_refused(running: RunningServer) -> None:
    """What is no HTTP ends the line, and the server goes on."""
    with running.dial() as line:
        line.sendall(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" * 20 + b"\r\n\r\n")
        assert status_of(line) in {0, 400}
    assert running.call() == 200


def link_row(running: RunningServer) -> dict[str, object]:
    (row,) = running.ledger.read(lambda tx: tx.rows("SELECT * FROM doors WHERE take = :take", take=running.take.id))
    return dict(row)
