"""A retake that was confirmed in the room: one order of what was shown, for the sum agreed to, whoever leaves."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from tests.acme.fixture import Acme
from tests.flows.episodes import FOUR_SECONDS_USD, buys_from, circled, edit, film, money, shoot, takes_of
from tests.flows.review.rooms import browser, hidden, open_room, words_of
from tests.projects import scene, shot
from tests.thinning import exhaustive

pytestmark = pytest.mark.timeout(240)


@pytest.fixture
def project(tmp_path: Path, acme: Acme, monkeypatch: pytest.MonkeyPatch, prefect_state: Path) -> Path:
    """Two shots that were bought, under a cap that three more fit under."""
    buys_from(acme, monkeypatch, XDG_STATE_HOME=str(prefect_state))
    monkeypatch.setenv("PYTHONPATH", acme.process_environment()["PYTHONPATH"])
    cap = {"episode": float(5 * FOUR_SECONDS_USD)}
    project = film(tmp_path, scene("lamp", shot("010"), shot("020", "{{ mara }} sings", continuity="none")), budget=cap)
    assert shoot(project).exit_code == 0
    return project


def test_what_it_would_cost_is_what_would_be_reserved(project: Path, acme: Acme) -> None:
    """Beside the caps: what they do not let through has no button."""
    with open_room(project) as room, browser(room) as ann:
        words = words_of(ann.page("/e/e01/price?shots=lamp/010,lamp/020"))
        assert "Together, at most $0.80" in words
        assert "Make them for $0.80 at most" in words
        page = ann.page("/e/e01/price?shots=lamp/010,lamp/020&takes=2")
        assert 'name="order"' not in page
        assert "budget" in words_of(page)
        assert room.runs.all() == ()
    assert len(acme.jobs()) == 2


@exhaustive
def test_what_waits_for_a_worker_is_not_confirmed_a_second_time(
    project: Path, acme: Acme, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Two people who saw the same price: a deployment would make both, one after the other."""
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api")  # nobody answers there, and nothing is made
    with open_room(project) as room, browser(room, name="Ann") as ann, browser(room, name="Rosa") as rosa:
        orders = [hidden(one.page("/e/e01/price?shots=lamp/010"), "order") for one in (ann, rosa)]
        assert ann.submit("/e/e01/retake", {"order": orders[0]}).status_code == 200
        while room.runs.all()[0].code is None:
            time.sleep(0.02)
        late = rosa.submit("/e/e01/retake", {"order": orders[1]})
        assert (late.status_code, "Ann confirmed a retake of it before" in late.json()["message"]) == (409, True)
    assert len(acme.jobs()) == 2


@exhaustive
def test_it_buys_once_what_was_shown_though_the_room_has_ended(project: Path, acme: Acme) -> None:
    """An order, at the price that was agreed to, of the words that were shown; and it takes the circle."""
    with open_room(project) as room, browser(room, name="Ann") as ann:
        order = hidden(ann.page("/e/e01/price?shots=lamp/010"), "order")
        edit(project, "{{ mara }} waits", "{{ mara }} leaves")
        for status in (200, 409):
            assert ann.submit("/e/e01/retake", {"order": order}).status_code == status
        (run,) = room.runs.all()
        assert (run.by, run.title) == ("Ann", "retake of lamp/010")
    deadline = time.monotonic() + 120
    while circled(project, "lamp/010") != 2:
        assert time.monotonic() < deadline, run.log.read_text()
        time.sleep(0.2)
    assert len(acme.jobs()) == 3
    assert money(project) == (3 * FOUR_SECONDS_USD, 0)
    assert "waits" in str(takes_of(project, "lamp/010")[-1].request_json)
    while re.search("of 2 shots", run.log.read_text()) is None:  # it cuts, and ends, before its folder is taken away
        assert time.monotonic() < deadline
        time.sleep(0.2)
