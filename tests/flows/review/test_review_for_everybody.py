"""Everybody can use the review room's pages: with a screen reader, in any colours, on a phone, without scripts."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from flows.review.room import Room
from tests.acme.fixture import Acme
from tests.browser import chromium
from tests.flows.review.browsed_room import served_room, visited
from tests.flows.review.produced import two_takes
from tests.thinning import exhaustive

pytestmark = [
    exhaustive,
    pytest.mark.skipif(not (shutil.which("chromium") or os.environ.get("CI")), reason="there is no Chromium here"),
]

DOCS = Path(__file__).parents[3] / "docs" / "review.md"

PAGES = (
    "/",
    "/e/e01",
    "/e/e01/s/lamp/010",
    "/e/e01/s/shore/010",
    "/e/e01/cut",
    "/e/e01/price?shots=lamp/010",
    "/money",
    "/source/episodes/e01.yaml?line=8",
    "/no-such-page",
)

TOO_WIDE = "() => document.documentElement.scrollWidth > document.documentElement.clientWidth"
SMALL = """() => [...document.querySelectorAll('button, .button, select, input:not([type=hidden])')]
    .filter(each => each.checkVisibility() && !each.disabled)
    .map(each => [each.outerHTML.slice(0, 90), each.closest('label, .choice, .check') ?? each])
    .filter(([, target]) => { const box = target.getBoundingClientRect(); return box.width < 24 || box.height < 24; })
    .map(([html]) => html)"""
"""What a finger cannot hit: anything pressed that is smaller than 24 pixels."""


@pytest.fixture
def room(tmp_path: Path, acme: Acme) -> Iterator[Room]:
    with two_takes(tmp_path, acme, cut=True) as project, served_room(project) as room:
        yield room


@pytest.fixture
def browser(room: Room) -> Iterator[Browser]:
    """Opened after the room: Playwright's event loop is in this thread, and beside it nothing is produced."""
    with chromium() as browser:
        yield browser


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_fault_on_any_page(room: Room, browser: Browser, scheme: str) -> None:
    """Names, roles, contrast, landmarks, of the pages and of the dialogs that they open."""
    found = {}
    with visited(browser, room, color_scheme=scheme) as visitor:
        for path in PAGES:
            visitor.open(path)
            found[path] = visitor.faults()
        visitor.open("/e/e01/s/lamp/010")
        for key in ("?", "r", "x"):
            visitor.press(key)
            visitor.page.wait_for_selector("dialog[open]")
            found[f"dialog {key}"] = visitor.faults()
            visitor.press("Escape")
    assert found == {name: [] for name in found}


def test_the_documentation_names_every_key(room: Room, browser: Browser) -> None:
    """What `?` lists on a board, a shot and a cut stands in the table of docs/review.md."""
    table = DOCS.read_text().partition("## Keys")[2].partition("\n## ")[0]
    told = {key for written in re.findall(r"`([^`]+)`", table) for key in written.split("+")}
    with visited(browser, room) as visitor:
        for path in ("/e/e01", "/e/e01/s/lamp/010", "/e/e01/cut"):
            visitor.open(path)
            visitor.press("?")
            drawn = visitor.page.locator("#keys kbd").all_inner_texts()
            found = {key for each in drawn for key in each.split()} - {"1–9"}
            assert found - told == set(), f"on {path} there are keys that the documentation does not name"


def test_no_page_is_wider_than_a_phone(room: Room, browser: Browser) -> None:
    """Nothing has to be scrolled sideways, and whatever is pressed is large enough for a finger."""
    phone = {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True}
    wide, small = [], {}
    with visited(browser, room, **phone) as visitor:
        for path in PAGES:
            visitor.open(path)
            small[path] = visitor.page.evaluate(SMALL)
            for width in (390, 320):  # the narrower one is a desktop at 400 %
                visitor.page.set_viewport_size({"width": width, "height": 844})
                wide += [(path, width)] if visitor.page.evaluate(TOO_WIDE) else []
    assert wide == []
    assert small == {path: [] for path in PAGES}


def test_a_take_is_circled_and_rejected_without_scripts(room: Room, browser: Browser) -> None:
    """Forms are forms: a browser that runs no scripts decides too, and is told what it did."""
    with visited(browser, room) as visitor:
        context = browser.new_context(java_script_enabled=False, storage_state=visitor.page.context.storage_state())
        page = context.new_page()
        page.goto(room.gate.url + "/e/e01/s/lamp/010")
        page.locator("#take-1 [data-form='circle'] button").click()
        assert page.inner_text("[data-told]") == "Circled."
        page.locator("#take-2 [command='show-modal'][data-key='x']").click()
        page.locator("#reject-2 textarea").fill("The lamp is lit already")
        page.locator("#reject-2 button[type='submit']").click()
        assert page.inner_text("[data-told]") == "Rejected."
        assert page.locator("#take-2[data-rejected]").count() == 1
        context.close()


def test_who_decides_after_somebody_else_is_told_who(room: Room, browser: Browser) -> None:
    """A page that was not told in time: its decision changes nothing, and it shows how things stand."""
    with visited(browser, room) as rosa, visited(browser, room) as ben:
        ben.page.route("**/events", lambda route: route.abort())
        for visitor in (rosa, ben):
            visitor.open("/e/e01/s/lamp/010")
        rosa.press("1", "c")
        rosa.page.wait_for_selector("#take-1[data-circled]")
        ben.press("1", "c")
        ben.page.wait_for_selector(".toast:has-text('Rosa circled take 1')")
        ben.page.wait_for_selector("#take-1[data-circled]")


def test_what_was_not_sent_is_not_lost(room: Room, browser: Browser) -> None:
    """Without a network a form says so, keeps what was written, and is sent once it is there again."""
    with visited(browser, room) as visitor:
        visitor.open("/e/e01/s/lamp/010")
        visitor.press("1", "n")
        visitor.page.keyboard.type("Her hand")
        visitor.page.context.set_offline(True)
        visitor.page.locator("#compose-1 button[type='submit']").click()
        visitor.page.wait_for_selector(".toast:has-text('Not sent')")
        assert visitor.page.input_value("#note-1") == "Her hand"
        visitor.page.context.set_offline(False)
        visitor.page.get_by_role("button", name="Try again").click()
        visitor.page.wait_for_selector("#take-1 .note:has-text('Her hand')")


def test_what_somebody_writes_stays_while_news_come_in(room: Room, browser: Browser) -> None:
    """A take in whose note somebody writes is left alone; everything else of the page is renewed."""
    with visited(browser, room) as rosa, visited(browser, room) as ben:
        for visitor in (rosa, ben):
            visitor.open("/e/e01/s/lamp/010")
        rosa.press("1", "n")
        rosa.page.keyboard.type("Half a sen")
        ben.press("1", "c")
        rosa.page.wait_for_selector("[data-player='1'] figcaption:has-text('circled')")
        rosa.page.keyboard.type("tence")
        assert rosa.page.input_value("#note-1") == "Half a sentence"
        assert rosa.page.evaluate("() => document.activeElement.id") == "note-1"


def test_a_drawing_lies_on_the_picture_and_not_on_the_black_beside_it(room: Room, browser: Browser) -> None:
    """In a window where the player is wider than the picture, the picture's corners are the drawing's."""
    with visited(browser, room, viewport={"width": 1280, "height": 360}) as visitor:
        page = visitor.page
        visitor.open("/e/e01/s/lamp/010")
        visitor.press("Shift+2", "1", "d")
        page.wait_for_selector("[data-player='1'] canvas.drawing")
        video = page.locator("#video-1").bounding_box()
        assert video is not None
        width = video["height"] * 16 / 9
        assert width < video["width"] - 50, "nothing is beside the picture"
        left = video["x"] + (video["width"] - width) / 2
        page.mouse.move(left + 1, video["y"] + 1)
        page.mouse.down()
        page.mouse.move(left + width - 1, video["y"] + video["height"] - 1, steps=4)
        page.mouse.up()
        stroke = json.loads(page.input_value("#take-1 [data-drawing-field]"))[0]
        assert [round(share, 1) for share in (*stroke[0], *stroke[-1])] == [0, 0, 1, 1]
