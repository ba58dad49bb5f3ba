"""The checks see what is wrong: each file here is one thing that it should not be."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from render.deliveries.box_order import boxes, is_faststart
from render.deliveries.delivery_checks import checked, checked_loudness
from render.deliveries.delivery_keys import delivery_key, picture_key
from render.deliveries.encode_delivery import correction
from render.deliveries.heard_loudness import Heard, loudness_of
from render.errors import UnfitDelivery
from render.markers.labels import Labels
from render.media.ffmpeg import run
from render.media.graph import invented, sink, source
from storyboard.delivery_formats import AudioCodec, FileKind, VideoCodec
from storyboard.sounds import LOUDNESS, LoudnessTarget
from storyboard.timeline.markers import Metadata
from tests.render.deliveries.delivering import QUIET, inputs, made, mix, numbered_master
from tests.storyboard.timeline.delivery_cases import delivery, plan_of


@pytest.fixture(scope="module")
def master(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A master of twelve frames."""
    return numbered_master(tmp_path_factory.mktemp("master"))


@pytest.fixture(scope="module")
def whole(master: Path) -> Path:
    """A delivery of it that is right."""
    folder = master.parent
    return made(plan_of(delivery()), inputs(master, mix(folder, 0.5)), folder / "out").file


def copied(file: Path, target: Path, *, sound: bool = True, **options: object) -> Path:
    """The same streams in another file."""
    opened = source(file)
    streams = [opened.video, opened.audio] if sound else [opened.video]
    asyncio.run(run(sink(streams, target, c="copy", **options), what="copy"))
    return target


@pytest.mark.parametrize(
    ("wanted", "told"),
    [
        (
            delivery(audio=AudioCodec.NONE),
            "it has 1 picture, 1 sound, 0 subtitle tracks instead of 1 picture, 0 sounds",
        ),
        (delivery(soft=("en",)), "0 subtitle tracks instead of 1 picture, 1 sound, 1 subtitle track"),
        (delivery(VideoCodec.AV1), "it came out as h264 instead of av1"),
        (delivery(audio=AudioCodec.OPUS), "it came out as aac instead of opus"),
        (delivery(size=(64, 36)), r"its frames are \(128, 72\) pixels instead of \(64, 36\)"),
    ],
)
def test_what_is_otherwise_than_asked_is_told(whole: Path, wanted: Any, told: str) -> None:
    """Streams, codecs and sizes."""
    with pytest.raises(UnfitDelivery, match=f"the delivery web did not come out right: .*{told}"):
        checked(plan_of(wanted), whole)


def test_a_frame_more_or_less_is_told(whole: Path) -> None:
    """And another rate, of which every frame is at another time."""
    for lengths in ((11,), (13,)):
        with pytest.raises(UnfitDelivery, match=f"with 12 frames instead of {lengths[0]}"):
            checked(plan_of(delivery(), lengths=lengths), whole)
    with pytest.raises(UnfitDelivery, match=r"its frame 1 is shown at 0\.0417 s"):
        checked(plan_of(delivery(fps=Fraction(25)), fps=Fraction(25)), whole)


def test_an_index_behind_its_media_is_told(whole: Path, tmp_path: Path) -> None:
    """It would not play while it loads."""
    late = copied(whole, tmp_path / "late.mp4")
    assert [name for name in boxes(late) if name in {b"moov", b"mdat"}] == [b"mdat", b"moov"]
    assert is_faststart(whole)
    with pytest.raises(UnfitDelivery, match="its index stands behind its media"):
        checked(plan_of(delivery()), late)


def test_other_colours_are_told(whole: Path, tmp_path: Path) -> None:
    """Tags of another standard, or none."""
    tagged = copied(
        whole,
        tmp_path / "tagged.mp4",
        movflags="+faststart",
        **{"bsf:v": "h264_metadata=colour_primaries=5:transfer_characteristics=5:matrix_coefficients=5"},
    )
    with pytest.raises(UnfitDelivery, match="its colours are tagged"):
        checked(plan_of(delivery()), tagged)


def test_a_file_that_was_cut_off_is_told(whole: Path, tmp_path: Path) -> None:
    """Wherever it ends."""
    content = whole.read_bytes()
    for share in (0.5, 0.97):
        (cut := tmp_path / "cut.mp4").write_bytes(content[: int(len(content) * share)])
        with pytest.raises(UnfitDelivery):
            checked(plan_of(delivery()), cut)


def test_an_animated_picture_that_was_cut_off_is_told(master: Path, tmp_path: Path) -> None:
    """GIF and WebP alike."""
    for video in (VideoCodec.GIF, VideoCodec.WEBP):
        plan = plan_of(delivery(video))
        file = made(plan, inputs(master), tmp_path / video).file
        content = file.read_bytes()
        file.write_bytes(content[: len(content) * 2 // 3])
        with pytest.raises(UnfitDelivery):
            checked(plan, file)


def test_loudness_is_measured_to_a_tenth(tmp_path: Path) -> None:
    """Also of what is shorter than the meter's window, and of silence."""
    for lufs, seconds in ((-14, 2.0), (-23, 0.45), (-30, 1.23)):
        heard = asyncio.run(loudness_of(mix(tmp_path, seconds, lufs=lufs), tmp_path, seconds=seconds))
        assert heard.lufs == pytest.approx(lufs, abs=0.1)
    quiet = tmp_path / "quiet.wav"
    asyncio.run(run(sink([invented("anullsrc=r=48000:cl=stereo:d=0.5")], quiet), what="be silent"))
    assert asyncio.run(loudness_of(quiet, tmp_path, seconds=0.5)).is_silent


def test_a_peak_at_the_very_end_is_measured(tmp_path: Path) -> None:
    """The meter speaks each tenth of a second, and a file may end between two of them."""
    target = tmp_path / "click.wav"
    tone = invented("aevalsrc='if(gte(t,0.94),0.9,0.05)*sin(2*PI*440*t)':s=48000:d=0.97:c=stereo")
    asyncio.run(run(sink([tone], target, **{"c:a": "pcm_f32le"}), what="click"))
    assert asyncio.run(loudness_of(target, tmp_path, seconds=0.97)).peak_dbtp > -1.5


@pytest.mark.parametrize(
    ("heard", "target", "told"),
    [
        (Heard(-22.4, -5), QUIET, "it came out at -22.4 LUFS instead of -23"),
        (Heard(-23.6, -5), QUIET, "it came out at -23.6 LUFS instead of -23"),
        (Heard(-23, -0.8), QUIET, "it peaks at -0.8 dBTP, above its -1"),
        (Heard(-20, -1.5), LOUDNESS["streaming"], "it peaks at -1.5 dBTP, above its -2"),
    ],
)
def test_what_is_too_loud_is_told(heard: Heard, target: LoudnessTarget, told: str) -> None:
    """By half a unit, or by its peak; what is measured on dialogue by its peak alone."""
    with pytest.raises(UnfitDelivery, match=told):
        checked_loudness(plan_of(delivery()), heard, target)


def test_what_is_right_is_said() -> None:
    """Silence has no loudness that could be wrong."""
    plan = plan_of(delivery())
    assert checked_loudness(plan, Heard(-22.6, -1.0), QUIET) == ("loudness", "peak")
    assert checked_loudness(plan, Heard(-20, -3), LOUDNESS["streaming"]) == ("peak",)
    assert checked_loudness(plan, Heard(-120, float("-inf")), QUIET) == ("silent",)


def test_a_peak_that_a_codec_made_is_brought_down(tmp_path: Path) -> None:
    """Only as far as the loudness allows; else it is told."""
    assert correction(Heard(-23, -1.5), QUIET) == 0
    assert correction(Heard(-23, -0.8), QUIET) == Decimal("-0.30")
    assert correction(Heard(-23.4, -0.8), QUIET) == 0

    tone = mix(tmp_path, 0.5, lufs=-23)
    ceiling = LoudnessTarget(lufs=Decimal(-23), true_peak_db=Decimal("-22.3"))  # under what AAC makes of it
    done = made(plan_of(delivery(VideoCodec.NONE)), inputs(tone, tone, target=ceiling), tmp_path / "out")
    assert done.facts.peak_dbtp is not None
    assert done.facts.peak_dbtp <= -22.3
    assert done.facts.lufs == pytest.approx(-23, abs=0.5)


def test_every_input_is_in_the_key(master: Path, tmp_path: Path) -> None:
    """Another picture, mix, target or word is another delivery; only the picture and what is drawn another picture."""
    plan = plan_of(delivery(soft=("en",)))
    tone, words, others = mix(tmp_path, 0.5), tmp_path / "a.srt", tmp_path / "b.srt"
    words.write_text("1\n")
    others.write_text("2\n")
    one = inputs(master, tone, soft={"en": words})
    changed = {
        "picture": replace(one, picture=inputs(tone).picture),
        "mix": replace(one, mix=inputs(master).picture),
        "target": replace(one, target=QUIET),
        "soft": inputs(master, tone, soft={"en": others}),
        "burnt": inputs(master, tone, soft={"en": words}, burnt=others),
        "labels": replace(one, labels=Labels(Metadata(title="E", show="S", episode_id="e01"), ())),
    }
    keys = {name: delivery_key(plan, each) for name, each in changed.items()}
    assert len({*keys.values(), delivery_key(plan, one)}) == len(changed) + 1
    pictures = {name for name, each in changed.items() if picture_key(plan, each) != picture_key(plan, one)}
    assert pictures == {"picture", "burnt"}
    copy = plan_of(delivery(VideoCodec.COPY, kind=FileKind.MKV))
    assert picture_key(copy, one) is None
