"""Small clips have every frame of their originals, and a browser shows the one that it says, stepping and stopped."""

from __future__ import annotations

import asyncio
from contextlib import closing
from dataclasses import replace
from fractions import Fraction
from io import BytesIO
from pathlib import Path
from typing import Any

import av
import pytest
from PIL import Image
from playwright.sync_api import Page

from render.episode.archive.take_records import read_books
from render.ledger import open_ledger
from render.ledger.recipes import DerivedBlobs
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import observed
from render.review_file.review_media import ReviewMediaMaker
from render.review_file.review_page import ReviewPage
from render.review_file.review_sheet import ReviewedTake, ReviewSheet
from render.review_file.review_statement import Signed
from render.store.local_store import LocalStore
from storyboard.paper.panel import Board, Panel, Standing
from storyboard.takes import ClipFacts
from tests.browser import CHROMIUM, opened_offline
from tests.clips import make_clip, number_in, numbers
from tests.ledgers.earlier import TAKES_JSON
from tests.thinning import exhaustive, one_in

KINDS: dict[str, dict[str, Any]] = {
    "24": {"frames": 30, "sound_s": 1.4},
    "23.976": {"frames": 30, "fps": "24000/1001"},
    "irregular": {"frames": 12, "times": "N*40+N*N"},
    "upright": {"frames": 10, "rotation": 90},
    "wide": {"frames": 10, "size": (1280, 540), "sound_s": 2.0, "channels": 1},
    "60": {"frames": 70, "fps": "60"},
}


def kept(folder: Path, **how: Any) -> tuple[LocalStore, ClipFacts, Path]:
    clip = make_clip(folder / "clip.mp4", **how)
    store = LocalStore(folder / "blobs")
    store.put_file(clip)
    return store, clip_facts(clip), clip


@one_in(3)
@pytest.mark.parametrize("kind", KINDS)
def test_no_frame_is_left_out_or_doubled(tmp_path: Path, kind: str) -> None:
    """Frame 31 is frame 31, at its own time; it is made once."""
    store, facts, clip = kept(tmp_path, **KINDS[kind])
    with closing(open_ledger(tmp_path / "ledger.sqlite")) as ledger:
        maker = ReviewMediaMaker(store, DerivedBlobs(ledger), tmp_path / "scratch")
        media = asyncio.run(maker.of([facts, facts]))[facts.sha256]
        ran: list[object] = []
        with observed(ran.append):
            assert asyncio.run(maker.of([facts]))[facts.sha256] == media
    assert ran == []
    small = store.local_path(media.clip, ".mp4")
    if kind != "upright":
        assert numbers(small) == numbers(clip) == list(range(facts.frames))
    with av.open(str(small)) as container:
        stream = container.streams.video[0]
        assert (stream.width, stream.height) == (media.width, media.height)
        assert stream.time_base is not None
        times = [Fraction(frame.pts or 0) * stream.time_base for frame in container.decode(video=0)]
        assert bool(container.streams.audio) == ("sound_s" in KINDS[kind])
    if facts.frame_times_us is None:
        assert times == [at / facts.fps for at in range(facts.frames)]
    else:
        assert [round(at * 1000) for at in times] == [round(at / 1000) for at in facts.frame_times_us]
    with Image.open(BytesIO(store.get(media.poster))) as poster:
        assert (poster.format, poster.size) == ("JPEG", (media.width, media.height))


@exhaustive
@pytest.mark.skipif(CHROMIUM is None, reason="there is no Chromium here")
@pytest.mark.parametrize("kind", ["24", "23.976", "irregular", "60"])
def test_a_browser_shows_the_frame_that_it_says(tmp_path: Path, kind: str) -> None:
    """By steps, by the slider, and where it is stopped while it plays."""
    with opened_offline(_page(tmp_path, kind)) as shown:
        shown.locator(".on").click()
        said = []
        for key in ("ArrowRight", "ArrowRight", "Shift+ArrowRight", "ArrowLeft", "j", "ArrowRight"):
            shown.keyboard.press(key)
            said.append(_seen(shown))
        assert said[:3] == [2, 3, min(13, KINDS[kind]["frames"] - 1)]
        shown.keyboard.press("j")
        shown.keyboard.press("l")
        shown.wait_for_timeout(150)
        shown.keyboard.press("k")
        _seen(shown)


def _seen(shown: Page) -> int:
    """The frame that the page says, which must be the one that is seen."""
    shown.wait_for_function("() => { const v = document.querySelector('video'); return v.paused && !v.seeking; }")
    said, seen = int(shown.locator("output").inner_text().split()[0]), -1
    for _ in range(20):  # it is painted a little later than it is decoded
        with Image.open(BytesIO(shown.locator("video").screenshot())) as picture:
            seen = number_in(picture.convert("RGB"))
        if seen == said:
            break
        shown.wait_for_timeout(50)
    assert seen == said
    return said


def _page(folder: Path, kind: str) -> Path:
    """A page with one shot of one take."""
    store, facts, _ = kept(folder, **KINDS[kind])
    take = replace(read_books(TAKES_JSON.read_bytes()).takes[0], clip=facts)
    panel = Panel(key="lamp/010", scene="lamp", scene_title="", length="1 s", standing=Standing.MADE, paragraphs=())
    board = Board(series="s", episode="e01", summary="", ratio=Fraction(16, 9), panels=(panel,))
    takes = {"lamp/010": (ReviewedTake(take=take, clip=facts, circled=True),)}
    sheet = ReviewSheet(series="s", episode="e01", board=board, takes=takes)
    with closing(open_ledger(folder / "ledger.sqlite")) as ledger:
        media = asyncio.run(ReviewMediaMaker(store, DerivedBlobs(ledger), folder / "scratch").of([facts]))
    page = ReviewPage(sheet=sheet, media=media, sent=Signed("{}", "s"), export="e" * 32, store=store)
    page.write(folder / "page.html")
    return folder / "page.html"
