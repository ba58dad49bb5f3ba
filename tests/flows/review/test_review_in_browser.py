"""The review room in a real browser: looked at, played and decided in by keyboard, and readable for everybody."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from statistics import median

import pytest

from tests.acme.fixture import Acme
from tests.browser import chromium
from tests.flows.episodes import master_of, plain_environment
from tests.flows.review.browsed_room import Visitor, served_room, visited
from tests.flows.review.produced import two_takes
from tests.flows.review.written_takes import big_series, with_takes
from tests.thinning import exhaustive

pytestmark = pytest.mark.skipif(
    not (shutil.which("chromium") or os.environ.get("CI")), reason="there is no Chromium here"
)

FRAME_MS = 1000 / 24

SPREADS = """async () => {
    const found = [], videos = [...document.querySelectorAll('[data-player]:not([hidden]) video')];
    await new Promise(resolve => setTimeout(resolve, 250));
    for (let look = 0; look < 15; look += 1) {
        await new Promise(resolve => setTimeout(resolve, 40));
        if (videos.some(each => each.paused)) continue;
        found.push(1000 * Math.abs(videos[0].currentTime - videos[1].currentTime));
    }
    return found;
}"""
"""How many milliseconds two takes are apart, again and again, while they play; not in the moment they start in."""


def test_a_board_is_searched_and_two_takes_are_played_in_step_by_keyboard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the board to a shot's takes, less than a frame apart, without a mouse; and axe finds nothing serious."""
    plain_environment(monkeypatch)
    project = big_series(tmp_path, shots=3)
    with_takes(project, takes_in_all=6, clips=1)
    with served_room(project) as room, chromium() as browser, visited(browser, room) as visitor:
        visitor.open("/e/e01")
        visitor.press("/")
        visitor.page.keyboard.type("lights")
        assert visitor.says("[data-filter] output") == "1 of 3 shots"
        assert "q=lights" in visitor.page.url
        visitor.page.evaluate("document.activeElement.blur()")
        visitor.press("ArrowRight", "Enter")
        visitor.page.wait_for_url("**/s/scene00/010")
        visitor.page.wait_for_selector("html[data-ready]", state="attached")
        spreads = _played(visitor)
        assert spreads, "they did not play"
        assert median(spreads) < FRAME_MS, spreads  # a busy machine stalls one of them for a moment, and it catches up
        assert visitor.faults() == []
        assert visitor.complaints == []


def _played(visitor: Visitor) -> list[float]:
    """Play the takes on the stage from their beginning, and see how far they are apart."""
    visitor.page.wait_for_function(
        "() => { const all = [...document.querySelectorAll('[data-player]:not([hidden]) video')];"
        " return all.length === 2 && all.every(each => each.readyState >= 3); }"
    )
    visitor.press("Shift+l", "Home", "l")
    spreads: list[float] = visitor.page.evaluate(SPREADS)
    visitor.press("k")
    return spreads


@exhaustive
def test_an_episode_is_reviewed_from_the_board_to_its_new_master_by_keyboard_alone(tmp_path: Path, acme: Acme) -> None:
    """Circle, reject, draw, ask for a retake and see it arrive, see what turns stale, cut, and play the new master."""
    with (
        two_takes(tmp_path, acme, cut=True) as project,
        served_room(project) as room,
        chromium() as browser,
        visited(browser, room, by_link=True) as visitor,
    ):
        page = visitor.page
        visitor.open("/e/e01")
        before = master_of(project).read_bytes()
        visitor.press("ArrowRight", "Enter")
        page.wait_for_url("**/s/lamp/010")
        page.wait_for_selector("html[data-ready]", state="attached")
        _circle_and_reject(visitor)
        _draw(visitor)
        _retake(visitor, acme)
        _successors_are_stale(visitor)
        _cut_and_play(visitor)
        assert master_of(project).read_bytes() == before, "it is cut of the very takes that it was cut of at first"
        assert visitor.complaints == []


def _circle_and_reject(visitor: Visitor) -> None:
    page = visitor.page
    visitor.press("1", "c")
    page.wait_for_selector("#take-1[data-circled]")
    visitor.press("2", "x")
    page.wait_for_selector("#reject-2[open]")
    page.keyboard.type("The lamp is lit already")
    visitor.press("Tab", "Tab", "Enter")
    page.wait_for_selector("#take-2[data-rejected]")
    assert visitor.says("#take-2 .note p") == "The lamp is lit already"


def _draw(visitor: Visitor) -> None:
    """A note on a frame, with a stroke, where the pen is moved by arrows."""
    page = visitor.page
    visitor.press("1", "Home", "ArrowRight", "ArrowRight", "d")
    visitor.press("Space", "ArrowRight", "ArrowRight", "ArrowDown", "Space", "Escape")
    page.keyboard.type("Her hand")
    visitor.press("Tab", "Tab", "Tab", "Enter")
    page.wait_for_selector("#take-1 .note [data-drawing]", state="attached")
    found = page.get_attribute("#take-1 .note [data-at]", "data-at")
    assert found == "2", "the note is on the frame that was shown"


def _retake(visitor: Visitor, acme: Acme) -> None:
    """The price first, then the confirmation; the take appears by itself."""
    page, ordered = visitor.page, len(acme.jobs())
    visitor.press("r")
    page.wait_for_selector("#again[open]")
    visitor.press("Enter")
    page.wait_for_selector("#price[open] [data-price]")
    assert "$0.40" in visitor.says("#price .price strong")
    assert len(acme.jobs()) == ordered, "something was ordered before it was agreed to"
    visitor.press("Enter")
    page.wait_for_selector("#take-3", timeout=60_000)
    page.wait_for_selector("#take-3[data-state='done']", timeout=60_000)
    page.wait_for_selector("[data-player='3'] video", state="attached")
    assert len(acme.jobs()) == ordered + 1


def _successors_are_stale(visitor: Visitor) -> None:
    page = visitor.page
    visitor.press("3", "c")
    page.wait_for_selector("#take-3[data-circled]")
    page.wait_for_selector("[data-follower='lamp/020'] [data-state='stale']")
    visitor.press("w")
    page.wait_for_selector("[data-seam][data-after='lamp/020'][data-shown='wipe']")
    visitor.press("w")
    page.wait_for_selector("[data-after='lamp/020'] [data-difference]:has-text('% apart')")


def _cut_and_play(visitor: Visitor) -> None:
    """The cut is told of as old, as another take is circled since; made again it appears by itself, and plays."""
    page = visitor.page
    page.wait_for_selector(".run[data-state='done']", timeout=60_000)  # the retake's run has cut what it made
    visitor.press("1", "c")
    page.wait_for_selector("#take-1[data-circled]")
    visitor.press("v")
    page.wait_for_url("**/e/e01/cut*")
    page.wait_for_selector("html[data-ready]", state="attached")
    page.wait_for_selector("[data-live='head']:has-text('Another take was chosen since of lamp/010')")
    old = page.get_attribute("[data-player]", "data-clip")
    visitor.press("u")
    page.wait_for_selector("#recut[open]")
    visitor.press("Enter")
    page.wait_for_selector(f"[data-player]:not([data-clip='{old}']) video", timeout=60_000)
    visitor.press("Home", "l")
    page.wait_for_function("() => document.querySelector('[data-player] video').currentTime > 0.3")
    assert visitor.says("[data-now] a") == "lamp/010"


@exhaustive
def test_a_clip_that_a_browser_cannot_play_is_shown_by_a_copy(tmp_path: Path, acme: Acme) -> None:
    """It says that it is one, and steps by the same frames."""
    with (
        two_takes(tmp_path, acme) as project,
        served_room(project) as room,
        chromium() as browser,
        visited(browser, room) as visitor,
    ):
        visitor.page.route("**/media/*", lambda route: route.fulfill(status=404))
        visitor.open("/e/e01/s/lamp/010")
        visitor.page.wait_for_selector("[data-player='2'] .copied:has-text('A copy')")
        visitor.page.wait_for_function("() => document.querySelector('#video-2').videoWidth > 0")
        visitor.press("Home", "ArrowRight", "ArrowRight")
        visitor.page.wait_for_selector("[data-frame]:has-text('frame 2 of 0–95')")
        visitor.page.wait_for_function("() => !document.querySelector('#video-2').seeking")
        assert 2 / 24 <= visitor.page.evaluate("() => document.querySelector('#video-2').currentTime") < 3 / 24
