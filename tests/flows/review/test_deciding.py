"""Two people in the room at once, and a run in another process: nobody's choice is lost without being told."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from flows.review.room import Room
from flows.run.workspace import workspace_of
from render.ledger import holds, queries
from render.ledger.choices import choice_of
from render.ledger.records import EVERYTHING
from tests.flows.episodes import plain_environment
from tests.flows.review.rooms import Browser, browser, open_room, words_of
from tests.flows.review.written_takes import big_series, with_takes
from tests.thinning import exhaustive

SERIES, SHOT, PAGE = "lighthouse", "e01/scene00/010", "/e/e01/s/scene00/010"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Room]:
    """A room over an episode of two shots with three takes each."""
    with pytest.MonkeyPatch.context() as patch:
        plain_environment(patch)
        project = big_series(tmp_path_factory.mktemp("deciding"), shots=2)
        with_takes(project, takes_in_all=6, clips=1)
        with open_room(project) as room:
            yield room


@pytest.fixture(scope="module")
def ann(room: Room) -> Iterator[Browser]:
    """One person."""
    with browser(room, name="Ann") as one:
        yield one


@pytest.fixture(scope="module")
def rosa(room: Room) -> Iterator[Browser]:
    """Another."""
    with browser(room, name="Rosa") as one:
        yield one


def take(room: Room, number: int) -> str:
    """The id of a take of the shot, by its number."""
    found = room.ledger.read(queries.takes, SERIES, shot=SHOT)
    assert found is not None
    return next(each.id for each in found if each.number == number)


def chosen(room: Room) -> str | None:
    """The take that is circled, None where the shot is waived."""
    choice = room.ledger.read(choice_of, SERIES, SHOT)
    return None if choice is None or choice.waived else choice.take


def test_a_choice_is_made_by_who_made_it(room: Room, ann: Browser) -> None:
    """In the ledger, with their name, and on the page that follows."""
    answer = ann.submit(f"{PAGE}/circle", {"version": ann.version(PAGE), "take": take(room, 1)})
    assert answer.json()["done"] == "circled"
    assert chosen(room) == take(room, 1)
    events = room.ledger.read(queries.events, take(room, 1))
    assert events is not None
    assert events[-1].words == f"circled for {SHOT} by Ann"


def test_a_take_of_another_shot_is_not_circled(room: Room, ann: Browser) -> None:
    """Whatever a form names: a shot is cut from its own takes."""
    (foreign, *_) = room.ledger.read(queries.takes, SERIES, shot="e01/scene00/020") or ()
    before = chosen(room)
    answer = ann.submit(f"{PAGE}/circle", {"version": ann.version(PAGE), "take": foreign.id})
    assert answer.status_code == 409
    assert chosen(room) == before


def test_who_was_slower_is_told_who_was_faster(room: Room, ann: Browser, rosa: Browser) -> None:
    """And what they chose; the choice stays theirs, and the page shows it then."""
    saw = ann.version(PAGE)
    assert rosa.submit(f"{PAGE}/circle", {"version": rosa.version(PAGE), "take": take(room, 3)}).status_code == 200
    late = ann.submit(f"{PAGE}/reject", {"version": saw, "take": take(room, 3), "note": "too dark"})
    assert late.status_code == 409
    assert late.json()["error"] == "choice_changed"
    assert f"Rosa circled take 3 of {SHOT}" in late.json()["message"]
    assert chosen(room) == take(room, 3)
    assert room.ledger.read(queries.notes, SERIES) == ()
    again = ann.submit(f"{PAGE}/circle", {"version": ann.version(PAGE), "take": take(room, 1)})
    assert again.status_code == 200


def test_a_plain_form_leads_back_to_its_page_and_a_conflict_is_a_page(room: Room, ann: Browser) -> None:
    """Without any script."""
    fields = {"form_token": ann.form_token(), "version": ann.version(PAGE), "take": take(room, 2), "back": PAGE}
    headers = {"origin": "null", "sec-fetch-site": "same-origin"}
    done = ann.post(f"{PAGE}/circle", data=fields, headers=headers)
    assert (done.status_code, done.headers["location"]) == (303, f"{PAGE}?done=circled")
    assert "Circled." in ann.page(done.headers["location"])
    late = ann.post(f"{PAGE}/circle", data=fields, headers=headers)
    assert late.status_code == 409
    assert f'href="{PAGE}"' in late.text


@exhaustive
def test_what_another_process_decides_is_seen_and_told(room: Room, ann: Browser) -> None:
    """A command, in a process of its own, while a page is open."""
    saw = ann.version(PAGE)
    command = [sys.executable, "-m", "flows.cli", "circle", str(room.root), "e01", "scene00/010", "3"]
    subprocess.run(command, check=True, capture_output=True)
    late = ann.submit(f"{PAGE}/waive", {"version": saw, "why": "no storm"})
    assert late.status_code == 409
    assert "circled take 3" in late.json()["message"]
    assert chosen(room) == take(room, 3)


def test_a_change_is_told_to_open_pages_and_missed_ones_afterwards(room: Room, ann: Browser) -> None:
    """Which shot it was, from whatever process; a page that was away hears of what it missed."""
    with ann.stream("GET", "/events") as stream:
        lines = stream.iter_lines()
        here = until(lines, "id: ")
        assert json.loads(until(lines, "data: ")[6:])["mark"] == room.readings.mark()
        with workspace_of(room.root).writing() as opened:
            from render.ledger import notes

            opened.ledger.write(notes.add, take(room, 1), "a second shadow", by="Rosa")
        told = json.loads(until(lines, "data: ")[6:])
    assert told == {"shots": [SHOT], "what": ["ledger"]}
    with ann.stream("GET", "/events", headers={"last-event-id": here[4:]}) as stream:
        missed = json.loads(until(stream.iter_lines(), "data: ")[6:])
    assert missed == told
    with ann.stream("GET", "/events", headers={"last-event-id": "of-another-start"}) as stream:
        assert until(stream.iter_lines(), "event: ") == "event: here"


def until(lines: Iterator[str], begins: str) -> str:
    """The next line of a stream that begins so."""
    return next(line for line in lines if line.startswith(begins))


def test_a_note_may_be_drawn_and_ask_for_another_take(room: Room, ann: Browser) -> None:
    """On one frame; what lies beside the frame is refused."""
    drawing = [[[0.1, 0.2], [0.5, 0.5]]]
    fields = {"take": take(room, 2), "words": "the hand", "frame": 5, "retake": True}
    assert ann.submit(f"{PAGE}/note", {**fields, "drawing": drawing}).status_code == 200
    note = (room.ledger.read(queries.notes, SERIES) or ())[-1]
    assert (note.by, note.words, note.frame, note.retake, note.drawing) == (
        "Ann",
        "the hand",
        5,
        True,
        (((0.1, 0.2), (0.5, 0.5)),),
    )
    assert ann.submit(f"{PAGE}/note", {**fields, "drawing": [[[2, 2]]]}).status_code == 400
    assert ann.submit(f"{PAGE}/note", {**fields, "frame": 5_000}).status_code == 409
    assert "the hand" in ann.page(PAGE)
    assert "decide about another take" not in ann.page("/"), "only of the newest take"


def test_waived_and_asked_for_again(room: Room, ann: Browser) -> None:
    """What was circled before is circled again."""
    ann.submit(f"{PAGE}/waive", {"version": ann.version(PAGE), "why": "no storm"})
    assert chosen(room) is None
    assert "Ann: no storm" in words_of(ann.page(f"{PAGE}?done=waived"))
    ann.submit(f"{PAGE}/unwaive", {"version": ann.version(f"{PAGE}?done=waived")})
    assert chosen(room) is not None


def test_a_hold_stands_until_who_saw_it_releases_it(room: Room, ann: Browser, rosa: Browser) -> None:
    """Two people who hold at once: the second is told of the first."""
    assert ann.submit("/hold", {"version": "none", "why": "the bill"}).status_code == 200
    late = rosa.submit("/hold", {"version": "none", "why": "lunch"})
    assert late.status_code == 409
    assert "Ann holds" in late.json()["message"]
    assert "On hold – Ann: the bill" in words_of(ann.page("/e/e01?done=held"))
    held = room.ledger.read(queries.held, SERIES)
    assert held is not None
    room.ledger.write(holds.hold, EVERYTHING, "Zoe", "the strike")
    page = ann.page("/e/e01")
    assert "On hold – everything, by Zoe: the strike" in words_of(page)
    series = ann.page("/")
    assert "tailframe release --all" in words_of(series)
    assert 'action="/release"' not in series
    room.ledger.write(holds.release, EVERYTHING)
    assert ann.submit("/release", {"version": held.at.isoformat()}).status_code == 200


def test_a_price_is_confirmed_once_and_only_as_it_was_shown(room: Room, ann: Browser, rosa: Browser) -> None:
    """A price of this room, for this episode, of shots that nobody has touched since. No run is begun by any other."""
    page = ann.page("/e/e01/price?shots=scene00/010&takes=2")
    assert "Make it for $0.00 at most" in page
    order = page.partition('name="order" value="')[2].partition('"')[0]
    forged = ann.submit("/e/e01/retake", {"order": order[:-1] + ("0" if order[-1] != "0" else "1")})
    assert (forged.status_code, room.runs.all()) == (400, ())
    saw = rosa.version(PAGE)
    rosa.submit(f"{PAGE}/circle", {"version": saw, "take": take(room, 1)})
    with workspace_of(room.root).writing() as opened:
        opened.ledger.write(_lost, take(room, 2))
    late = ann.submit("/e/e01/retake", {"order": order})
    assert late.status_code == 409
    assert "since this price was shown" in late.json()["message"]
    assert room.runs.all() == ()
    assert ann.get("/e/e01/price?shots=").status_code == 400
    assert ann.get("/e/e01/price?shots=scene00/999").status_code == 404


def _lost(tx: object, name: str) -> None:
    from sqlalchemy import update

    from render.ledger.tables import takes

    tx.conn.execute(update(takes).where(takes.c.id == name).values(state="unknown"))  # type: ignore[attr-defined]


def test_an_unknown_take_is_settled_as_it_was_seen(room: Room, ann: Browser) -> None:
    """By a person's word, once."""
    fields = {"take": take(room, 2), "version": ann.version(PAGE), "state": "unknown", "outcome": "not_charged"}
    assert ann.submit(f"{PAGE}/settle", fields).status_code == 200
    events = room.ledger.read(queries.events, take(room, 2))
    assert events is not None
    assert events[-1].words == "not charged, by Ann's word"
    assert ann.submit(f"{PAGE}/settle", fields).status_code == 409


@exhaustive
def test_a_run_is_a_process_of_its_own_whose_end_is_told(room: Room, ann: Browser) -> None:
    """Its failure too, with the end of its log; its own session is not the room's."""
    room.runs.command("cut of nothing", "Ann", ["cut", "--", str(room.root), "nowhere"])
    for _ in range(600):
        (run,) = room.runs.all()
        if run.code is not None:
            break
        time.sleep(0.05)
    assert (run.code, run.state) == (2, "refused: the input is wrong")
    assert "there is no episode 'nowhere'" in run.words
    page = ann.page(run.link)
    assert "refused: the input is wrong" in page
    assert "nowhere" in page
    assert run.log.is_relative_to(Path(room.root) / ".tailframe" / "logs")
