"""Every delivery of both example series is played to its end by a real browser, and tells of itself what it can.

Debian's Chromium decodes neither HEVC nor ProRes, which it says when it is asked; no example delivers either.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import av
import pytest

from storyboard.delivery_formats import CHAPTERED, FileKind
from tests.browser import CHROMIUM, browsed
from tests.thinning import exhaustive

PROJECTS = Path("projects")
SIZES = {"lighthouse": ("width: 1280, height: 720", "width: 320, height: 180"),
         "laundrette": ("width: 720, height: 1280", "width: 180, height: 320")}  # fmt: skip
MORE = """
deliveries:
  - name: phone
    video: {codec: h264, ratio: "9:16"}
    subtitles: [en]
  - name: web
    video: {codec: av1, quality: small}
    container: webm
    subtitles: [en]
  - name: open
    video: {codec: av1, quality: small}
    container: mkv
    subtitles: [en]
  - name: copy
    video: copy
    subtitles: [en]
  - name: radio
    video: none
    audio: mp3
"""
"""The lighthouse has none of its own: here it is given one of each sort that browsers play."""

PLAY = """async (names) => {
    const play = async (name) => {
        const media = document.createElement(/(opus|mp3)$/.test(name) ? 'audio' : 'video'), errors = [];
        media.onerror = () => errors.push(media.error.message);
        media.muted = true; media.src = name; media.playbackRate = 8;
        document.body.append(media);
        const over = new Promise(resolve => { media.onended = resolve; setTimeout(resolve, 120000); });
        try { await media.play(); await over; } catch (error) { errors.push(String(error)); }
        return [name, {ended: media.ended, lasts: media.duration, width: media.videoWidth, errors}];
    };
    const found = [];
    for (const name of names) found.push(await play(name));
    return Object.fromEntries(found);
}"""
SHOW = """async (name) => {
    const data = await (await fetch(name)).arrayBuffer();
    const decoder = new ImageDecoder({data, type: 'image/' + name.split('.').pop()});
    await decoder.tracks.ready; await decoder.completed;
    const count = decoder.tracks.selectedTrack.frameCount;
    let lasts = 0;
    for (let at = 0; at < count; at++) lasts += (await decoder.decode({frameIndex: at})).image.duration / 1e6;
    return lasts;
}"""
DECODES = """async (types) => {
    const video = document.createElement('video');
    return Object.fromEntries(types.map(type => [type, video.canPlayType(type)]));
}"""

pytestmark = [
    exhaustive,
    pytest.mark.timeout(900),
    pytest.mark.skipif(not CHROMIUM and not os.environ.get("CI"), reason="there is no Chromium here"),
]


def rendered(folder: Path, series: str, episode: str) -> tuple[Path, dict[str, Any]]:
    """The example's episode made in a small master, and its manifest."""
    project = Path(shutil.copytree(PROJECTS / series, folder / series, ignore=shutil.ignore_patterns(".tailframe")))
    file = project / "series.yaml"
    usual, small = SIZES[series]
    text = file.read_text(encoding="utf-8")
    assert usual in text
    text = text.replace(usual, small)
    if "deliveries:" not in text:
        text = text.replace("\ncast:\n", f"  subtitles: {{languages: [en]}}\n{MORE}\nlanguage: en\n\ncast:\n", 1)
    file.write_text(text, encoding="utf-8")
    command = [sys.executable, "-m", "flows.cli", "produce", str(project), episode, "--yes"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    output = project / "output" / episode
    return output, json.loads((output / "manifest.json").read_text())


def chapters(file: Path) -> list[str]:
    """Their titles."""
    with av.open(str(file)) as film:
        return [each["metadata"]["title"].strip() for each in film.chapters()]


@pytest.mark.parametrize("episode", ["e01", "e02"])
@pytest.mark.parametrize("series", ["lighthouse", "laundrette"])
def test_all_of_it_plays_to_its_end(tmp_path: Path, series: str, episode: str) -> None:
    """The master and each delivery; chapters and subtitles are in each that can hold them."""
    output, told = rendered(tmp_path, series, episode)
    master, deliveries = told["master"], {each["path"]: each for each in told["deliveries"]}
    moving = [name for name in deliveries if not name.endswith((".webp", ".gif"))]
    (output / "index.html").write_text("<!doctype html><body></body>")
    with browsed(output) as page:
        page.set_default_timeout(0)
        played = page.evaluate(PLAY, [master["path"], *moving])
        shown = {name: page.evaluate(SHOW, name) for name in set(deliveries) - set(moving)}
    lengths = {master["path"]: master, **deliveries}
    for name, each in played.items():
        assert (each["errors"], each["ended"]) == ([], True), name
        assert each["lasts"] == pytest.approx(float(lengths[name]["duration_s"]), abs=0.1), name
    for name, lasts in shown.items():
        assert lasts == pytest.approx(float(deliveries[name]["duration_s"]), abs=0.1), name

    wanted = chapters(output / master["path"])
    assert wanted
    for name, each in deliveries.items():
        kind = FileKind(name.rpartition(".")[2])
        if kind in CHAPTERED:
            assert chapters(output / name) == wanted, name
        if each.get("subtitles"):
            with av.open(str(output / name)) as film:
                assert len(film.streams.subtitles) == len(each["subtitles"]), name


def test_chromium_says_which_codecs_it_lacks(tmp_path: Path) -> None:
    """So what is not played here is not played anywhere in it: HEVC and ProRes, but H.264 and AV1."""
    (tmp_path / "index.html").write_text("<!doctype html>")
    types = {
        'video/mp4; codecs="avc1.640028"': True,
        'video/mp4; codecs="av01.0.04M.08"': True,
        'video/mp4; codecs="hvc1.1.6.L93.B0"': False,
        'video/quicktime; codecs="apcn"': False,
    }
    with browsed(tmp_path) as page:
        found = page.evaluate(DECODES, list(types))
    assert {name: bool(answer) for name, answer in found.items()} == types
