"""Reads a delivered clip whole: every frame is decoded once, so a clip that passed here plays to its end.

A vendor's file may be cut off or damaged in transit; both look fine in the header. What is found here is kept with
the take, and nothing decodes the clip again to know it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import ClipRejected, MediaError
from render.media.containers import demuxer_of
from render.media.display import displayed_size, turn_of
from render.media.frame_rate import constant_rate
from render.media.measures import seconds, sha256_of
from render.media.opening import MOST_SECONDS, need_picture, opened, picture_of, pixel_ratio_of, sound_of
from storyboard.takes import ClipFacts

if TYPE_CHECKING:
    from av.audio.frame import AudioFrame
    from av.container import InputContainer
    from av.packet import Packet
    from av.stream import Stream
    from av.video.frame import VideoFrame
    from av.video.stream import VideoStream

NO_VIDEO = "no_video"
"""The code of a ClipRejected where nothing opens as video: a web page, an error, half a header, a picture, sound."""

_MOST_FRAMES = MOST_SECONDS * 120
_STATES_LENGTH = frozenset({"matroska", "avi"})  # and have no index that points at every packet
_MISSING_AT_MOST_S = 0.5


@dataclass(slots=True)
class _Watched:
    """What has been seen of a clip so far, while it is being decoded."""

    size: tuple[int, int] | None = None  # coded
    turn: tuple[int, int, int, int] = (1, 0, 0, 1)
    times: list[int] = field(default_factory=list)  # starts of frames, in ticks
    last_ticks: int = 0  # how long the last frame says it lasts
    samples: int = 0
    sample_rate: int = 0
    ends_s: float = 0.0  # when the last packet ends


def clip_facts(path: Path) -> ClipFacts:
    """Decode the clip once, whole. ClipRejected where it is no clip, cut off, damaged or absurdly large.

    Its code is `NO_VIDEO` where that says nothing of a clip, as none came.
    """
    if not path.is_file():
        raise MediaError(f"there is no clip at {path}. Fetch it again")
    code = NO_VIDEO
    try:
        with opened(path) as container:
            code = "not_a_clip" if picture_of(container) else NO_VIDEO
            stream = need_picture(container, path)
            watched = _watch(container, stream, path)
            return _facts(path, stream, watched)
    except MediaError as error:
        raise ClipRejected(f"what was delivered is no usable clip: {error}", code=code) from error


def _watch(container: InputContainer, picture: VideoStream, path: Path) -> _Watched:
    sound = sound_of(container)
    streams: list[Stream] = [picture] if sound is None else [picture, sound]
    watched = _Watched()
    for packet in container.demux(streams):
        _count(packet, watched, path)
        for frame in packet.decode():
            if packet.stream.index == picture.index:
                _see(frame, watched, path)  # type: ignore[arg-type]
            else:
                _hear(frame, watched, path)  # type: ignore[arg-type]
    _check_whole(container, streams, watched, path)
    return watched


def _count(packet: Packet[Stream], watched: _Watched, path: Path) -> None:
    if packet.is_corrupt:
        raise ClipRejected(f"{path.name} is cut off or damaged. Fetch it again", code="truncated")
    if packet.size and packet.pts is not None and packet.time_base:
        watched.ends_s = max(watched.ends_s, float((packet.pts + (packet.duration or 0)) * packet.time_base))


def _see(frame: VideoFrame, watched: _Watched, path: Path) -> None:
    size = (frame.width, frame.height)
    if watched.size is None:
        watched.size, watched.turn = size, turn_of(frame)
    if frame.is_corrupt:
        raise ClipRejected(f"{path.name} is damaged at frame {len(watched.times)}. Fetch it again", code="corrupt")
    if size != watched.size:
        raise ClipRejected(f"{path.name} changes its size from {watched.size} to {size} midway", code="size_changes")
    if len(watched.times) >= _MOST_FRAMES:
        raise ClipRejected(f"{path.name} has more than {_MOST_FRAMES:,} frames", code="too_long")
    watched.times.append(frame.pts if frame.pts is not None else len(watched.times))
    watched.last_ticks = frame.duration or 0


def _hear(frame: AudioFrame, watched: _Watched, path: Path) -> None:
    if frame.is_corrupt:
        raise ClipRejected(f"the sound of {path.name} is damaged. Fetch it again", code="corrupt")
    watched.samples += frame.samples
    watched.sample_rate = frame.sample_rate


def _check_whole(container: InputContainer, streams: list[Stream], watched: _Watched, path: Path) -> None:
    """The index at a file's start may point beyond the file's end, its header may promise more than there is."""
    held = path.stat().st_size
    needed = max((entry.pos + entry.size for stream in streams for entry in stream.index_entries), default=0)
    if needed > held:
        raise ClipRejected(
            f"{path.name} is cut off: {held:,} of at least {needed:,} bytes are there. Fetch it again", code="truncated"
        )
    if demuxer_of(path) in _STATES_LENGTH and container.duration:
        missing_s = container.duration / 1_000_000 - watched.ends_s
        if missing_s > _MISSING_AT_MOST_S:
            raise ClipRejected(
                f"{path.name} is cut off: {missing_s:.1f} s are missing. Fetch it again", code="truncated"
            )


def _facts(path: Path, stream: VideoStream, watched: _Watched) -> ClipFacts:
    if watched.size is None:
        raise ClipRejected(f"{path.name} holds no frame that can be decoded. Fetch it again", code="empty")
    tick_s = stream.time_base or Fraction(1, 90_000)
    frames = len(watched.times)
    rate = constant_rate(watched.times, tick_s, (stream.average_rate, stream.guessed_rate))
    lasts = _duration(watched, tick_s) if rate is None else frames / rate
    width, height = displayed_size(*watched.size, pixel_ratio_of(stream), watched.turn)
    return ClipFacts(
        sha256=sha256_of(path),
        bytes=path.stat().st_size,
        width=width,
        height=height,
        frames=frames,
        fps=rate or (frames / lasts).limit_denominator(1001),
        duration_s=seconds(lasts),
        frame_times_us=None if rate else tuple(round((at - watched.times[0]) * tick_s * 10**6) for at in watched.times),
        audio_s=seconds(Fraction(watched.samples, watched.sample_rate)) if watched.sample_rate else None,
    )


def _duration(watched: _Watched, tick_s: Fraction) -> Fraction:
    """Of an irregular picture: to the start of its last frame, and what that frame lasts."""
    span = watched.times[-1] - watched.times[0]
    return (span + (watched.last_ticks or span // (len(watched.times) - 1))) * tick_s
