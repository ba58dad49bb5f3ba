"""How each codec is set: ffmpeg's options for a picture, a sound and a file, as plain data.

Every encoder is told how many threads to use wherever that changes its output: x264 always, x265 by its frame threads,
SVT-AV1 where it holds to a bit rate. So a machine of two processors writes the same bytes as one of sixty-four.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from render.media.frame_rate import timescale
from render.media.sound_samples import SOUND_RATE
from storyboard.deliveries import PictureFormat, SoundFormat
from storyboard.delivery_formats import AudioCodec, FileKind, ProresProfile, Quality, VideoCodec
from storyboard.timeline.delivery_plan import DeliveryPlan

RECIPE: Final = "deliveries-1"
"""A part of every delivery's key. Changes with anything below and in `picture_graph`."""

Options = Mapping[str, object]

ENCODERS: Final = MappingProxyType(
    {
        VideoCodec.H264: "libx264",
        VideoCodec.HEVC: "libx265",
        VideoCodec.AV1: "libsvtav1",
        VideoCodec.PRORES: "prores_ks",
        VideoCodec.GIF: "gif",
        VideoCodec.WEBP: "libwebp_anim",
        AudioCodec.AAC: "aac",
        AudioCodec.OPUS: "libopus",
        AudioCodec.PCM: "pcm_s24le",
        AudioCodec.MP3: "libmp3lame",
        AudioCodec.FLAC: "flac",
    }
)

MUXERS: Final = MappingProxyType(
    {
        FileKind.MP4: "mp4",
        FileKind.MOV: "mov",
        FileKind.MKV: "matroska",
        FileKind.WEBM: "webm",
        FileKind.GIF: "gif",
        FileKind.WEBP: "webp",
        FileKind.M4A: "ipod",
        FileKind.MP3: "mp3",
        FileKind.FLAC: "flac",
        FileKind.WAV: "wav",
        FileKind.OPUS: "opus",
    }
)

PIXELS: Final = MappingProxyType({VideoCodec.PRORES: "yuv422p10le"})
"""What is not 4:2:0 of 8 bits."""

BOXED: Final = frozenset({FileKind.MP4, FileKind.MOV, FileKind.M4A})
"""Kinds of file whose index is one box, and whose clock follows from the frames."""

_TAGS = {
    "colorspace": "bt709",
    "color_primaries": "bt709",
    "color_trc": "bt709",
    "color_range": "tv",
}
_BITEXACT = {"map_metadata": -1, "map_chapters": -1, "fflags": "+bitexact"}
_SUBTITLES = {FileKind.MP4: "mov_text", FileKind.MOV: "mov_text", FileKind.MKV: "subrip", FileKind.WEBM: "webvtt"}
_PRORES = {ProresProfile.PROXY: 0, ProresProfile.LT: 1, ProresProfile.STANDARD: 2, ProresProfile.HQ: 3}
_X264_THREADS = 8
_X265 = "log-level=error:info=0:pools=4:frame-threads=2"


def passes(plan: DeliveryPlan) -> int:
    """How often its picture is encoded: twice where it is held to a bit rate."""
    return 2 if plan.picture is not None and plan.picture.mbps is not None else 1


@dataclass(frozen=True, slots=True)
class Passing:
    """One pass of the encoder: its number, and the name of the log by which two of them know each other."""

    number: int = 1
    log: str = ""


def picture_options(plan: DeliveryPlan, passing: Passing = Passing()) -> Options:
    """How its picture is encoded, alone in a file of its kind."""
    picture = plan.picture
    assert picture is not None
    chosen: dict[str, object] = dict(_OF_CODEC[picture.codec](plan, picture, passing))
    if picture.codec not in {VideoCodec.GIF, VideoCodec.WEBP}:
        chosen |= {**_TAGS, "fps_mode": "passthrough", "flags:v": "+bitexact"}
    return {"c:v": ENCODERS[picture.codec], **chosen, **_BITEXACT, "format": MUXERS[plan.delivery.kind]}


def sound_options(sound: SoundFormat) -> Options:
    """How its sound is encoded: stereo at 48 kHz."""
    chosen: dict[str, object] = {"c:a": ENCODERS[sound.codec], "ar": SOUND_RATE, "ac": 2, "flags:a": "+bitexact"}
    if sound.kbps is not None:
        chosen["b:a"] = f"{sound.kbps}k"
    if sound.codec is AudioCodec.FLAC:
        chosen |= {"sample_fmt": "s32", "bits_per_raw_sample": 24}
    return chosen


def file_options(plan: DeliveryPlan) -> Options:
    """How the file is written: what plays it at once comes first, and nothing in it tells when it was made."""
    kind = plan.delivery.kind
    chosen: dict[str, object] = {**_BITEXACT, "format": MUXERS[kind]}
    if kind in BOXED:
        chosen |= {"movflags": "+faststart"}
        if plan.picture is not None:
            chosen |= {"video_track_timescale": timescale(plan.picture.fps)}
    if plan.picture is not None and plan.picture.codec is VideoCodec.HEVC and kind in BOXED:
        chosen |= {"tag:v": "hvc1"}  # what Apple's players ask for
    if kind is FileKind.MP3:
        chosen |= {"id3v2_version": 3, "write_xing": 1}
    return chosen


def subtitle_codec(kind: FileKind) -> str:
    """How a track of subtitles is stored in this kind of file."""
    return _SUBTITLES[kind]


def _h264(plan: DeliveryPlan, picture: PictureFormat, passing: Passing) -> Options:
    return {
        "preset": "medium",
        "profile:v": "high",
        "g": _group(picture),
        "threads:v": _X264_THREADS,
        **_rate(plan, picture),
        **({"pass": passing.number, "passlogfile": passing.log} if picture.mbps else {}),
    }


def _hevc(plan: DeliveryPlan, picture: PictureFormat, passing: Passing) -> Options:
    paired = f":pass={passing.number}:stats={passing.log}" if picture.mbps else ""
    return {
        "preset": "medium",
        "profile:v": "main",
        "x265-params": f"{_X265}:keyint={_group(picture)}{paired}",
        **({"tag:v": "hvc1"} if plan.delivery.kind in BOXED else {}),  # what Apple's players ask for
        **_rate(plan, picture),
    }


def _av1(plan: DeliveryPlan, picture: PictureFormat, passing: Passing) -> Options:
    one_thread = {"pass": passing.number, "passlogfile": passing.log, "svtav1-params": "lp=1"}
    return {"preset": 8, "g": _group(picture), **_rate(plan, picture), **(one_thread if picture.mbps else {})}


def _prores(_: DeliveryPlan, picture: PictureFormat, __: Passing) -> Options:
    assert picture.profile is not None
    return {"profile:v": _PRORES[picture.profile], "vendor": "apl0"}


def _gif(_: DeliveryPlan, __: PictureFormat, ___: Passing) -> Options:
    return {"loop": 0}


def _webp(plan: DeliveryPlan, _: PictureFormat, __: Passing) -> Options:
    return {"quality": plan.crf, "compression_level": 4, "lossless": 0, "loop": 0, "threads:v": 1}


def _group(picture: PictureFormat) -> int:
    """Frames from one key frame to the next, at most: two seconds, for whoever jumps about."""
    return max(1, round(2 * picture.fps))


def _rate(plan: DeliveryPlan, picture: PictureFormat) -> Options:
    if picture.mbps is None:
        return {"crf": plan.crf}
    return {"b:v": int(picture.mbps * Decimal(1_000_000))}


_OF_CODEC: Final[Mapping[VideoCodec, Callable[[DeliveryPlan, PictureFormat, Passing], Options]]] = MappingProxyType(
    {
        VideoCodec.H264: _h264,
        VideoCodec.HEVC: _hevc,
        VideoCodec.AV1: _av1,
        VideoCodec.PRORES: _prores,
        VideoCodec.GIF: _gif,
        VideoCodec.WEBP: _webp,
    }
)

DITHERS: Final[Mapping[Quality, Options]] = MappingProxyType(
    {
        Quality.HIGH: {"dither": "sierra2_4a"},
        Quality.GOOD: {"dither": "bayer", "bayer_scale": 3, "diff_mode": "rectangle"},
        Quality.SMALL: {"dither": "bayer", "bayer_scale": 5, "diff_mode": "rectangle"},
    }
)
"""How a GIF mixes colours that it has not: the better, the larger."""
