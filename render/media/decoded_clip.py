"""Reads a delivered clip whole: every frame is decoded once, so a clip that passed here plays to its end.

A vendor's file may be cut off or damaged in transit; both look fine in the header. What is found here is kept with
the take, and nothing decodes the clip again to know it.
"""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import ClipRejected, Damaged, MediaError
from render.media.av_input import need_picture, opened, picture_of, sound_of
from render.media.containers import demuxer_of
from render.media.decoding import Watch, Watched
from render.media.displayed_frame import displayed_size
from render.media.file_endings import stated_end
from render.media.frame_rate import constant_rate
from render.media.measures import seconds, sha256_of
from render.media.stream_traits import traits_of
from storyboard.takes import ClipFacts

if TYPE_CHECKING:
    from av.container import InputContainer
    from av.video.stream import VideoStream

NO_VIDEO = "no_video"
"""The code of a ClipRejected where nothing opens as video: a web page, an error, half a header, a picture, sound."""

_STATES_LENGTH = frozenset({"matroska", "avi"})  # and have no index that points at every packet
_MISSING_AT_MOST_S = 0.5


def clip_facts(path: Path) -> ClipFacts:
    """Decode the clip once, whole. Raises ClipRejected where it is no clip, cut off, damaged or absurdly large.

    Its code is `NO_VIDEO` where that says nothing of a clip, as none came.
    """
    if not path.is_file():
        raise MediaError(f"there is no clip at {path}", "Fetch it again")
    code = NO_VIDEO
    try:
        with opened(path) as container:
            code = "not_a_clip" if picture_of(container) else NO_VIDEO
            picture = need_picture(container, path)
            watched = Watch(container=container, path=path, picture=picture, sound=sound_of(container)).whole()
            _check_length(container, watched, path)
            return _facts(path, picture, watched)
    except Damaged as error:
        raise ClipRejected(error.message, "Fetch it again", code=error.code) from error
    except MediaError as error:
        told = f"what was delivered is no usable clip: {error.message}"
        raise ClipRejected(told, error.remedy, code=code) from error


def _check_length(container: InputContainer, watched: Watched, path: Path) -> None:
    """Where a header promises more than there is. A length may lie, so a file that ends where it says is whole."""
    if demuxer_of(path) in _STATES_LENGTH and container.duration:
        missing_s = container.duration / 1_000_000 - watched.ends_s
        end = stated_end(path, demuxer_of(path))
        if missing_s > _MISSING_AT_MOST_S and (end is None or end > path.stat().st_size):
            raise Damaged(f"{path.name} is cut off: {missing_s:.1f} s are missing", "truncated")


def _facts(path: Path, stream: VideoStream, watched: Watched) -> ClipFacts:
    if watched.size is None or watched.encoded is None:
        raise Damaged(f"{path.name} holds no frame that can be decoded", "empty")
    tick_s = stream.time_base or Fraction(1, 90_000)
    frames = len(watched.times)
    rate = constant_rate(watched.times, tick_s, (stream.average_rate, stream.guessed_rate))
    lasts = watched.picture_lasts(tick_s) if rate is None else frames / rate
    width, height = displayed_size(*watched.size, watched.encoded.pixel_ratio, watched.encoded.turn)
    return ClipFacts(
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        width=width,
        height=height,
        frames=frames,
        fps=rate or (frames / lasts).limit_denominator(1001),
        duration_s=seconds(lasts),
        frame_times_us=None if rate else tuple(round((at - watched.times[0]) * tick_s * 10**6) for at in watched.times),
        audio_s=seconds(watched.heard_s) if watched.heard_s else None,
        audio_channels=watched.channels or None,
        traits=traits_of(watched.encoded),
    )
