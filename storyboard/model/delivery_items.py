"""What is handed over beside the master, as it is written: a list of deliveries, and what a narrower picture shows."""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainValidator, StrictInt

from storyboard.deliveries import ANCHORS
from storyboard.delivery_formats import AudioCodec, FileKind, ProresProfile, Quality, Reframe, VideoCodec
from storyboard.model.fields import SHOT_KEY, AspectRatio, FrameRate, Number, Slug, Written, wrong
from storyboard.model.sound import LoudnessItem
from storyboard.model.subtitles import LanguageTag
from storyboard.sounds import LOUDNESS

_MOST_SECONDS = 36_000

Side = Annotated[StrictInt, Field(ge=16, le=8192)]
Share = Annotated[Number, Field(ge=0, le=1)]


def _or_codec(written: Any) -> Any:
    return {"codec": written} if isinstance(written, str) else written


def _or_languages(written: Any) -> Any:
    if isinstance(written, str):
        return {"soft": (written,)}
    return {"soft": written} if isinstance(written, list) else written


def _moment(written: Any) -> Decimal | str:
    if isinstance(written, str) and re.fullmatch(SHOT_KEY, written):
        return written
    if isinstance(written, bool) or not isinstance(written, int | Decimal | float) or not 0 <= written <= _MOST_SECONDS:
        raise wrong("must be a number of seconds from 0 to 36,000, or a shot as SCENE/SHOT")
    return Decimal(str(written))


def _or_named_loudness(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    if written not in LOUDNESS:
        raise wrong(f"must be {', '.join(LOUDNESS)}, or numbers: {{lufs: -16, true_peak_db: -1}}")
    named = LOUDNESS[written]
    return {"lufs": named.lufs, "true_peak_db": named.true_peak_db, "dialogue": named.dialogue}


def _or_named_point(written: Any) -> Any:
    if not isinstance(written, str):
        return written
    if written not in ANCHORS:
        raise wrong(f"must be {', '.join(ANCHORS)}, or a point: {{x: 0.3, y: 0.5}}")
    return {"x": _share(ANCHORS[written].x), "y": _share(ANCHORS[written].y)}


def _share(exact: Fraction) -> Decimal:
    return Decimal(exact.numerator) / exact.denominator


class VideoItem(Written):
    """The picture of a delivery: the codec alone, or this."""

    codec: VideoCodec = Field(
        VideoCodec.H264,
        description="h264, hevc, av1, prores (422), gif, webp (animated), copy (the master's own picture, as it is) or "
        "none (sound alone). By default h264.",
    )
    profile: ProresProfile | None = Field(
        None, description="Of prores: proxy, lt, standard or hq. By default standard."
    )
    width: Side | None = Field(None, description="Width in pixels; an even number. The height follows from the ratio.")
    height: Side | None = Field(None, description="Height in pixels; an even number. The width follows from the ratio.")
    short_side: Side | None = Field(
        None,
        description="The shorter side in pixels, in place of both: 1080 is 1920x1080, and 1080x1920 at 9:16. By "
        "default the master's.",
    )
    ratio: AspectRatio | None = Field(None, description='Shape of the picture, as "9:16". By default the master\'s.')
    reframe: Reframe | None = Field(
        None,
        description="How the master fills another shape: crop (a window that keeps each shot's `focus` in it), pad "
        "(whole, beside black) or blur (whole, beside itself, blurred). By default crop.",
    )
    quality: Quality | None = Field(
        None, description="high, good or small, whatever the codec; not of prores. By default good."
    )
    mbps: Annotated[Number, Field(ge=0.05, le=400)] | None = Field(
        None, description="Bit rate in megabits a second, in place of a quality; encoded in two passes."
    )
    fps: FrameRate | None = Field(
        None, description="Frames per second: the master's, which is the default; of gif and webp also fewer."
    )


class AudioItem(Written):
    """The sound of a delivery: the codec alone, or this."""

    codec: AudioCodec = Field(description="aac, opus, pcm (24 bits), mp3, flac (24 bits) or none.")
    kbps: Annotated[StrictInt, Field(ge=32, le=512)] | None = Field(
        None, description="Bit rate in kilobits a second, of aac, opus and mp3. By default 192, of opus 128."
    )


class DeliverySubtitles(Written):
    """The subtitles of a delivery: languages alone, which are soft, or this."""

    soft: Annotated[tuple[LanguageTag, ...], Field(max_length=30)] = Field(
        (), description="Languages of subtitle tracks that a viewer may switch on; not of gif, webp and sound alone."
    )
    burnt: LanguageTag | None = Field(None, description="The language of subtitles that are drawn into the picture.")


Loudness = Annotated[
    LoudnessItem,
    BeforeValidator(_or_named_loudness, json_schema_input_type=Literal["web", "broadcast", "streaming"] | LoudnessItem),
]
Moment = Annotated[
    Decimal | str,
    PlainValidator(
        _moment,
        json_schema_input_type=Annotated[float, Field(ge=0, le=_MOST_SECONDS)]
        | Annotated[str, Field(pattern=SHOT_KEY)],
    ),
]


class DeliveryFile(Written):
    """One file that is handed over beside the master, `EPISODE-NAME` with the ending of its kind."""

    name: Slug = Field(description="Its name, used once: a part of its file's name.")
    video: Annotated[VideoItem, BeforeValidator(_or_codec, json_schema_input_type=VideoCodec | VideoItem)] = Field(
        VideoItem(), description="Its picture: a codec, or more than that. By default h264."
    )
    audio: Annotated[AudioItem, BeforeValidator(_or_codec, json_schema_input_type=AudioCodec | AudioItem)] | None = (
        Field(
            None,
            description="Its sound: a codec, or more than that. By default aac, with prores pcm, in a webm "
            "opus, in a gif or webp none.",
        )
    )
    container: FileKind | None = Field(
        None, description="The kind of file. By default mp4; mov for prores; of sound alone what its codec names."
    )
    loudness: Loudness | None = Field(
        None,
        description="web (-14 LUFS, -1 dBTP), broadcast (-23, -1), streaming (-27 on dialogue, -2), or numbers. By "
        "default the master's.",
    )
    subtitles: Annotated[
        DeliverySubtitles,
        BeforeValidator(_or_languages, json_schema_input_type=LanguageTag | list[LanguageTag] | DeliverySubtitles),
    ] = Field(DeliverySubtitles(), description="Its subtitles: languages, which are soft, or more than that.")
    from_: Moment | None = Field(
        None,
        alias="from",
        description="Where it begins: seconds, or a shot as SCENE/SHOT. By default with the episode.",
    )
    to: Moment | None = Field(
        None, description="Where it ends: seconds, or the shot that is its last. By default with the episode."
    )


Deliveries = Annotated[tuple[DeliveryFile, ...], Field(max_length=50)]


class FocusPoint(Written):
    """A point of the picture: 0 is left and top, 1 right and bottom."""

    x: Share = Field(description="How far from the left, 0 to 1.")
    y: Share = Field(description="How far from the top, 0 to 1.")


Focus = Annotated[
    FocusPoint,
    BeforeValidator(
        _or_named_point, json_schema_input_type=Literal["left", "center", "right", "top", "bottom"] | FocusPoint
    ),
]
"""A point, or its name."""
