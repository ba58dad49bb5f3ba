"""The formats in which an episode may be handed over, and which of them go together.

One table says what a file of each kind can hold. The YAML is checked against it, plans and encoders go by it, and
`docs/deliveries.md` shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Final


class VideoCodec(StrEnum):
    """How the picture of a delivery is encoded."""

    H264 = "h264"
    HEVC = "hevc"
    AV1 = "av1"
    PRORES = "prores"
    GIF = "gif"
    WEBP = "webp"  # animated
    COPY = "copy"  # the master's own, as it is
    NONE = "none"  # sound alone


class AudioCodec(StrEnum):
    """How the sound of a delivery is encoded."""

    AAC = "aac"
    OPUS = "opus"
    PCM = "pcm"  # 24 bits
    MP3 = "mp3"
    FLAC = "flac"  # 24 bits
    NONE = "none"


class FileKind(StrEnum):
    """What file a delivery is; also the ending of its name."""

    MP4 = "mp4"
    MOV = "mov"
    MKV = "mkv"
    WEBM = "webm"
    GIF = "gif"
    WEBP = "webp"
    M4A = "m4a"
    MP3 = "mp3"
    FLAC = "flac"
    WAV = "wav"
    OPUS = "opus"


class ProresProfile(StrEnum):
    """The profiles of ProRes 422, from the smallest files to the largest."""

    PROXY = "proxy"
    LT = "lt"
    STANDARD = "standard"
    HQ = "hq"


class Quality(StrEnum):
    """How good a picture looks, whatever encodes it."""

    HIGH = "high"  # for further work, and for eyes that look for faults
    GOOD = "good"  # for watching
    SMALL = "small"  # for mail and slow networks


class Reframe(StrEnum):
    """How the master's picture fills one of another shape."""

    CROP = "crop"  # a window that shows what each shot's `focus` names
    PAD = "pad"  # whole, with black beside it
    BLUR = "blur"  # whole, with itself beside it, blurred


@dataclass(frozen=True, slots=True)
class Holds:
    """What a kind of file can hold; the first codecs are those that it has where a producer says nothing."""

    video: tuple[VideoCodec, ...]
    audio: tuple[AudioCodec, ...]
    subtitles: bool = False  # soft ones, as tracks of their own


_V, _A = VideoCodec, AudioCodec

HOLDS: Final[Mapping[FileKind, Holds]] = MappingProxyType(
    {
        FileKind.MP4: Holds((_V.H264, _V.HEVC, _V.AV1, _V.COPY), (_A.AAC, _A.OPUS, _A.MP3, _A.FLAC), subtitles=True),
        FileKind.MOV: Holds((_V.PRORES, _V.H264, _V.HEVC, _V.COPY), (_A.PCM, _A.AAC), subtitles=True),
        FileKind.MKV: Holds(
            (_V.H264, _V.HEVC, _V.AV1, _V.PRORES, _V.COPY),
            (_A.AAC, _A.OPUS, _A.PCM, _A.MP3, _A.FLAC),
            subtitles=True,
        ),
        FileKind.WEBM: Holds((_V.AV1,), (_A.OPUS,), subtitles=True),
        FileKind.GIF: Holds((_V.GIF,), ()),
        FileKind.WEBP: Holds((_V.WEBP,), ()),
        FileKind.M4A: Holds((), (_A.AAC,)),
        FileKind.MP3: Holds((), (_A.MP3,)),
        FileKind.FLAC: Holds((), (_A.FLAC,)),
        FileKind.WAV: Holds((), (_A.PCM,)),
        FileKind.OPUS: Holds((), (_A.OPUS,)),
    }
)
"""By kind of file. One that lists no video codec holds sound alone; one that lists no audio codec is silent."""

CHAPTERED: Final = frozenset(
    {
        FileKind.MP4,
        FileKind.MOV,
        FileKind.MKV,
        FileKind.WEBM,
        FileKind.M4A,
        FileKind.MP3,
        FileKind.OPUS,
    }
)
"""Kinds of file that hold chapters."""

TITLED: Final = CHAPTERED | {FileKind.FLAC, FileKind.WAV}
"""Kinds of file that say their title."""

SCALABLE: Final = frozenset({VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1, VideoCodec.GIF, VideoCodec.WEBP})
"""Codecs whose quality can be chosen; ProRes has profiles in place of it."""

RATED: Final = frozenset({VideoCodec.H264, VideoCodec.HEVC, VideoCodec.AV1})
"""Codecs that can be held to a bit rate."""

SLOWED: Final = frozenset({VideoCodec.GIF, VideoCodec.WEBP})
"""Those that may show fewer frames a second than the master."""

MOST_FPS_OF_A_GIF: Final = 50
"""Its frames last whole hundredths of a second, and browsers show what lasts less than two of them slowly."""

LEAST_SIDE_OF_AV1: Final = 64
"""Pixels of the smallest picture that its encoder is sure to take."""

KBPS: Final[Mapping[AudioCodec, int]] = MappingProxyType(
    {AudioCodec.AAC: 192, AudioCodec.OPUS: 128, AudioCodec.MP3: 192}
)
"""Bit rate of stereo, in kilobits a second, where a producer says nothing. What is not in here loses nothing."""


def usual_kind(video: VideoCodec, audio: AudioCodec | None) -> FileKind:
    """The file that a delivery of these becomes where a producer names none; `audio` None: not said."""
    if video is VideoCodec.NONE:
        alone = {kind: holds.audio for kind, holds in HOLDS.items() if not holds.video}
        usual = AudioCodec.AAC if audio in {None, AudioCodec.NONE} else audio
        return next(kind for kind, codecs in alone.items() if usual in codecs)
    if video is VideoCodec.PRORES:
        return FileKind.MOV
    return next(kind for kind, holds in HOLDS.items() if video in holds.video)


def usual_audio(video: VideoCodec, kind: FileKind) -> AudioCodec:
    """The sound that such a file has where a producer says nothing: for a mov of H.264 or HEVC, what phones play."""
    codecs = HOLDS[kind].audio
    if not codecs:
        return AudioCodec.NONE
    return AudioCodec.AAC if video is not VideoCodec.PRORES and AudioCodec.AAC in codecs else _of_prores(codecs)


def _of_prores(codecs: tuple[AudioCodec, ...]) -> AudioCodec:
    return AudioCodec.PCM if AudioCodec.PCM in codecs else codecs[0]


def kinds_for(video: VideoCodec, audio: AudioCodec = AudioCodec.NONE) -> tuple[FileKind, ...]:
    """The kinds of file that hold both."""
    return tuple(
        kind
        for kind, holds in HOLDS.items()
        if (video in holds.video if video is not VideoCodec.NONE else not holds.video)
        and (audio is AudioCodec.NONE or audio in holds.audio)
    )
