"""A real browser plays a master with chapters, names and a cover to its end, and shows the film."""

from __future__ import annotations

import asyncio
import base64
import shutil
from fractions import Fraction
from pathlib import Path

from PIL import Image
from playwright.sync_api import sync_playwright

from render.markers import with_metadata, write_metadata
from render.media.ffmpeg import run
from render.media.graph import source
from storyboard.timeline.markers import Chapter, Metadata
from tests.clips import make_clip
from tests.thinning import exhaustive

CHROMIUM = shutil.which("chromium")
FLAGS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking "
    "--disable-component-update --disable-sync --autoplay-policy=no-user-gesture-required"
)
PLAY = """async () => {
    const video = document.querySelector('video');
    await new Promise(resolve => video.readyState > 1 ? resolve() : video.onloadeddata = resolve);
    await video.play();
    await new Promise(resolve => { video.onended = resolve; setTimeout(resolve, 15000); });
    const canvas = document.createElement('canvas');
    canvas.width = video.videoWidth; canvas.height = video.videoHeight;
    const pen = canvas.getContext('2d');
    pen.drawImage(video, 0, 0);
    const colour = [...pen.getImageData(100, 60, 1, 1).data].slice(0, 3);
    return {ended: video.ended, duration: video.duration, colour, error: video.error,
            size: [video.videoWidth, video.videoHeight]};
}"""


@exhaustive
def test_chromium_plays_it_to_its_end(tmp_path: Path) -> None:
    """In its length and its size."""
    clip = make_clip(tmp_path / "clip.mp4", frames=24, sound_s=1.0, colour="#20a030", fps="24000/1001")
    Image.new("RGB", (160, 90), "#c02020").save(tmp_path / "poster.jpg")
    fps = Fraction(24000, 1001)
    told = write_metadata(
        Metadata(title="The Lamp", show="S", episode_id="e01"),
        [Chapter("One", 0, 11), Chapter("Two", 11, 24)],
        fps,
        tmp_path / "told.txt",
    )
    streams, copied = source(clip), {"c:v:0": "copy", "c:a": "copy", "movflags": "+faststart"}
    film = tmp_path / "film.mp4"
    asyncio.run(
        run(
            with_metadata([streams.video, streams.audio], film, told, fps=fps, cover=tmp_path / "poster.jpg", **copied),
            what="write the film",
        )
    )
    content = base64.b64encode(film.read_bytes()).decode()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS.split())
        page = browser.new_page()
        page.set_content(f'<video muted src="data:video/mp4;base64,{content}"></video>')
        played = page.evaluate(PLAY)
        browser.close()
    assert played["error"] is None
    assert played["ended"]
    assert played["size"] == [160, 90]
    assert abs(played["duration"] - 24 * 1001 / 24000) < 0.05
    red, green, blue = played["colour"]
    assert green > 100 > max(red, blue), "the film is green, its cover red"
