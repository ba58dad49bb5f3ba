"""Looks at a delivery after it is made: is it, to its last frame, what was asked for?

Everything is read from the file as it would be handed over. The first thing that is wrong is raised.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.deliveries.box_order import is_faststart
from render.deliveries.encoder_settings import BOXED
from render.deliveries.heard_loudness import Heard
from render.deliveries.label_checks import checked_labels
from render.errors import MediaError, UnfitDelivery
from render.markers.labels import Labels
from render.media.av_input import need_picture, opened, sound_of
from render.media.decoding import Watch, Watched
from render.media.stream_traits import BT709
from storyboard.delivery_formats import AudioCodec, FileKind, VideoCodec
from storyboard.languages import is_iso_639_2, quicktime_language
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.delivery_plan import DeliveryPlan

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

LOUDNESS_WITHIN_LU = 0.5
"""How far a delivery may be from its target."""

_PEAK_ROUNDING_DB = 0.05  # of what the meter tells
_LATE_AT_MOST_S = Fraction(1, 10)  # a lossy codec's last block may reach beyond the picture
_NAMED = {
    "h264": VideoCodec.H264,
    "hevc": VideoCodec.HEVC,
    "av1": VideoCodec.AV1,
    "libdav1d": VideoCodec.AV1,
    "prores": VideoCodec.PRORES,
    "aac": AudioCodec.AAC,
    "opus": AudioCodec.OPUS,
    "libopus": AudioCodec.OPUS,
    "pcm_s24le": AudioCodec.PCM,
    "mp3": AudioCodec.MP3,
    "mp3float": AudioCodec.MP3,
    "flac": AudioCodec.FLAC,
}


def checked(plan: DeliveryPlan, file: Path, labels: Labels | None = None) -> tuple[str, ...]:
    """What was looked at in a delivery and is right, in words. `labels` are what it is to tell of itself.

    Raises UnfitDelivery.
    """
    if plan.picture is not None and plan.picture.codec in {VideoCodec.GIF, VideoCodec.WEBP}:
        from render.deliveries.picture_file_checks import checked_pictures

        return tuple(checked_pictures(plan, file))
    try:
        with opened(file) as container:
            told = () if labels is None else checked_labels(plan, container, labels)
            return (*_film(plan, file, container), *told)
    except UnfitDelivery:
        raise
    except MediaError as error:
        raise UnfitDelivery(plan.name, f"it does not decode to its end: {error.message}") from error


def checked_loudness(plan: DeliveryPlan, heard: Heard, target: LoudnessTarget) -> tuple[str, ...]:
    """The same of how loud it is. Raises UnfitDelivery."""
    if heard.is_silent:
        return ("silent",)
    if not target.dialogue:
        off = abs(heard.lufs - float(target.lufs))
        if off > LOUDNESS_WITHIN_LU:
            raise UnfitDelivery(plan.name, f"it came out at {heard.lufs:.1f} LUFS instead of {target.lufs}")
    if heard.peak_dbtp > float(target.true_peak_db) + _PEAK_ROUNDING_DB:
        raise UnfitDelivery(plan.name, f"it peaks at {heard.peak_dbtp:.1f} dBTP, above its {target.true_peak_db}")
    return ("peak",) if target.dialogue else ("loudness", "peak")


def _film(plan: DeliveryPlan, file: Path, container: InputContainer) -> Iterator[str]:
    picture = None if plan.picture is None else need_picture(container, file)
    sound = None if plan.delivery.sound is None else sound_of(container)
    _streams(plan, container)
    yield "streams"
    watched = Watch(container=container, path=file, picture=picture, sound=sound).whole()
    yield "decodes"
    if picture is not None:
        _frames(plan, watched, picture)
        yield "frames"
        _size(plan, watched)
        yield "size"
        if plan.picture is not None and plan.picture.codec is not VideoCodec.COPY:
            _colours(plan, watched)
            yield "colours"
    if sound is not None:
        _sound(plan, watched)
        yield "sound"
    if plan.delivery.kind in BOXED:
        if not is_faststart(file):
            raise UnfitDelivery(plan.name, "its index stands behind its media, so it would not play while it loads")
        yield "faststart"


def _streams(plan: DeliveryPlan, container: InputContainer) -> None:
    """One picture, one sound, and a track for each language; no more."""
    delivery, found = plan.delivery, container.streams
    wanted = (int(plan.picture is not None), int(delivery.sound is not None), len(delivery.soft))
    there = (len(found.video), len(found.audio), len(found.subtitles))
    if there != wanted or len(found) - _chapter_tracks(container) != sum(wanted):
        raise UnfitDelivery(plan.name, f"it has {_told(there)} instead of {_told(wanted)}")
    if plan.picture is not None and plan.picture.codec is not VideoCodec.COPY:
        _codec(plan, found.video[0].codec_context.name, plan.picture.codec)
        tag = found.video[0].codec_context.codec_tag
        if plan.picture.codec is VideoCodec.HEVC and delivery.kind in BOXED and tag != "hvc1":
            raise UnfitDelivery(plan.name, f"its picture is marked {tag} instead of hvc1")
    if delivery.sound is not None:
        _codec(plan, found.audio[0].codec_context.name, delivery.sound.codec)
        if (found.audio[0].rate, len(found.audio[0].layout.channels)) != (48_000, 2):
            raise UnfitDelivery(plan.name, "its sound is not stereo at 48 kHz")
    _soft_tracks(plan, container)


def _soft_tracks(plan: DeliveryPlan, container: InputContainer) -> None:
    """Each track of subtitles is marked with its language; QuickTime has no marks for some."""
    for language, track in zip(plan.delivery.soft, container.streams.subtitles, strict=True):
        unknown = plan.delivery.kind is FileKind.MOV and quicktime_language(language) == "und"
        if not (is_iso_639_2(track.language, language) or unknown):
            raise UnfitDelivery(plan.name, f"its subtitles in {language} are marked {track.language}")


def _chapter_tracks(container: InputContainer) -> int:
    """Tracks of text in which an MP4 or a QuickTime file keeps its chapters: one, where it has any."""
    return min(1, len(container.chapters()), len(container.streams.data))


def _codec(plan: DeliveryPlan, found: str, wanted: VideoCodec | AudioCodec) -> None:
    if _NAMED.get(found) is not wanted:
        raise UnfitDelivery(plan.name, f"it came out as {found} instead of {wanted}")


def _frames(plan: DeliveryPlan, watched: Watched, stream: VideoStream) -> None:
    """As many as the plan has, each where its number says, within a tick of the file's clock."""
    assert plan.picture is not None
    if len(watched.times) != plan.frames:
        raise UnfitDelivery(plan.name, f"it came out with {len(watched.times)} frames instead of {plan.frames}")
    tick_s = stream.time_base or Fraction(1, 1000)
    first = watched.times[0]
    for number, at in enumerate(watched.times):
        if abs((at - first) * tick_s - number / plan.picture.fps) > tick_s:
            raise UnfitDelivery(plan.name, f"its frame {number} is shown at {float((at - first) * tick_s):.4f} s")


def _size(plan: DeliveryPlan, watched: Watched) -> None:
    assert plan.picture is not None
    if watched.size != (wanted := (plan.picture.width, plan.picture.height)):
        raise UnfitDelivery(plan.name, f"its frames are {watched.size} pixels instead of {wanted}")


def _colours(plan: DeliveryPlan, watched: Watched) -> None:
    encoded = watched.encoded
    if encoded is None or set(encoded.colours[1:]) != {BT709} or encoded.full_range:
        raise UnfitDelivery(
            plan.name, f"its colours are tagged {encoded and encoded.colours}, not BT.709 for television"
        )


def _sound(plan: DeliveryPlan, watched: Watched) -> None:
    """As long as the picture: blocks of a codec may reach beyond it by less than a tenth of a second."""
    off = watched.heard_s - plan.duration_s
    if not -Fraction(1, 1000) <= off <= _LATE_AT_MOST_S:
        raise UnfitDelivery(
            plan.name, f"its sound lasts {float(watched.heard_s):.3f} s instead of {float(plan.duration_s):.3f}"
        )


def _told(counts: tuple[int, ...]) -> str:
    names = ("picture", "sound", "subtitle track")
    return ", ".join(f"{count} {name}{'s' * (count != 1)}" for count, name in zip(counts, names, strict=True))
