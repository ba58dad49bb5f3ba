"""What is wrong with one delivery as it is written: which of its values, and what to write instead. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from storyboard.delivery_formats import (
    HOLDS,
    KBPS,
    LEAST_SIDE_OF_AV1,
    MOST_FPS_OF_A_GIF,
    RATED,
    SCALABLE,
    SLOWED,
    AudioCodec,
    FileKind,
    VideoCodec,
    kinds_for,
    usual_audio,
    usual_kind,
)
from storyboard.framing import AUTO
from storyboard.model.delivery_items import AudioItem, DeliveryFile, VideoItem
from storyboard.shot import MasterFormat

Path = tuple[str | int, ...]
Problem = tuple[Path, str]
"""Where in the delivery, and a sentence."""

_OF_PICTURES = ("width", "height", "short_side", "ratio", "reframe", "quality", "mbps", "fps", "profile")
_KEEPS_FRAMES = frozenset(VideoCodec) - SLOWED - {VideoCodec.COPY, VideoCodec.NONE}
_LOSSLESS = ", ".join(codec.value for codec in AudioCodec if codec not in {*KBPS, AudioCodec.NONE})


def kind_of(item: DeliveryFile) -> FileKind:
    """What file it becomes."""
    return item.container or usual_kind(item.video.codec, None if item.audio is None else item.audio.codec)


def audio_of(item: DeliveryFile) -> AudioCodec:
    """How its sound is encoded."""
    return usual_audio(item.video.codec, kind_of(item)) if item.audio is None else item.audio.codec


def problems(item: DeliveryFile, size: tuple[int, int], master: MasterFormat) -> Iterator[Problem]:
    """Everything that is wrong with it by itself. `size` is what its picture would have, in pixels."""
    yield from _pairs(item)
    yield from _picture(item.video)
    yield from _size(item.video, size)
    yield from _rate(item.video, master)
    if item.audio is not None:
        yield from _sound(item.audio)
    yield from _beside(item)
    yield from _range(item)


def _pairs(item: DeliveryFile) -> Iterator[Problem]:
    """Whether the kind of file holds the picture, and the sound."""
    video, kind, audio = item.video.codec, kind_of(item), audio_of(item)
    if video is VideoCodec.NONE and audio is AudioCodec.NONE:
        yield ("audio",), "this delivery has neither picture nor sound; give it one of them"
    elif video is VideoCodec.NONE and HOLDS[kind].video:
        usual = kinds_for(video, audio)[0]
        yield ("container",), f"sound alone is no {kind}; write `container: {usual}`, or leave it out"
    elif video is not VideoCodec.NONE and video not in HOLDS[kind].video:
        yield ("container",), f"{_a(kind)} cannot hold {video}{_instead('container', kinds_for(video))}"
    elif audio is not AudioCodec.NONE and audio not in HOLDS[kind].audio:
        if not HOLDS[kind].audio:
            yield ("audio",), f"{_a(kind)} has no sound; remove `audio`"
        else:
            others = f", or {_in_words('container', kinds_for(video, audio))}" if kinds_for(video, audio) else ""
            fitting = _in_words("audio", HOLDS[kind].audio)
            yield ("audio",), f"{_a(kind)} cannot hold {audio} here; write {fitting}{others}"


def _picture(video: VideoItem) -> Iterator[Problem]:
    codec, written = video.codec, [name for name in _OF_PICTURES if getattr(video, name) is not None]
    if codec in {VideoCodec.COPY, VideoCodec.NONE}:
        why = "the master's picture is copied as it is" if codec is VideoCodec.COPY else "there is no picture"
        for name in written:
            yield ("video", name), f"{why}, so `{name}` changes nothing; remove it, or name a codec"
        return
    if video.profile is not None and codec is not VideoCodec.PRORES:
        yield ("video", "profile"), f"{codec} has no `profile`: that is of prores; write a `quality`"
    if video.quality is not None and codec not in SCALABLE:
        yield ("video", "quality"), f"{codec} has no `quality`; write a `profile`: proxy, lt, standard or hq"
    if video.mbps is not None and codec not in RATED:
        yield ("video", "mbps"), f"{codec} cannot be held to a bit rate; {_in_words('codec', tuple(RATED))} can"
    elif video.mbps is not None and video.quality is not None:
        yield ("video", "mbps"), "`mbps` and `quality` say the same thing in two ways; keep one of them"


def _size(video: VideoItem, size: tuple[int, int]) -> Iterator[Problem]:
    for name in ("width", "height", "short_side"):
        pixels = getattr(video, name)
        if pixels is not None and pixels % 2:
            yield ("video", name), f"`{name}` must be even, as video encoders need; write {pixels - 1} or {pixels + 1}"
    if video.ratio == AUTO:
        yield ("video", "ratio"), 'a delivery has a shape of its own: write a ratio such as "9:16", or leave it out'
    if video.short_side is not None and (video.width, video.height) != (None, None):
        yield ("video", "short_side"), "`short_side` takes the place of `width` and `height`; keep one way to say it"
    elif video.ratio is not None and None not in (video.width, video.height):
        yield ("video", "ratio"), "`width` and `height` make a ratio already; remove one of the three"
    if max(size) > 8192 or min(size) < 16:
        yield ("video",), f"its picture would be {size[0]}x{size[1]} pixels; from 16 to 8192 on each side can be made"
    elif video.codec is VideoCodec.AV1 and min(size) < LEAST_SIDE_OF_AV1:
        least = LEAST_SIDE_OF_AV1
        yield ("video",), f"its picture would be {size[0]}x{size[1]} pixels, and av1 takes no side below {least}"


def _rate(video: VideoItem, master: MasterFormat) -> Iterator[Problem]:
    fps, told = video.fps or master.fps, f"{float(master.fps):g}"
    if video.codec is VideoCodec.GIF and fps > MOST_FPS_OF_A_GIF:
        remedy = f"write `fps: {MOST_FPS_OF_A_GIF // 2}` in `video`"
        yield ("video", "fps"), f"a gif shows at most {MOST_FPS_OF_A_GIF} frames a second; {remedy}"
    elif video.codec in SLOWED and fps > master.fps:
        yield ("video", "fps"), f"the master has {told} frames a second; write as many, or fewer"
    elif video.codec in _KEEPS_FRAMES and fps != master.fps:
        why = f"the master has {told} frames a second, and {video.codec} keeps every one of them"
        yield ("video", "fps"), f"{why}; remove `fps` (of gif and webp it may be lower)"


def _sound(audio: AudioItem) -> Iterator[Problem]:
    if audio.kbps is not None and audio.codec not in KBPS:
        why = "there is no sound" if audio.codec is AudioCodec.NONE else f"{_LOSSLESS} lose nothing"
        yield ("audio", "kbps"), f"{why}, so `kbps` changes nothing; remove it"
    elif audio.kbps is not None and audio.codec is AudioCodec.MP3 and audio.kbps > 320:
        yield ("audio", "kbps"), "mp3 has at most 320 kilobits a second"


def _beside(item: DeliveryFile) -> Iterator[Problem]:
    """Subtitles and loudness, where there is nothing that could have them."""
    words, codec = item.subtitles, item.video.codec
    if words.soft and not HOLDS[kind_of(item)].subtitles:
        remedy = "remove them" if codec is VideoCodec.NONE else "write them as `subtitles: {burnt: LANGUAGE}`"
        yield ("subtitles",), f"{_a(kind_of(item))} has no subtitle tracks; {remedy}"
    if words.burnt is not None and codec is VideoCodec.COPY:
        yield ("subtitles", "burnt"), "a copied picture cannot be drawn into; name a codec, or write them as `soft`"
    if words.burnt is not None and codec is VideoCodec.NONE:
        yield ("subtitles", "burnt"), "there is no picture to draw them into; remove `burnt`"
    if twice := sorted({tag for tag in words.soft if words.soft.count(tag) > 1}):
        yield ("subtitles", "soft"), f"`soft` names {twice[0]} twice"
    if item.loudness is not None and audio_of(item) is AudioCodec.NONE:
        yield ("loudness",), "there is no sound that could be as loud; remove `loudness`"


def _range(item: DeliveryFile) -> Iterator[Problem]:
    for name, moment in (("from", item.from_), ("to", item.to)):
        if moment is not None and item.video.codec is VideoCodec.COPY:
            yield (name,), "a copied picture is the whole one: it can be entered at key frames only; name a codec"
            return
    if isinstance(item.from_, Decimal) and isinstance(item.to, Decimal) and item.to <= item.from_:
        yield ("to",), f"it begins at {item.from_} s and would end at {item.to} s; `to` must be later"


def _a(kind: FileKind) -> str:
    return f"an {kind}" if kind.value[0] in "mo" and kind is not FileKind.MOV else f"a {kind}"


def _instead(key: str, choices: tuple[FileKind, ...]) -> str:
    return f"; write {_in_words(key, choices)}, or leave it out" if choices else ""


def _in_words(key: str, choices: tuple[str, ...]) -> str:
    names = sorted(str(each) for each in choices) if key == "codec" else [str(each) for each in choices]
    return " or ".join(filter(None, (", ".join(f"`{key}: {name}`" for name in names[:-1]), f"`{key}: {names[-1]}`")))
