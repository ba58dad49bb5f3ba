"""What deliveries need of ffmpeg is listed, and missed before anything is ordered."""

from __future__ import annotations

from itertools import chain
from pathlib import Path

import pytest

from render.deliveries.delivery_needs import need_for_deliveries, parts_for
from render.deliveries.encoder_settings import ENCODERS, MUXERS
from render.errors import MediaError
from render.media.ffmpeg import ffmpeg_path
from render.media.ffmpeg_needs import THE_CUT, missing, parts_of
from storyboard.delivery_formats import HOLDS, AudioCodec, FileKind, Reframe, VideoCodec
from tests.render.media.crippled import crippled
from tests.render.media.test_ffmpeg_needs import filters_in, modules
from tests.storyboard.timeline.delivery_cases import delivery

EVERY = [
    *(
        delivery(video, kind=kind, audio=audio)
        for kind, holds in HOLDS.items()
        for video in holds.video or [VideoCodec.NONE]
        for audio in holds.audio or [AudioCodec.NONE]
    ),
    delivery(size=(40, 72), reframe=Reframe.PAD, burnt="en"),
    delivery(size=(40, 72), reframe=Reframe.CROP),
    delivery(size=(40, 72), reframe=Reframe.BLUR, soft=("en",)),
]


def test_every_filter_of_their_graphs_is_listed() -> None:
    """Beyond those of which the cut sees to it that they are there."""
    needed = {name for each in EVERY for name in parts_for(each)["filter"]}
    used = {name for file in modules("deliveries") for name in filters_in(file)}
    assert used - {"split"} == needed - {"split"}


def test_the_ffmpeg_that_tests_use_has_all_of_it() -> None:
    """Every codec in every kind of file."""
    for each in EVERY:
        assert missing(parts_for(each), parts_of(ffmpeg_path())) == {}
    need_for_deliveries(EVERY)


def test_every_codec_and_file_has_its_encoder_and_muxer() -> None:
    """But what is copied, and what is not there."""
    codecs = {*VideoCodec, *AudioCodec} - {VideoCodec.COPY, VideoCodec.NONE, AudioCodec.NONE}
    assert set(ENCODERS) == codecs
    assert set(MUXERS) == set(FileKind)


@pytest.mark.parametrize("video", [VideoCodec.HEVC, VideoCodec.AV1, VideoCodec.GIF])
def test_what_lacks_is_told_with_the_delivery(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, video: VideoCodec
) -> None:
    """Only a delivery that needs it is refused."""
    lacks = "palettegen" if video is VideoCodec.GIF else ENCODERS[video]
    monkeypatch.setenv("TAILFRAME_FFMPEG", str(crippled(tmp_path, lacks)))

    need_for_deliveries([delivery(name="web"), delivery(VideoCodec.PRORES, name="edit")])
    with pytest.raises(MediaError, match=f"lacks the (encoder|filter) {lacks}, which the delivery phone needs"):
        need_for_deliveries([delivery(name="web"), delivery(video, name="phone")])


def test_without_deliveries_ffmpeg_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """As most series have none."""
    monkeypatch.setenv("TAILFRAME_FFMPEG", "/nowhere")
    need_for_deliveries([])
    assert set(chain.from_iterable(parts_for(delivery(VideoCodec.COPY, audio=AudioCodec.NONE)).values())) == {"mp4"}
    assert "mp4" in THE_CUT["muxer"]
