"""What is approved in the room is exactly what was shown there, and nothing is priced before it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.review.room import Room
from render.ledger import Approval, approval_queries
from tests.flows.episodes import plain_environment
from tests.flows.review.rooms import Browser, browser, hidden, open_room, words_of
from tests.flows.review.written_takes import TINY
from tests.projects import episode_file, scene, series_file, shot, write_project

BOARD = "/e/e01"


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A series that asks for somebody's word on its storyboard."""
    plain_environment(monkeypatch)
    series = series_file(defaults={"provider": "animatic"}, delivery=TINY, approval={"storyboard": True})
    return write_project(tmp_path, series=series, episodes={"e01": written("waits")})


def written(does: str) -> dict[str, object]:
    """An episode of one shot, in which Mara does this."""
    return episode_file("e01", scene("lamp", shot("010", f"{{{{ mara }}}} {does}")))


@pytest.fixture
def room(project: Path) -> Iterator[Room]:
    """A room over it."""
    with open_room(project) as room:
        yield room


@pytest.fixture
def ann(room: Room) -> Iterator[Browser]:
    """One person."""
    with browser(room, name="Ann") as one:
        yield one


def approvals(room: Room) -> tuple[Approval, ...]:
    """All that was ever approved of the episode."""
    return room.ledger.read(approval_queries.approvals, "lighthouse", "e01") or ()


def test_what_was_shown_is_approved_once_and_can_be_taken_back(room: Room, ann: Browser) -> None:
    """By who said so; the same click again is the same word."""
    shown = hidden(ann.page(BOARD), "shown")
    for _ in range(2):
        assert ann.submit(f"{BOARD}/approve", {"shown": shown, "words": "go"}).status_code == 200
    (approval,) = approvals(room)
    assert (approval.by, approval.words, str(approval.subject)) == ("Ann", "go", "storyboard")
    page = ann.page(f"{BOARD}?done=approved")
    assert "approved by Ann" in words_of(page)
    withdrawn = ann.submit(f"{BOARD}/withdraw", {"approval": hidden(page, "approval")})
    assert withdrawn.status_code == 200
    assert not approvals(room)[0].stands
    assert ann.submit(f"{BOARD}/approve", {"shown": shown}).status_code == 409, "it was taken back since"


def test_what_changed_since_is_not_approved_by_what_was_shown_before(room: Room, ann: Browser, project: Path) -> None:
    """The approval is of what the person read: the storyboard of now waits for another."""
    shown = hidden(ann.page(BOARD), "shown")
    file = project / "episodes/e01.yaml"
    file.write_text(file.read_text().replace("waits", "leaves"))
    assert ann.submit(f"{BOARD}/approve", {"shown": shown}).status_code == 200
    words = words_of(ann.page(f"{BOARD}?done=approved"))
    assert "not approved" in words or "waits for approval" in words
    assert "changed since" in words
    assert '"Mara waits" to "Mara leaves"' in words.replace("“", '"').replace("”", '"')


def test_what_this_room_did_not_show_is_not_approved(room: Room, ann: Browser) -> None:
    """Whatever a form sends."""
    for shown in ("", "forged.0", "bm8=.00"):
        assert ann.submit(f"{BOARD}/approve", {"shown": shown}).status_code == 400
    assert approvals(room) == ()
    assert ann.submit(f"{BOARD}/withdraw", {"approval": "0" * 32}).status_code == 409
