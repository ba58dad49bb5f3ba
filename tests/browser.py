"""Chromium, and a server of this machine that it can play films from."""

from __future__ import annotations

import re
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
_FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required"
)


class Ranges(SimpleHTTPRequestHandler):
    """Serves a folder and answers byte ranges, as any host of video does."""

    protocol_version = "HTTP/1.1"
    extensions_map = {**SimpleHTTPRequestHandler.extensions_map, ".vtt": "text/vtt"}  # noqa: RUF012

    def do_GET(self) -> None:
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
        if not asked:
            super().do_GET()
            return
        whole = Path(self.translate_path(self.path)).read_bytes()
        first, last = int(asked[1]), min(int(asked[2] or len(whole) - 1), len(whole) - 1)
        self.send_response(206)
        self.send_header("Content-Type", "video/mp4")
        self.send_header("Accept-Ranges", "bytes")
        self.send_header("Content-Range", f"bytes {first}-{last}/{len(whole)}")
        self.send_header("Content-Length", str(last - first + 1))
        self.end_headers()
        self.wfile.write(whole[first : last + 1])

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@contextmanager
def chromium() -> Iterator[Browser]:
    """A browser without a window."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS.split())
        yield browser
        browser.close()


@contextmanager
def browsed(folder: Path) -> Iterator[Page]:
    """The page `index.html` of a folder, in a browser."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Ranges, directory=str(folder)))
    server.daemon_threads = True
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    try:
        with chromium() as browser:
            shown = browser.new_page()
            shown.goto(f"http://127.0.0.1:{server.server_port}/index.html")
            yield shown
    finally:
        server.shutdown()
        server.server_close()
        serving.join()


@contextmanager
def opened_offline(file: Path) -> Iterator[Page]:
    """A file, opened by its path in a browser without a network. AssertionError where it asks for anything else."""
    asked: list[str] = []
    wrong: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=_FLAGS.split())
        context = browser.new_context(offline=True)
        shown = context.new_page()
        shown.set_default_timeout(10_000)
        shown.on("request", lambda request: asked.append(request.url[:60]))
        shown.on("pageerror", lambda error: wrong.append(str(error)))
        shown.on("console", lambda message: wrong.append(message.text))
        shown.goto(file.as_uri())
        yield shown
        browser.close()
    assert wrong == []
    assert {each for each in asked if not each.startswith(("data:", "blob:"))} == {file.as_uri()[:60]}
