"""Says what a media file is by its header, and no more than that: nothing is decoded but a first frame."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError
from render.media.av_input import need_picture, opened, picture_of, sound_of
from render.media.colour_conversion import refuse_unreadable
from render.media.colours import unlike_srgb
from render.media.containers import Container, container_of
from render.media.displayed_frame import displayed_size
from render.media.picture_parts import look_through
from render.media.pictures import looking_at, shown_size, speaks_of_itself
from render.media.reference_facts import MediaFacts
from render.media.signature import signature_of
from render.media.stream_traits import traits_of
from render.media.whole_file import stated_seconds
from storyboard.shot import MediaKind

if TYPE_CHECKING:
    from av.container import InputContainer


def probe(path: Path) -> MediaFacts:
    """What the file's header says. Raises MediaError where it is no usable media."""
    container = container_of(path)
    if container.demuxer is None:
        return _picture_facts(path, container)
    with opened(path) as media:
        stream = picture_of(media) if container.kind is MediaKind.VIDEO else None
        if stream is None:
            return _sound_facts(media, path, container)
        return _video_facts(media, path, container)


def _picture_facts(path: Path, container: Container) -> MediaFacts:
    parts = look_through(path, container)
    with looking_at(path) as picture:
        width, height = shown_size(picture)
        reasons = unlike_srgb(picture, path)
        speaks = any(not each.shows for each in parts) or (not parts and speaks_of_itself(picture))
    return MediaFacts(
        kind=MediaKind.IMAGE,
        format=container.name,
        bytes=path.stat().st_size,
        width=width,
        height=height,
        unlike_srgb=reasons,
        metadata=speaks,
    )


def _video_facts(media: InputContainer, path: Path, container: Container) -> MediaFacts:
    stream = need_picture(media, path)
    frame = next(media.decode(stream), None)
    if frame is None:
        raise MediaError(f"{path.name} holds no frame that can be decoded", "Is the file whole?")
    encoded = signature_of(stream, frame)
    refuse_unreadable(encoded, path.name)
    width, height = displayed_size(frame.width, frame.height, encoded.pixel_ratio, encoded.turn)
    return MediaFacts(
        kind=MediaKind.VIDEO,
        format=container.name,
        bytes=path.stat().st_size,
        width=width,
        height=height,
        fps=stream.average_rate or stream.guessed_rate,
        duration_s=stated_seconds(media, stream),
        traits=traits_of(encoded),
    )


def _sound_facts(media: InputContainer, path: Path, container: Container) -> MediaFacts:
    stream = sound_of(media)
    if stream is None:
        raise MediaError(f"{path.name} holds neither picture nor sound", "Is the file whole?")
    name = "m4a" if container.kind is MediaKind.VIDEO and container.demuxer == "mov" else container.name
    return MediaFacts(
        kind=MediaKind.AUDIO,
        format=name,
        bytes=path.stat().st_size,
        duration_s=stated_seconds(media, stream),
    )
