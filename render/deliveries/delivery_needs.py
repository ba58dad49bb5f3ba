"""What deliveries need of ffmpeg beyond the cut, each only where one is asked for, and whether it is there.

Builds without an encoder of HEVC or AV1 are common. So it is asked before anything is ordered, and not when an episode
is paid for and cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

from render.deliveries.encoder_settings import ENCODERS, MUXERS, subtitle_codec
from render.errors import MediaError
from render.media.ffmpeg import ffmpeg_path
from render.media.ffmpeg_needs import Parts, missing, parts_of, remedy, told
from storyboard.deliveries import Delivery
from storyboard.delivery_formats import Reframe, VideoCodec

_PICTURE: Final = frozenset({"crop", "format", "fps", "scale", "select", "setparams", "setpts", "setsar", "trim"})
_SOUND: Final = frozenset({"ametadata", "apad", "aresample", "asetpts", "atrim", "ebur128", "volume"})
_REFRAMED: Final[Mapping[Reframe | None, frozenset[str]]] = MappingProxyType(
    {
        Reframe.CROP: frozenset({"interleave", "settb"}),
        Reframe.PAD: frozenset({"pad"}),
        Reframe.BLUR: frozenset({"gblur", "lutyuv", "overlay", "split"}),
    }
)
_GIF: Final = frozenset({"palettegen", "paletteuse"})


def parts_for(delivery: Delivery) -> Parts:
    """All that one delivery needs."""
    picture, sound = delivery.picture, delivery.sound
    encoders, filters = {*_encoders(delivery)}, set[str]()
    muxers, demuxers = {MUXERS[delivery.kind]}, set[str]()
    if picture is not None and picture.codec is not VideoCodec.COPY:
        filters |= _PICTURE | _REFRAMED.get(picture.reframe, frozenset())
        filters |= {"ass", "subtitles"} if delivery.burnt else set()
    if picture is not None and picture.codec is VideoCodec.GIF:
        filters |= _GIF
        encoders, muxers, demuxers = encoders | {"rawvideo"}, muxers | {"rawvideo"}, demuxers | {"rawvideo"}
    if sound is not None:
        filters |= _SOUND
        encoders, muxers, demuxers = encoders | {"pcm_s16le"}, muxers | {"md5"}, demuxers | {"wav"}
    if delivery.soft:
        demuxers.add("srt")
    found = {"encoder": encoders, "filter": filters, "muxer": muxers, "demuxer": demuxers}
    return {sort: frozenset(names) for sort, names in found.items()}


def need_for_deliveries(deliveries: Iterable[Delivery]) -> None:
    """Raises MediaError where the ffmpeg that would be used cannot make one of them: what it lacks, and what to do."""
    for delivery in deliveries:
        lacking = missing(parts_for(delivery), parts_of(ffmpeg_path()))
        if lacking:
            raise MediaError(
                f"the ffmpeg at {ffmpeg_path()} lacks {told(lacking)}, which the delivery {delivery.name} needs",
                f"{remedy()}, or take it out of `deliveries`",
            )


def _encoders(delivery: Delivery) -> Iterator[str]:
    if delivery.picture is not None and delivery.picture.codec is not VideoCodec.COPY:
        yield ENCODERS[delivery.picture.codec]
    if delivery.sound is not None:
        yield ENCODERS[delivery.sound.codec]
    if delivery.soft:
        yield subtitle_codec(delivery.kind)
