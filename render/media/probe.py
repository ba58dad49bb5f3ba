"""Says what a media file is: from its header alone, or, for references and delivered clips, by decoding all of it.

A reference is decoded once, when it is first met, and remembered by its content. Pictures go through Pillow alone, so
that a plan over stills starts without loading PyAV; so does one over films and sounds that are remembered.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError, NotWhole
from render.media.clip import clip_facts
from render.media.colours import unlike_srgb
from render.media.containers import Container, container_of
from render.media.conversion import refuse_unreadable
from render.media.display import displayed_size
from render.media.measures import sha256_of
from render.media.opening import need_picture, opened, picture_of, sound_of
from render.media.picture_parts import look_through
from render.media.pictures import looking_at, shown_size, speaks_of_itself
from render.media.remembered import Remembered
from render.media.signature import StreamSignature, signature, signature_of
from render.media.traits import traits_of
from render.media.whole import agreed, decode, stated_seconds
from storyboard.films import Trait
from storyboard.request import ReferenceFacts
from storyboard.shot import MediaKind

if TYPE_CHECKING:
    from av.container import InputContainer

    from render.media.decoding import Progress

__all__ = ["MediaFacts", "StreamSignature", "clip_facts", "examine", "probe", "reference_facts", "signature"]

_SAME_RATE = Fraction(1, 100)  # a header whose rate is further off says something else than its frames do


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What a file is. Sizes are as displayed, with rotation and pixel shape applied."""

    kind: MediaKind
    format: str  # "jpeg", "png", "webp", "mp4", "mov", "mp3", "wav", …
    bytes: int
    width: int | None = None
    height: int | None = None
    fps: Fraction | None = None
    duration_s: Decimal | None = None
    unlike_srgb: tuple[str, ...] = ()  # pictures; see `storyboard.request.ReferenceFacts`
    metadata: bool = False
    traits: tuple[Trait, ...] = ()  # films; likewise
    sound_s: Decimal | None = None  # this and the next are only known of what was decoded
    channels: int = 0  # of its sound


EXAMINED = Remembered(MediaFacts, "whole-1")
"""What was decoded whole, by the file's sha256."""


def probe(path: Path) -> MediaFacts:
    """What the file's header says. MediaError where it is no usable media."""
    container = container_of(path)
    if container.demuxer is None:
        return _picture_facts(path, container)
    with opened(path) as media:
        stream = picture_of(media) if container.kind is MediaKind.VIDEO else None
        if stream is None:
            return _sound_facts(media, path, container)
        return _video_facts(media, path, container)


def examine(path: Path, sha256: str, *, progress: Progress | None = None) -> MediaFacts:
    """What the file holds, decoded whole unless it is remembered; `sha256` is the file's. MediaError where it is not.

    `progress` is told the share that was decoded, 0 to 1.
    """
    known = EXAMINED.find(sha256)
    if known is not None and known.bytes == path.stat().st_size:
        return known
    found = decode(path, progress=progress)
    header = probe(path)
    lasts_s = found.sound_s if found.picture_s is None else agreed(header.duration_s, found.picture_s)
    facts = replace(header, duration_s=lasts_s, sound_s=found.sound_s, channels=found.channels)
    if found.fps is not None and (header.fps is None or abs(header.fps / found.fps - 1) > _SAME_RATE):
        facts = replace(facts, fps=found.fps)
    EXAMINED.keep(sha256, facts)
    return facts


def reference_facts(path: Path, source: str, *, progress: Progress | None = None) -> ReferenceFacts:
    """The facts that the storyboard decides with. `source` is how the project names the file. See `examine`.

    Raises NotWhole where it is cut off or damaged, MediaError where it is nothing that can be used.
    """
    container, sha256 = container_of(path), sha256_of(path)
    try:
        facts = examine(path, sha256, progress=progress)
    except MediaError as error:
        outside = MediaFacts(kind=container.kind, format=container.name, bytes=path.stat().st_size)
        raise NotWhole(str(error), _facts(outside, source, sha256)) from error
    return _facts(facts, source, sha256)


def _facts(facts: MediaFacts, source: str, sha256: str) -> ReferenceFacts:
    return ReferenceFacts(
        source=source,
        sha256=sha256,
        kind=facts.kind,
        format=facts.format,
        bytes=facts.bytes,
        width=facts.width,
        height=facts.height,
        duration_s=facts.duration_s,
        fps=facts.fps,
        unlike_srgb=facts.unlike_srgb,
        metadata=facts.metadata,
        traits=facts.traits,
    )


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
        raise MediaError(f"{path.name} holds no frame that can be decoded. Is the file whole?")
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
        raise MediaError(f"{path.name} holds neither picture nor sound. Is the file whole?")
    name = "m4a" if container.kind is MediaKind.VIDEO and container.demuxer == "mov" else container.name
    return MediaFacts(
        kind=MediaKind.AUDIO,
        format=name,
        bytes=path.stat().st_size,
        duration_s=stated_seconds(media, stream),
    )
