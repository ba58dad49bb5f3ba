"""What strangers, forged pages and hostile texts can do to a room: nothing."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from flows.review.room import Room
from flows.run.workspace import workspace_of
from render.ledger import notes, queries
from render.ledger.choices import choices
from tests.flows.episodes import plain_environment
from tests.flows.review.rooms import Browser, browser, open_room
from tests.flows.review.written_takes import TINY, with_takes
from tests.projects import episode_file, png, scene, series_file, shot, write_project

SCRIPT = "<script>alert(1)</script>"
BREAKS_OUT = "\"'><img src=x onerror=alert(2)><a href=javascript:alert(3)>x</a>"
EVIL = f"{SCRIPT}{BREAKS_OUT}"
SHOT = "/e/e01/s/lamp/010"


def hostile_project(folder: Path) -> Path:
    """A series whose every text is an attack, with a file that is called by one."""
    name = 'references/cast/"><svg onload=alert(4)>.png'
    mara = {"name": f"Mara {EVIL}", "description": EVIL, "references": [name]}
    first = shot(
        "010",
        "{{ mara }} " + EVIL,
        camera=EVIL,
        sound=EVIL,
        notes=f"{EVIL}\njavascript:alert(5)",
        dialogue=[{"cast": "mara", "line": EVIL}],
    )
    series = series_file(
        title=EVIL, cast={"mara": mara}, defaults={"provider": "animatic", "resolution": "480p"}, delivery=TINY
    )
    lamp = scene("lamp", first, shot("020", "{{ mara }} waits"), title=EVIL)
    episodes = {"e01": episode_file("e01", lamp, title=EVIL)}
    return write_project(folder, series=series, episodes=episodes, files={name: png()})


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room over the hostile series, with takes of which a vendor and a person said hostile things."""
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        project = hostile_project(tmp_path_factory.mktemp("hostile"))
        with_takes(project, takes_in_all=3, clips=1)
        with workspace_of(project).writing() as opened:
            take = opened.ledger.read(queries.takes, "lighthouse")[0]
            opened.ledger.write(notes.add, take.id, EVIL, by=EVIL)
            opened.ledger.write(_told_by_a_vendor, take.id)
        with open_room(project) as room:
            yield room


@pytest.fixture(scope="module")
def ann(room: Room) -> Iterator[Browser]:
    """A browser that was let in."""
    with browser(room, name="Ann") as one:
        yield one


def _told_by_a_vendor(tx: Any, take: str) -> None:
    from sqlalchemy import update

    from render.ledger.tables import takes

    told = {"error_code": EVIL, "error_message": EVIL, "job_id": EVIL, "usage": EVIL, "model": EVIL}
    tx.conn.execute(update(takes).where(takes.c.id == take).values(**told))


class Page(HTMLParser):
    """Looks for whatever a browser would run, or follow to somewhere else."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.wrong: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Each element, with its attributes."""
        told = dict(attrs)
        if tag in {"iframe", "object", "embed", "base", "style"}:
            self.wrong.append(tag)
        if tag == "script" and not (told.get("src") or "").startswith("/static/"):
            self.wrong.append("a script of its own")
        for name, value in attrs:
            leads = (value or "").strip().lower()
            if name.startswith("on") or name in {"style", "srcdoc"}:
                self.wrong.append(f"{tag} {name}")
            if name in {"href", "src", "action", "poster", "formaction"} and not leads.startswith(
                ("/", "#", "https://", "data:,", "editor://")
            ):
                self.wrong.append(f"{tag} {name}={value}")


PAGES = ("/", "/e/e01", SHOT, "/e/e01/cut", "/money", "/source/episodes/e01.yaml", "/e/e01/price?shots=lamp/010")


@pytest.mark.parametrize("path", PAGES)
def test_no_text_of_storyboard_file_vendor_or_person_is_anything_but_text(ann: Browser, path: str) -> None:
    """Whatever it holds is shown as it is written, and run by nobody."""
    answer = ann.get(path)
    assert answer.status_code == 200
    assert Page(answer.text).wrong == []
    assert path == "/money" or "&lt;script&gt;alert(1)" in answer.text, "the text itself is shown"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'; script-src 'self'; style-src 'self';" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("path", [*PAGES, "/events", "/media/" + "0" * 64, "/e/nowhere"])
def test_who_was_not_let_in_sees_nothing_of_the_series(room: Room, path: str) -> None:
    """Not whether a page exists, and nothing but the door."""
    with browser(room, let_in=False) as stranger:
        answer = stranger.get(path)
        assert answer.status_code == 403
        assert "Tailframe review" in answer.text
        assert "alert" not in answer.text
        assert "Mara" not in answer.text


@pytest.mark.parametrize("token", ["", "x", "x" * 32, "../../etc/passwd"])
def test_a_guessed_token_opens_nothing(room: Room, token: str) -> None:
    """By link or by form, and no cookie comes of it."""
    with browser(room, let_in=False) as stranger:
        by_link = stranger.get("/", params={"token": token})
        by_form = stranger.post("/enter", data={"token": token}, headers={"sec-fetch-site": "same-origin"})
        for answer in (by_link, by_form):
            assert answer.status_code == 403
            assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    "headers",
    [
        {"origin": "https://evil.example.com", "sec-fetch-site": "cross-site"},
        {"origin": "http://127.0.0.1:1", "sec-fetch-site": "same-site"},
        {"sec-fetch-site": "none"},
        {},
    ],
)
def test_a_form_of_another_site_does_nothing(ann: Browser, room: Room, headers: dict[str, str]) -> None:
    """Even with the session's own cookie and token."""
    before = room.ledger.read(choices, "lighthouse")
    fields = {"form_token": ann.form_token(), "version": ann.version(SHOT), "why": "stolen"}
    answer = ann.post(f"{SHOT}/waive", data=fields, headers=headers)
    assert answer.status_code == 403
    assert room.ledger.read(choices, "lighthouse") == before


@pytest.mark.parametrize("token", ["", "0" * 64, "another's"])
def test_a_forged_form_token_does_nothing(ann: Browser, room: Room, token: str) -> None:
    """Be it none, a guess, or that of another session."""
    before = room.ledger.read(choices, "lighthouse")
    if token == "another's":
        with browser(room) as other:
            token = other.form_token()
    answer = ann.submit(f"{SHOT}/waive", {"form_token": token, "version": ann.version(SHOT)})
    assert answer.status_code == 403
    assert room.ledger.read(choices, "lighthouse") == before


@pytest.mark.parametrize("host", ["rebound.example.com", "127.0.0.1", "localhost:1", ""])
def test_a_host_name_that_is_not_ours_is_answered_by_nobody(ann: Browser, host: str) -> None:
    """Somebody's page may point a name of theirs at this machine; its cookies are not ours either."""
    answer = ann.get("/", headers={"host": host})
    assert answer.status_code in {400, 421}
    assert "alert" not in answer.text


@pytest.mark.parametrize(
    "path",
    [
        "/source/../../../etc/passwd",
        "/source/..%2f..%2fetc%2fpasswd",
        "/source/%2fetc%2fpasswd",
        "/source/series.yaml%00",
        "/static/../room.py",
        "/static/..%2froom.py",
        "/media/..%2f..%2fledger.sqlite",
        "/media/" + "g" * 64,
        "/media/" + "a" * 64,
        "/still/" + "a" * 64 + "/0",
        "/poster/" + "a" * 64 + "/99999999",
        "/runs/1",
        "/e/e01@preview",
        "/e/../e01",
    ],
)
def test_a_path_leads_to_nothing_that_the_room_does_not_have(ann: Browser, path: str) -> None:
    """No file of this machine, and no blob that the series does not name."""
    answer = ann.get(path)
    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_a_blob_that_the_series_does_not_name_is_given_to_nobody(ann: Browser, room: Room) -> None:
    """A store may be shared by many series."""
    sha256 = room.workspace.store.put(b"of another series")
    assert ann.get(f"/media/{sha256}").status_code == 404
    assert ann.get(f"/proxy/{sha256}").status_code == 404
    assert ann.get(f"/peaks/{sha256}").status_code == 404


def test_a_form_that_is_too_long_or_no_form_is_refused(ann: Browser) -> None:
    """Before it fills anything."""
    ours = {"sec-fetch-site": "same-origin"}
    long = ann.post("/name", content=b"name=" + b"x" * 300_000, headers={**ours, "content-type": FORM})
    assert long.status_code == 413
    twice = ann.post("/name", content=b"name=a&name=b", headers={**ours, "content-type": FORM})
    assert twice.status_code == 400
    odd = ann.post("/name", content=b"<xml/>", headers={**ours, "content-type": "text/xml"})
    assert odd.status_code == 415
    assert ann.put("/name", headers=ours).status_code == 405


FORM = "application/x-www-form-urlencoded"


def test_streams_beyond_the_bound_are_told_to_come_back(ann: Browser, room: Room) -> None:
    """And those that are closed make room again."""
    streams, told = [], []
    try:
        for _ in range(32):
            stream = ann.stream("GET", "/events")
            answer = stream.__enter__()
            streams.append(stream)
            assert answer.status_code == 200
            told.append(answer.iter_text())  # one that is let go closes its stream
            assert next(told[-1]).startswith("retry:")
        full = ann.get("/events")
        assert full.status_code == 503
        assert int(full.headers["retry-after"]) > 0
        assert ann.get("/money").status_code == 200, "pages are still given out"
    finally:
        for stream in streams:
            stream.__exit__(None, None, None)
    deadline = time.monotonic() + 20
    while room.streams.full:
        assert time.monotonic() < deadline, "a stream that was closed is still counted"
        time.sleep(0.01)


def test_who_says_nothing_keeps_nobody_waiting(ann: Browser) -> None:
    """Half a request, and many of them, on connections of their own."""
    host, port = ann.base_url.host, ann.base_url.port
    assert port is not None
    silent = [socket.create_connection((host, port)) for _ in range(40)]
    try:
        for each in silent:
            each.sendall(b"POST /name HTTP/1.1\r\nHost: ")
        assert ann.get("/money").status_code == 200
    finally:
        for each in silent:
            each.close()
