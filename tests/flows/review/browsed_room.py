"""A review room that really serves in this process, a browser that was let into it, and what axe finds on its pages."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page

from flows.review.gate import Gate, Session
from flows.review.room import Room
from flows.review.room_server import listen
from flows.run.workspace import workspace_of

READY = "html[data-ready]"
"""A page whose scripts have begun."""


@contextmanager
def served_room(project: Path) -> Iterator[Room]:
    """A room of the project that answers on a port of its own."""
    listening = listen("127.0.0.1", 0)
    room = Room(
        workspace=workspace_of(project.absolute()),
        gate=Gate.at(listening.port),
        person="Rosa",
        named=str(project),
        editor="vscode://file/{path}:{line}",
        tell=lambda _: None,
    )
    server = uvicorn.Server(listening.config(room))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening.socket]}, daemon=True)
    with closing(listening.socket), closing(room):
        serving.start()
        yield room
        server.should_exit = True
        serving.join(10)


@dataclass
class Visitor:
    """A page of the room, with what its browser complained of."""

    page: Page
    room: Room
    complaints: list[str] = field(default_factory=list)

    def open(self, path: str) -> None:
        """Go to a page of the room, and wait until its keys work."""
        self.page.goto(self.room.gate.url + path)
        self.page.wait_for_selector(READY, state="attached")

    def press(self, *keys: str) -> None:
        """Press keys, one after another, on whatever has the focus."""
        for key in keys:
            self.page.keyboard.press(key)

    def says(self, selector: str) -> str:
        """The text of the first element that fits."""
        return (self.page.text_content(selector) or "").strip()

    def faults(self) -> list[str]:
        """What axe holds to be serious or critical on this page."""
        found = Axe().run(self.page).response["violations"]
        return [
            f"{each['id']}: {each['help']} ({', '.join(str(node['target']) for node in each['nodes'][:3])})"
            for each in found
            if each["impact"] in {"serious", "critical"}
        ]


@contextmanager
def visited(browser: Browser, room: Room, *, by_link: bool = False, **how: Any) -> Iterator[Visitor]:
    """A browser's page that was let in, `by_link` as people are. `how` is what Playwright calls a context's options."""
    context = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **how})
    visitor = Visitor(context.new_page(), room)

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error":
            visitor.complaints.append(message.text)

    visitor.page.on("console", heard)
    visitor.page.on("pageerror", lambda error: visitor.complaints.append(str(error)))
    if by_link:
        visitor.page.goto(room.gate.link())
        visitor.page.wait_for_selector(READY, state="attached")
    else:
        name, _, value = room.gate.session_cookie(Session("of-a-test", "")).partition(";")[0].partition("=")
        context.add_cookies([{"name": name, "value": value, "url": room.gate.url}])
    try:
        yield visitor
    finally:
        context.close()
