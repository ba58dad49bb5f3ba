"""A real browser plays every delivery that browsers can play, to its end."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from storyboard.delivery_formats import AudioCodec, FileKind, Reframe, VideoCodec
from tests.browser import browsed
from tests.render.deliveries.delivering import inputs, made, mix, numbered_master
from tests.storyboard.timeline.delivery_cases import delivery, plan_of
from tests.thinning import exhaustive

FRAMES = 18

PLAY_ALL = """async () => {
    const play = async (media) => {
        const errors = [];
        media.onerror = () => errors.push(media.error.message);
        media.volume = 0;
        const over = new Promise(resolve => { media.onended = resolve; setTimeout(resolve, 20000); });
        try { await media.play(); await over; } catch (error) { errors.push(String(error)); }
        const frames = media.getVideoPlaybackQuality ? media.getVideoPlaybackQuality().totalVideoFrames : 0;
        return [media.id, {ended: media.ended, duration: media.duration, width: media.videoWidth, errors, frames,
                           height: media.videoHeight}];
    };
    return Object.fromEntries(await Promise.all([...document.querySelectorAll('video, audio')].map(play)));
}"""

DECODE_ALL = """async () => {
    const decode = async (image) => {
        const data = await (await fetch(image.src)).arrayBuffer();
        const decoder = new ImageDecoder({data, type: 'image/' + image.id});
        await decoder.tracks.ready;
        await decoder.completed;
        const track = decoder.tracks.selectedTrack;
        let lasts = 0;
        for (let at = 0; at < track.frameCount; at++)
            lasts += (await decoder.decode({frameIndex: at})).image.duration / 1e6;
        return [image.id, {frames: track.frameCount, lasts, loops: track.repetitionCount === Infinity,
                           width: image.naturalWidth}];
    };
    return Object.fromEntries(await Promise.all([...document.querySelectorAll('img')].map(decode)));
}"""

FILMS = {
    "h264": delivery(name="h264"),
    "opus-in-mp4": delivery(name="opus-in-mp4", audio=AudioCodec.OPUS),
    "av1": delivery(VideoCodec.AV1, name="av1"),
    "webm": delivery(VideoCodec.AV1, name="webm", kind=FileKind.WEBM),
    "vertical": delivery(name="vertical", size=(72, 128), reframe=Reframe.BLUR),
}
SOUNDS = {
    each.value: delivery(VideoCodec.NONE, name=each.value, audio=each)
    for each in AudioCodec
    if each is not AudioCodec.NONE
}
PICTURES = {each.value: delivery(each, name=each.value) for each in (VideoCodec.GIF, VideoCodec.WEBP)}


def _page_of(folder: Path) -> None:
    """Make all of them, and a page that has them all."""
    given = inputs(numbered_master(folder, frames=FRAMES), mix(folder, FRAMES / 24))
    shown = []
    tags = {"video": FILMS, "audio": SOUNDS, "img": PICTURES}
    for tag, wanted in tags.items():
        for name, each in wanted.items():
            file = made(plan_of(each, lengths=(FRAMES,)), given, folder).file
            shown.append(f'<{tag} id="{name}" src="{file.name}" preload="auto"></{tag}>')
    (folder / "index.html").write_text("\n".join(shown))


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    """A page with every delivery on it, served from this machine."""
    folder = tmp_path_factory.mktemp("deliveries")
    _page_of(folder)
    with browsed(folder) as shown:
        yield shown


@exhaustive
def test_films_and_sounds_play_to_their_end(page: Page) -> None:
    """All at once, without an error, in their size and length, with all but a few of their frames shown."""
    played = page.evaluate(PLAY_ALL)
    assert set(played) == {*FILMS, *SOUNDS}
    assert {name: each["errors"] for name, each in played.items() if each["errors"]} == {}
    assert [name for name, each in played.items() if not each["ended"]] == []
    for name, each in played.items():
        assert each["duration"] == pytest.approx(FRAMES / 24, abs=0.06), name
    for name, wanted in FILMS.items():
        assert wanted.picture is not None
        assert (played[name]["width"], played[name]["height"]) == (wanted.picture.width, wanted.picture.height)
        assert played[name]["frames"] >= FRAMES - 6, name


@exhaustive
def test_animated_pictures_move_for_as_long(page: Page) -> None:
    """All frames, each for its time, again and again."""
    for name, shown in page.evaluate(DECODE_ALL).items():
        assert (shown["frames"], shown["width"], shown["loops"]) == (FRAMES, 128, True), name
        assert shown["lasts"] == pytest.approx(FRAMES / 24, abs=0.025), name
