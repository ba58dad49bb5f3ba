"""A real browser shows the captions: as a file beside the film, on their very frames."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from storyboard.captions.webvtt import webvtt
from tests.browser import browsed
from tests.render.captions.captioned import MASTER, caption, film
from tests.thinning import exhaustive

CAPTIONS = [
    caption(6, 20, "One more", "winter."),
    caption(20, 30, "<b>a</b> & b --> c", "<script>document.title = 'broken'</script>"),
    caption(36, 47, "{\\an8} \\N 1998", top=True),
]

CUES = """async () => {
    const track = document.querySelector('track');
    track.track.mode = 'showing';
    while (track.readyState < 2) await new Promise(resolve => setTimeout(resolve, 20));
    return {state: track.readyState, language: track.track.language, cues: [...track.track.cues].map(cue => (
        {start: cue.startTime, end: cue.endTime, line: cue.line, text: cue.getCueAsHTML().textContent,
         elements: cue.getCueAsHTML().childElementCount}))};
}"""

SHOWN_AT = """async (second) => {
    const video = document.querySelector('video'), track = document.querySelector('track').track;
    const there = new Promise(resolve => { video.onseeked = () => resolve(true); });
    video.currentTime = second;
    const late = new Promise(resolve => setTimeout(() => resolve(false), 5000));
    const seeked = await Promise.race([there, late]);
    await new Promise(resolve => requestAnimationFrame(() => requestAnimationFrame(resolve)));
    return {seeked, at: video.currentTime, cues: [...track.activeCues].map(cue => cue.getCueAsHTML().textContent)};
}"""


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with a film and its captions, served from this machine."""
    folder = tmp_path_factory.mktemp("served")
    film(folder / "master.mp4", seconds=2, sound=False)
    (folder / "en.vtt").write_text(webvtt(CAPTIONS, MASTER.fps, "en"), encoding="utf-8")
    (folder / "index.html").write_text(
        '<video src="master.mp4" preload="auto" muted>'
        '<track default kind="subtitles" srclang="en" src="en.vtt"></video>'
    )
    with browsed(folder) as shown:
        yield shown


@exhaustive
def test_a_browser_reads_every_caption_as_it_was_meant(page: Page) -> None:
    """Its times, its words to the letter, its place; and nothing of them becomes markup."""
    found = page.evaluate(CUES)
    assert found["language"] == "en"
    assert [(cue["text"], cue["elements"]) for cue in found["cues"]] == [(each.text, 0) for each in CAPTIONS]
    for cue, each in zip(found["cues"], CAPTIONS, strict=True):
        assert cue["start"] == pytest.approx(each.start / 24, abs=0.001)
        assert cue["end"] == pytest.approx(each.end / 24, abs=0.001)
    assert [cue["line"] for cue in found["cues"]] == ["auto", "auto", 0]
    assert page.title() != "broken"


@exhaustive
def test_a_caption_is_shown_from_its_first_frame_to_its_last(page: Page) -> None:
    """On the frames before and after it is not."""
    page.evaluate(CUES)
    wanted = {
        5: [],
        6: ["One more\nwinter."],
        19: ["One more\nwinter."],
        20: [CAPTIONS[1].text],
        30: [],
        46: [CAPTIONS[2].text],
    }
    for frame, texts in wanted.items():
        shown = page.evaluate(SHOWN_AT, frame / 24)
        assert shown == {"seeked": True, "at": pytest.approx(frame / 24, abs=1e-5), "cues": texts}, frame
