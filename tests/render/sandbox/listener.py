"""Whoever is called back: a small server on this machine that writes down what it hears."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


class Listener:
    """Answers the first `failures` calls with 500. Use it as a context."""

    def __init__(self, failures: int = 0) -> None:
        self.heard: list[tuple[float, dict[str, Any]]] = []
        listener = self

        class Answer(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                listener.heard.append((time.monotonic(), json.loads(body)))
                self.send_response(500 if len(listener.heard) <= failures else 200)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/called"

    def __enter__(self) -> Listener:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()

    def until(self, enough: Callable[[int], bool], within_s: float = 15) -> None:
        deadline = time.monotonic() + within_s
        while not enough(len(self.heard)):
            assert time.monotonic() < deadline, f"called {len(self.heard)} times"
            time.sleep(0.02)
