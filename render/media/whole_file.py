"""Decodes a reference whole before anything is paid for it: what ends half-way looks fine in its header.

Its length comes from there as well. Where a header agrees with what was decoded, its word is kept, as vendors go by it
too and as it is rounded less; where it says otherwise, or nothing, what was decoded counts.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import Damaged, MediaError
from render.media.av_input import need_picture, opened, picture_of, sound_of
from render.media.containers import container_of
from render.media.decoding import MOST_FRAMES, Progress, Watch, Watched
from render.media.file_endings import what_is_missing
from render.media.frame_rate import constant_rate
from render.media.measures import seconds
from render.media.pictures import decode_whole
from storyboard.shot import MediaKind

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.stream import Stream
    from av.video.stream import VideoStream

PATIENCE_S = 900.0
"""Seconds that one file may take to decode. An hour of film takes less on most machines."""

AGREED_S = Decimal("0.05")
"""Seconds. Headers round, and some count an encoder's silence in; one that is further off than this is not believed."""

_TOO_LONG = frozenset({"too_long", "slow"})


@dataclass(frozen=True, slots=True)
class Found:
    """What was decoded of a film or a sound; of a picture nothing has to be known beyond that it is whole."""

    picture_s: Decimal | None = None
    sound_s: Decimal | None = None
    fps: Fraction | None = None
    channels: int = 0  # of its sound


def decode(
    path: Path,
    *,
    patience_s: float = PATIENCE_S,
    most_frames: int = MOST_FRAMES,
    progress: Progress | None = None,
) -> Found:
    """Decode a picture, film or sound whole.

    `progress` is told the share that is done, 0 to 1. Raises MediaError where it is cut off, damaged or too long.
    """
    container = container_of(path)
    if container.demuxer is None:
        decode_whole(path)
        return Found()
    try:
        if missing := what_is_missing(path, container.demuxer):
            raise Damaged(f"{path.name} is cut off or damaged: it lacks {missing}", "truncated")
        with opened(path) as media:
            picture = need_picture(media, path) if container.kind is MediaKind.VIDEO and picture_of(media) else None
            watch = Watch(
                container=media,
                path=path,
                picture=picture,
                sound=sound_of(media),
                most_frames=most_frames,
                patience_s=patience_s,
                progress=progress,
            )
            return _found(watch)
    except Damaged as error:
        raise MediaError(error.message, _remedy(error, container.kind)) from error


def agreed(header_s: Decimal | None, decoded_s: Decimal) -> Decimal:
    """The length to go by, in seconds."""
    return header_s if header_s is not None and abs(header_s - decoded_s) <= AGREED_S else decoded_s


def stated_seconds(media: InputContainer, stream: Stream) -> Decimal | None:
    """How many seconds a stream has by its header, else its file; None where neither says."""
    if stream.duration is not None and stream.time_base:
        return seconds(stream.duration * stream.time_base)
    return None if media.duration is None else seconds(Fraction(media.duration, 1_000_000))


def _found(watch: Watch) -> Found:
    watched = watch.whole()
    stated_s = None if watch.sound is None else stated_seconds(watch.container, watch.sound)
    _refuse_short(watch, watched, stated_s)
    sound_s = agreed(stated_s, seconds(watched.heard_s)) if watched.heard_s else None
    heard = Found(sound_s=sound_s, channels=watched.channels)
    return heard if watch.picture is None else _seen(watch.path, watch.picture, watched, heard)


def _seen(path: Path, picture: VideoStream, watched: Watched, heard: Found) -> Found:
    if not watched.times:
        raise Damaged(f"{path.name} holds no frame that can be decoded", "empty")
    tick_s = picture.time_base or Fraction(1, 90_000)
    rate = constant_rate(sorted(watched.times), tick_s, (picture.average_rate, picture.guessed_rate))
    lasts_s = watched.picture_lasts(tick_s) if rate is None else len(watched.times) / rate
    average = rate or (len(watched.times) / lasts_s).limit_denominator(1001)
    return replace(heard, picture_s=seconds(lasts_s), fps=average)


def _refuse_short(watch: Watch, watched: Watched, stated_s: Decimal | None) -> None:
    """A FLAC counts its own samples, and its frames say nothing of how many should follow."""
    if watch.picture is None and not watched.heard_s:
        raise Damaged(f"{watch.path.name} holds no sound that can be decoded", "empty")
    heard_s = seconds(watched.heard_s)
    if watch.container.format.name == "flac" and stated_s is not None and stated_s > heard_s:
        said = f"it says {stated_s:.1f} s and holds {heard_s:.1f} s"
        raise Damaged(f"{watch.path.name} is cut off or damaged: {said}", "truncated")


def _remedy(error: Damaged, kind: MediaKind) -> str:
    if error.code in _TOO_LONG:
        return "Cut out the part that is meant, and give that"
    return f"Copy it again, or save it again as {'MP4' if kind is MediaKind.VIDEO else 'WAV or MP3'}"
