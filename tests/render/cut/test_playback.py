"""A real browser plays the master: through every seam, and from wherever it is asked to begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import browsed
from tests.render.cut.pieces import cut, piece
from tests.thinning import exhaustive, one_in

COLOURS = {"a": "#a03020", "b": "#20a030", "c": "#2030a0", "d": "#a0a020"}
LENGTHS = {"a": 12, "b": 17, "c": 9, "d": 12}
FRAMES = sum(LENGTHS.values())
SEAMS_S = (12 / 24, 29 / 24, 38 / 24)

PLAY_THROUGH = """async () => {
    const video = document.querySelector('video'), seen = [], errors = [];
    video.onerror = () => errors.push(video.error.message);
    const watch = (_, frame) => { seen.push(frame.mediaTime); video.requestVideoFrameCallback(watch); };
    video.requestVideoFrameCallback(watch);
    video.muted = true;
    await video.play();
    await new Promise(resolve => { video.onended = resolve; setTimeout(resolve, 15000); });
    return {ended: video.ended, at: video.currentTime, duration: video.duration, width: video.videoWidth,
            height: video.videoHeight, seen, errors, frames: video.getVideoPlaybackQuality().totalVideoFrames};
}"""

SEEK_TO = """async (second) => {
    const video = document.querySelector('video');
    video.pause();
    const shown = new Promise(resolve => video.requestVideoFrameCallback((_, frame) => resolve(frame.mediaTime)));
    video.currentTime = second;
    const late = new Promise(resolve => setTimeout(() => resolve(-1), 5000));
    const mediaTime = await Promise.race([shown, late]);
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth; canvas.height = video.videoHeight;
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    return {mediaTime, colour: [...pen.getImageData(100, 55, 1, 1).data].slice(0, 3), error: video.error};
}"""


def _master(folder: Path, *, copied: bool) -> Path:
    pieces = [
        piece(
            folder,
            key,
            frames=LENGTHS[key] + (0 if copied else 6),
            used=LENGTHS[key],
            colour=colour,
            sound_s=LENGTHS[key] / 24 + 0.1,
            fps="24",
        )
        for key, colour in COLOURS.items()
    ]
    facts = cut(pieces, folder, name="master.mp4")
    assert facts.copied is copied
    return facts.path


@pytest.fixture(scope="module", params=[True, False], ids=["copied", "conformed"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with nothing but the master on it, served from this machine."""
    folder = tmp_path_factory.mktemp("served")
    _master(folder, copied=request.param)
    (folder / "index.html").write_text('<video src="master.mp4" preload="auto" muted></video>')
    with browsed(folder) as shown:
        yield shown


@one_in(2)
def test_the_master_plays_through_every_seam(page: Page) -> None:
    """From the first frame to the end, without an error, in the master's size and length."""
    played = page.evaluate(PLAY_THROUGH)
    assert played["errors"] == []
    assert played["ended"]
    assert (played["width"], played["height"]) == (160, 90)
    assert played["duration"] == pytest.approx(FRAMES / 24, abs=0.03)
    assert played["frames"] >= FRAMES - 5
    for seam_s in SEAMS_S:
        assert any(seam_s - 0.2 < at < seam_s for at in played["seen"])
        assert any(seam_s <= at < seam_s + 0.2 for at in played["seen"])


@exhaustive
def test_the_master_can_be_entered_on_both_sides_of_every_seam(page: Page) -> None:
    """A jump to the last frame of a clip or the first of the next shows exactly that frame."""
    expected = list(COLOURS.values())
    for place, seam_s in enumerate(SEAMS_S):
        for second, colour in ((seam_s - 0.5 / 24, expected[place]), (seam_s + 0.5 / 24, expected[place + 1])):
            shown = page.evaluate(SEEK_TO, second)
            assert shown["error"] is None
            assert shown["mediaTime"] == pytest.approx(second - 0.5 / 24, abs=0.01)
            wanted = tuple(bytes.fromhex(colour[1:]))
            assert all(abs(have - want) < 25 for have, want in zip(shown["colour"], wanted, strict=True))
