"""A way to an HTTP server of this machine that can refuse, be slow, or answer 503 at random, chosen by a seed."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlsplit

BUSY = (
    b"HTTP/1.1 503 Slow Down\r\nContent-Type: application/xml\r\nConnection: close\r\nContent-Length: 72\r\n\r\n"
    b"<Error><Code>SlowDown</Code><Message>Reduce your rate.</Message></Error>"
)


@dataclass(frozen=True, slots=True)
class Weather:
    """How a way is: whether nobody listens at its end, how long each part of an answer takes, how often it is busy."""

    refuses: bool = False
    delay_s: float = 0.0  # before each request, and before each 64 KiB of an answer
    busy: float = 0.0  # the share of requests that are answered 503, from 0 to 1


CALM = Weather()


class FaultyProxy:
    """Listens on a port of its own and carries connections to one server. Its random choices come of the seed."""

    def __init__(self, upstream: str, seed: int = 0) -> None:
        parts = urlsplit(upstream)
        self._upstream = (str(parts.hostname), parts.port or 80)
        self.weather = CALM
        self.delayed = self.busy = 0  # requests, so far
        self._random = random.Random(seed)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._listen(0)
        self._port = int(self._listener.getsockname()[1])
        self.url = f"http://127.0.0.1:{self._port}"

    @contextlib.contextmanager
    def during(self, weather: Weather) -> Iterator[None]:
        """Let the way be so for a while. Where it refuses, nobody listens there, and connections that stood are cut."""
        self.weather = weather
        if weather.refuses:
            self.close()
        try:
            yield
        finally:
            self.weather = CALM
            if weather.refuses:
                self._listen(self._port)

    def close(self) -> None:
        """Listen no more."""
        self._listener.shutdown(socket.SHUT_RDWR)  # what wakes the thread that accepts
        self._listener.close()
        with self._lock:
            standing, self._open = self._open, set()
        for each in standing:
            with contextlib.suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)

    def _listen(self, port: int) -> None:
        self._listener = socket.create_server(("127.0.0.1", port))
        threading.Thread(target=self._accept, args=(self._listener,), daemon=True).start()

    def _accept(self, listener: socket.socket) -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._carry, args=(client,), daemon=True).start()

    def _carry(self, client: socket.socket) -> None:
        with contextlib.ExitStack() as held, contextlib.suppress(OSError):
            held.enter_context(client)
            server = held.enter_context(socket.create_connection(self._upstream))
            with self._lock:
                self._open |= {client, server}
            back = threading.Thread(target=self._answers, args=(server, client), daemon=True)
            back.start()
            while data := client.recv(65536):
                if _begins_request(data) and not self._lets_pass(client):
                    break
                server.sendall(data)
            server.shutdown(socket.SHUT_WR)
            back.join(60)
        with self._lock:
            self._open -= {client, server}

    def _lets_pass(self, client: socket.socket) -> bool:
        """Whether a request goes on to the server; else it is answered here, and the connection ends."""
        weather = self.weather
        if weather.delay_s:
            self.delayed += 1
            time.sleep(weather.delay_s)
        with self._lock:
            unlucky = self._random.random() < weather.busy
        if unlucky:
            self.busy += 1
            client.sendall(BUSY)
            client.shutdown(socket.SHUT_WR)
            client.settimeout(2)
            while client.recv(65536):  # the rest of it: a connection that is closed before takes the answer with it
                pass
        return not unlucky

    def _answers(self, server: socket.socket, client: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := server.recv(65536):
                if self.weather.delay_s and len(data) == 65536:
                    time.sleep(self.weather.delay_s)
                client.sendall(data)
            client.shutdown(socket.SHUT_RDWR)


def _begins_request(data: bytes) -> bool:
    line = data.partition(b"\r\n")[0]
    return line.endswith(b" HTTP/1.1") and line.partition(b" ")[0] in {b"GET", b"HEAD", b"PUT", b"POST", b"DELETE"}
