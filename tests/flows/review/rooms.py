"""A review room on a real socket, in a thread of the test, and browsers that are let into it."""

from __future__ import annotations

import contextlib
import html
import re
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import uvicorn

from flows.review.gate import Gate
from flows.review.room import Room
from flows.review.room_server import listen
from flows.run.workspace import workspace_of

PUBLIC = "https://review.example.com"
TOKEN = "an-operators-own-token-of-some-length"


class Browser(httpx.Client):
    """One person's browser. What it sends, a page of the room would."""

    room: Room

    def page(self, path: str) -> str:
        """A page's HTML; fails where there is none."""
        answer = self.get(path)
        assert answer.status_code == 200, answer.text
        return answer.text

    def form_token(self) -> str:
        """What every form of this session carries."""
        return hidden(self.page("/money"), "form_token")

    def submit(self, path: str, fields: dict[str, Any], **more: Any) -> httpx.Response:
        """Send a form as the room's scripts do: answered in JSON."""
        headers = {"accept": "application/json", "sec-fetch-site": "same-origin"} | more.pop("headers", {})
        return self.post(path, json={"form_token": self.form_token(), **fields}, headers=headers, **more)

    def version(self, shot: str) -> str:
        """What a person sees of a shot's choice: `/e/e01/s/lamp/010`."""
        return hidden(self.page(shot), "version")


def hidden(page: str, name: str) -> str:
    """What a page's forms send along under this name, as the browser sends it."""
    found = re.search(rf'<input type="hidden" name="{name}" value="([^"]*)"', page)
    assert found is not None, f"no form of the page sends {name}"
    return html.unescape(found[1])


def words_of(page: str) -> str:
    """What a person reads of a page, however it is laid out: its texts, with a blank between them."""
    told = re.sub(r"<[^>]*>", " ", page.partition("<main")[2].partition("</main>")[0])
    return " ".join(html.unescape(told).split())


def shown_cards(page: str) -> int:
    """How many shots of a board are shown, and not hidden by its filter."""
    return sum("hidden" not in card.split() for card in re.findall(r"<li([^>]*) class=\"card\"", page))


@contextlib.contextmanager
def open_room(project: Path, *, public: bool = False, person: str = "Ann") -> Iterator[Room]:
    """A room of this project, which listens."""
    listening = listen("127.0.0.1", 0)
    gate = Gate.at(listening.port, PUBLIC, TOKEN) if public else Gate.at(listening.port)
    told: list[str] = []
    room = Room(
        workspace=workspace_of(project),
        gate=gate,
        person=person,
        named=str(project),
        editor="editor://open/{path}:{line}",
        tell=told.append,
    )
    server = uvicorn.Server(listening.config(room))
    serving = threading.Thread(target=server.run, kwargs={"sockets": [listening.socket]})
    serving.start()
    try:
        while not server.started and serving.is_alive():
            time.sleep(0.005)
        room.port = listening.port  # type: ignore[attr-defined]
        yield room
    finally:
        server.should_exit = True
        serving.join()
        listening.socket.close()
        room.close()
    assert [each for each in told if "another browser" not in each] == [], "a page met what it did not expect"


@contextlib.contextmanager
def browser(room: Room, *, name: str = "", let_in: bool = True) -> Iterator[Browser]:
    """A browser that was let in, whose person gave this name."""
    base = f"http://127.0.0.1:{room.port}"  # type: ignore[attr-defined]
    headers = {"accept": "text/html"}
    if room.gate.secure:
        headers["host"] = PUBLIC.removeprefix("https://")
    with Browser(base_url=base, headers=headers, timeout=20) as one:
        one.room = room
        if let_in:
            entered = one.get("/", params={"token": TOKEN if room.gate.secure else room.gate.link().partition("=")[2]})
            assert entered.status_code == 200
            if room.gate.secure:  # it is kept for https alone, which a proxy would speak
                one.headers["cookie"] = entered.headers["set-cookie"].partition(";")[0]
        if name:
            assert one.submit("/name", {"name": name}).status_code == 200
        yield one
