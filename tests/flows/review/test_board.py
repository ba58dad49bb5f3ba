"""A board shows every shot, with few questions to the ledger; and a room is of use before anything was made."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from flows.review.room import Room
from render.ledger.reader import LedgerReader
from tests.flows.episodes import plain_environment
from tests.flows.review.rooms import Browser, browser, open_room, shown_cards, words_of
from tests.flows.review.written_takes import big_series, with_takes

MOST_QUESTIONS = 10


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """An episode of twelve shots with forty takes."""
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        project = big_series(tmp_path_factory.mktemp("board"), shots=12, per_scene=5)
        with_takes(project, takes_in_all=40, clips=1)
        yield project


def test_a_board_asks_the_ledger_for_little_and_again_for_less(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However many shots and takes there are; a board of which nothing changed asks one question."""
    asked: list[str] = []
    looking = LedgerReader.read

    def counted(self: LedgerReader, query: Any, /, *args: Any, **kwargs: Any) -> Any:
        asked.append(query.__name__)
        return looking(self, query, *args, **kwargs)

    monkeypatch.setattr(LedgerReader, "read", counted)
    with open_room(project) as room, browser(room) as ann:
        room.readings.episode("e01")
        room.readings._episodes.clear()
        asked.clear()
        ann.page("/e/e01")
        assert len(asked) <= MOST_QUESTIONS, asked
        asked.clear()
        ann.page("/e/e01")
        assert asked == ["mark"]


@pytest.fixture(scope="module")
def room(project: Path) -> Iterator[Room]:
    """A room over it."""
    with open_room(project) as room:
        yield room


@pytest.fixture(scope="module")
def ann(room: Room) -> Iterator[Browser]:
    """A browser that was let in."""
    with browser(room) as one:
        yield one


def test_a_board_shows_every_shot_by_scene(ann: Browser) -> None:
    """With state, length, costs, takes, and where it stands in the cut."""
    page = ann.page("/e/e01")
    assert shown_cards(page) == 12
    assert page.count('class="scene"') == 3
    words = words_of(page)
    assert "Shots 12 Length 12 s Spent $16.00" in words
    assert "scene00/010 done" in words
    assert "take 4 of 4" in words


def test_a_board_is_searched_without_any_script(ann: Browser) -> None:
    """By words, by state, by what was found."""
    assert shown_cards(ann.page("/e/e01?q=rows+SWELL+moment")) == 4
    assert shown_cards(ann.page("/e/e01?state=done")) == 3
    assert shown_cards(ann.page("/e/e01?state=done&state=stale")) == 12
    assert shown_cards(ann.page("/e/e01?state=failed")) == 0
    assert shown_cards(ann.page("/e/e01?only=notes")) == 0
    assert "No shot is like that." in ann.page("/e/e01?q=nothing+of+the+kind")


def test_money_is_told_by_day_and_by_vendor(ann: Browser) -> None:
    """Estimated beside billed."""
    words = words_of(ann.page("/money"))
    assert "2026-01-05 animatic 40 $16.00" in words
    assert "animatic animatic 40 $16.00 $16.00 none 40 of 40" in words


def test_a_shot_shows_its_takes_its_seams_and_its_lines(ann: Browser) -> None:
    """The storyboard's own lines, each with its number, and the file that they stand in."""
    page = ann.page("/e/e01/s/scene00/020")
    assert len(set(re.findall(r'name="take" value="(\w+)"', page))) == 4
    assert len(set(re.findall(r"/still/\w+/\d+", page))) >= 2
    assert "episodes/e01.yaml:" in page
    assert 'href="editor://open' in page
    assert "moment 1" in page


def test_a_storyboard_with_mistakes_says_so_and_is_read_again_once_they_are_mended(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also where nothing was ever made: the room works, and says that."""
    plain_environment(monkeypatch)
    project = big_series(tmp_path, shots=1)
    file = project / "episodes/e01.yaml"
    written = file.read_text()
    with open_room(project) as room, browser(room) as ann:
        assert "Nothing was made of this series yet" in ann.page("/")
        assert 'class="card"' in ann.page("/e/e01")
        file.write_text(written.replace("{{ mara }}", "{{ maria }}"))
        answer = ann.get("/e/e01")
        assert answer.status_code == 422
        assert "episodes/e01.yaml:" in answer.text
        assert ann.get("/media/" + "a" * 64).status_code == 404
        with ann.stream("GET", "/events") as stream:
            assert stream.status_code == 200, "who mends it is told that it is mended"
        file.write_text("scenes: [")
        assert ann.get("/media/" + "a" * 64).status_code == 422
        file.write_text(written)
        assert 'class="card"' in ann.page("/e/e01")
    assert not (project / ".tailframe" / "ledger.sqlite").exists(), "who only looks makes no ledger"


def test_a_room_behind_a_proxy_is_entered_by_its_token_and_keeps_cookies_to_https(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And is not there for who calls it by its address behind."""
    plain_environment(monkeypatch)
    with open_room(project, public=True) as room:
        with browser(room) as ann:
            assert 'class="card"' in ann.page("/e/e01")
            assert "max-age" in ann.get("/money").headers["strict-transport-security"]
            assert ann.get("/", headers={"host": f"127.0.0.1:{room.port}"}).status_code == 421  # type: ignore[attr-defined]
        with browser(room, let_in=False) as stranger:
            entered = stranger.get("/", params={"token": "an-operators-own-token-of-some-length"})
            assert "__Host-" in entered.headers["set-cookie"]
            assert "Secure" in entered.headers["set-cookie"]
