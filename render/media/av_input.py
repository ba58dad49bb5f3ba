"""Opens a video or sound file for PyAV, with the demuxer that its first bytes name and no way out to the network.

PyAV is imported here when it is first needed: reading a project with pictures only must start at once.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError
from render.media.containers import demuxer_of

if TYPE_CHECKING:
    from av.audio.stream import AudioStream
    from av.container import InputContainer
    from av.video.stream import VideoStream

MOST_PIXELS = 36_000_000
"""Pixels of the largest frame that is decoded: 8K. Beyond it, a small file could ask for all of the memory."""

MOST_SECONDS = 3_600
"""Seconds of the longest clip that is decoded."""


@contextmanager
def opened(path: Path) -> Iterator[InputContainer]:
    """The file, open. Whatever PyAV cannot do with it within the block becomes a MediaError that names the file."""
    import av

    try:
        with av.open(str(path), format=demuxer_of(path), options={"protocol_whitelist": "file"}) as container:
            yield container
    except (av.FFmpegError, OSError) as error:
        words = getattr(error, "strerror", None) or str(error)
        raise MediaError(f"{path.name} cannot be read as video or sound: {words}", "Is the file whole?") from error


def picture_of(container: InputContainer) -> VideoStream | None:
    """The moving picture: the first video stream that is no cover art, None where there is none."""
    from av.stream import Disposition

    for stream in container.streams.video:
        if not stream.disposition & Disposition.attached_pic:
            return stream
    return None


def sound_of(container: InputContainer) -> AudioStream | None:
    """The first sound stream, None where there is none."""
    return next(iter(container.streams.audio), None)


def need_sound(container: InputContainer, path: Path) -> AudioStream:
    """The first sound stream. Raises MediaError where there is none."""
    stream = sound_of(container)
    if stream is None:
        raise MediaError(f"{path.name} holds no sound, and some is needed here", "Give a sound file")
    return stream


def has_sound(path: Path) -> bool:
    """Whether the file has any sound."""
    with opened(path) as container:
        return sound_of(container) is not None


def need_picture(container: InputContainer, path: Path) -> VideoStream:
    """The moving picture, small enough to decode. Raises MediaError where there is none."""
    stream = picture_of(container)
    if stream is None:
        raise MediaError(f"{path.name} holds no moving picture", "Give a video")
    pixels = stream.codec_context.width * stream.codec_context.height
    if not 0 < pixels <= MOST_PIXELS:
        raise MediaError(f"{path.name} has frames of {pixels:,} pixels; 1 to {MOST_PIXELS:,} can be decoded")
    stream.thread_type = "AUTO"
    return stream


def pixel_ratio_of(stream: VideoStream) -> Fraction:
    """Width of one pixel over its height; square where the clip does not say."""
    ratio = stream.sample_aspect_ratio
    return ratio if ratio and ratio > 0 else Fraction(1)
