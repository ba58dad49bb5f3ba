"""Every codec in every kind of file: exactly the frames that were asked for, at every rate, in the right colours."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import av
import pytest
from PIL import Image

from storyboard.delivery_formats import HOLDS, AudioCodec, FileKind, Quality, VideoCodec
from tests.clips import number_in, numbers
from tests.render.deliveries.delivering import QUIET, drawn_master, inputs, made, mix, numbered_master
from tests.storyboard.timeline.delivery_cases import FRAMES, delivery, plan_of
from tests.thinning import one_in

RATES = ("24", "25", "24000/1001", "30000/1001")
FILMS = [
    (video, kind)
    for kind, holds in HOLDS.items()
    for video in holds.video
    if video not in {VideoCodec.GIF, VideoCodec.WEBP}
]
CHECKS = {"streams", "decodes", "frames", "size", "colours", "sound", "loudness", "peak"}


def shown(file: Path) -> list[int]:
    """The numbers of an animated picture's frames, as a viewer shows them."""
    with Image.open(file) as picture:
        found = []
        for at in range(picture.n_frames):
            picture.seek(at)
            found.append(number_in(picture.convert("RGB")))
        return found


@one_in(3)
@pytest.mark.parametrize(("video", "kind"), FILMS, ids=str)
def test_a_film_is_what_was_asked_for(tmp_path: Path, video: VideoCodec, kind: FileKind) -> None:
    """Frame for frame the master's, in BT.709, with its sound as loud as it is to be, and its checks say so."""
    plan = plan_of(delivery(video, kind=kind))
    done = made(plan, inputs(numbered_master(tmp_path), mix(tmp_path, 0.5), target=QUIET), tmp_path / "out")

    assert done.file.name == f"e01-web.{kind}"
    assert numbers(done.file) == list(range(FRAMES))
    boxed = {"faststart"} if kind in {FileKind.MP4, FileKind.MOV} else set()
    copied = {"colours"} if video is VideoCodec.COPY else set()
    assert set(done.facts.checks) == (CHECKS | boxed) - copied
    assert (done.facts.frames, done.facts.fps, done.facts.width, done.facts.height) == (FRAMES, 24, 128, 72)
    assert done.facts.lufs == pytest.approx(-23, abs=0.5)
    with av.open(str(done.file)) as container:
        stream = container.streams.video[0]
        context = stream.codec_context
        if video is not VideoCodec.COPY:
            assert (context.color_primaries, context.color_trc, context.colorspace, context.color_range) == (1, 1, 1, 1)
        if video is VideoCodec.PRORES:
            assert (context.codec_tag, context.pix_fmt) == (
                "apcn" if kind is FileKind.MOV else context.codec_tag,
                "yuv422p10le",
            )
        if video is VideoCodec.HEVC and kind is not FileKind.MKV:
            assert context.codec_tag == "hvc1"


@one_in(5)
@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1, VideoCodec.PRORES])
def test_frames_are_exact_at_every_rate(tmp_path: Path, video: VideoCodec, fps: str) -> None:
    """Each is there once, where its number says: the clock of the file counts frames."""
    rate = Fraction(fps)
    master = numbered_master(tmp_path, fps=fps)
    done = made(plan_of(delivery(video, fps=rate, audio=AudioCodec.NONE), fps=rate), inputs(master), tmp_path / "out")

    assert numbers(done.file) == list(range(FRAMES))
    with av.open(str(done.file)) as container:
        stream = container.streams.video[0]
        assert stream.average_rate == rate
        times = [frame.pts * frame.time_base for frame in container.decode(stream)]
    assert times == [number / rate for number in range(FRAMES)]


@one_in(3)
@pytest.mark.parametrize("fps", RATES)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.GIF, VideoCodec.WEBP])
def test_a_part_begins_and_ends_on_its_frames(tmp_path: Path, video: VideoCodec, fps: str) -> None:
    """Also where the master is entered behind its key frames: no frame early, none late."""
    rate = Fraction(fps)
    master = numbered_master(tmp_path, frames=50, fps=fps)
    wanted = delivery(video, fps=rate, audio=AudioCodec.NONE, begin="lamp/001", end="lamp/001")
    done = made(plan_of(wanted, lengths=(31, 7, 12), fps=rate), inputs(master), tmp_path / "out")

    found = numbers(done.file) if video is VideoCodec.H264 else shown(done.file)
    assert found == list(range(31, 38))


@pytest.mark.parametrize(
    ("video", "fps", "expected"),
    [
        (VideoCodec.GIF, Fraction(12), [0, 2, 4, 6, 8, 10]),
        (VideoCodec.GIF, Fraction(10), [0, 3, 5, 8, 10]),
        (VideoCodec.WEBP, Fraction(8), [0, 3, 6, 9]),
    ],
)
def test_fewer_frames_are_those_whose_turn_it_is(
    tmp_path: Path, video: VideoCodec, fps: Fraction, expected: list[int]
) -> None:
    """Of each moment the first frame at or after it; the file lasts as long as what it shows."""
    done = made(plan_of(delivery(video, fps=fps)), inputs(numbered_master(tmp_path)), tmp_path / "out")

    assert shown(done.file) == expected
    assert done.facts.duration_s == Decimal(len(expected)) / Decimal(fps.numerator)
    assert done.facts.checks == ("decodes", "frames", "size")


def test_a_still_picture_lasts_as_long_in_a_webp(tmp_path: Path) -> None:
    """It joins what does not move into one frame, which is no mistake."""
    master = numbered_master(tmp_path, frames=1)
    with av.open(str(master)) as container:
        picture = next(container.decode(video=0)).to_image()
    still = drawn_master(tmp_path / "still.mp4", [picture] * FRAMES)
    for video in (VideoCodec.WEBP, VideoCodec.GIF):
        done = made(plan_of(delivery(video)), inputs(still), tmp_path / video)
        assert done.facts.duration_s == Decimal("0.5")


SOUNDS = [(audio, kind) for kind, holds in HOLDS.items() for audio in holds.audio if not holds.video]
BESIDE = [(audio, kind) for kind, holds in HOLDS.items() for audio in holds.audio if holds.video]


@one_in(2)
@pytest.mark.parametrize(("audio", "kind"), SOUNDS, ids=str)
def test_sound_alone_has_every_sample(tmp_path: Path, audio: AudioCodec, kind: FileKind) -> None:
    """Of the part that was asked for; what loses nothing has it to the sample."""
    wanted = delivery(VideoCodec.NONE, kind=kind, audio=audio, begin=Decimal("0.25"))
    tone = mix(tmp_path, 0.75)
    done = made(plan_of(wanted, lengths=(18,)), inputs(tone, tone, target=QUIET), tmp_path / "out")

    assert {"streams", "decodes", "sound", "loudness", "peak"} <= set(done.facts.checks)
    assert (done.facts.width, done.facts.frames, done.facts.duration_s) == (None, None, Decimal("0.5"))
    if audio in {AudioCodec.PCM, AudioCodec.FLAC}:
        with av.open(str(done.file)) as container:
            stream = container.streams.audio[0]
            assert sum(frame.samples for frame in container.decode(stream)) == 24_000
            assert stream.format.name in {"s32", "s24", "s24le"}


@one_in(3)
@pytest.mark.parametrize(("audio", "kind"), BESIDE, ids=str)
def test_every_sound_lies_beside_a_picture(tmp_path: Path, audio: AudioCodec, kind: FileKind) -> None:
    """In each kind of file that holds both."""
    video = VideoCodec.AV1 if kind is FileKind.WEBM else VideoCodec.H264
    plan = plan_of(delivery(video, kind=kind, audio=audio))
    done = made(plan, inputs(numbered_master(tmp_path), mix(tmp_path, 0.5), target=QUIET), tmp_path / "out")
    assert {"frames", "sound", "loudness", "peak"} <= set(done.facts.checks)


@one_in(2)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1])
def test_a_bit_rate_is_held(tmp_path: Path, video: VideoCodec) -> None:
    """Twenty times the rate is a larger file, as far as there is anything to say; neither has another frame."""
    sizes = []
    for mbps in (Decimal("0.05"), Decimal(1)):
        plan = plan_of(delivery(video, mbps=mbps, audio=AudioCodec.NONE))
        done = made(plan, inputs(numbered_master(tmp_path)), tmp_path / str(mbps))
        assert done.facts.frames == FRAMES
        sizes.append(done.facts.bytes)
    assert sizes[1] > 1.1 * sizes[0]


@one_in(2)
@pytest.mark.parametrize("video", [VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1, VideoCodec.WEBP])
def test_qualities_are_in_order(tmp_path: Path, video: VideoCodec) -> None:
    """The better, the larger, whatever numbers its encoder counts in."""
    master = numbered_master(tmp_path)
    sizes = [
        made(plan_of(delivery(video, quality=each, audio=AudioCodec.NONE)), inputs(master), tmp_path / each).facts.bytes
        for each in (Quality.HIGH, Quality.GOOD, Quality.SMALL)
    ]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) == 3


def test_tracks_of_words_have_their_languages(tmp_path: Path) -> None:
    """In order, each marked as the container calls it, with its lines at their times."""
    files = {}
    for language, line in (("en", "One more winter."), ("zh-Hans", "再一个冬天。")):
        files[language] = tmp_path / f"{language}.srt"
        files[language].write_text(f"1\n00:00:00,100 --> 00:00:00,400\n{line}\n", encoding="utf-8")
    master = numbered_master(tmp_path)
    for kind, codes in (
        (FileKind.MP4, ["eng", "zho"]),
        (FileKind.MKV, ["eng", "zho"]),
        (FileKind.MOV, ["eng", "chi"]),
        (FileKind.WEBM, None),
    ):
        video = VideoCodec.AV1 if kind is FileKind.WEBM else VideoCodec.H264
        wanted = delivery(video, kind=kind, audio=AudioCodec.NONE, soft=("en", "zh-Hans"))
        done = made(plan_of(wanted), inputs(master, soft=files), tmp_path / kind)
        with av.open(str(done.file)) as container:
            tracks = container.streams.subtitles
            assert codes is None or [track.language for track in tracks] == codes
            packets = [packet for packet in container.demux(*tracks) if packet.size > 2]
            assert [(float(each.pts * each.time_base), float(each.duration * each.time_base)) for each in packets] == [
                (0.1, 0.3)
            ] * 2
            assert "再一个冬天。".encode() in b"".join(map(bytes, packets))


def test_burnt_words_are_in_the_picture_while_they_are_said(tmp_path: Path) -> None:
    """On the frames of their time and on no other, in the delivery's own size."""
    master = drawn_master(tmp_path / "grey.mp4", [Image.new("RGB", (128, 72), "#404040")] * FRAMES)
    words = tmp_path / "words.srt"
    words.write_text("1\n00:00:00,120 --> 00:00:00,240\nWINTER\n")
    plan = plan_of(delivery(audio=AudioCodec.NONE, burnt="en"))
    done = made(plan, inputs(master, burnt=words), tmp_path / "out")
    with av.open(str(done.file)) as container:
        brightest = [max(frame.to_image().convert("L").get_flattened_data()) for frame in container.decode(video=0)]
    assert [value > 90 for value in brightest] == [3 <= number < 6 for number in range(FRAMES)]
