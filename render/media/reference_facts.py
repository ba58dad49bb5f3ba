"""What references hold: each is decoded whole when it is first met, and remembered by its content.

A plan over references that are remembered begins without Pillow, PyAV and ffmpeg: they are imported where one is not.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from render.errors import MediaError, NotWhole
from render.media.containers import container_of
from render.media.facts_cache import FactsCache
from render.media.measures import sha256_of
from storyboard.film_traits import Trait
from storyboard.request import ReferenceFacts
from storyboard.shot import MediaKind

if TYPE_CHECKING:
    from render.media.decoding import Progress

_SAME_RATE = Fraction(1, 100)  # a header whose rate is further off says something else than its frames do


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaFacts:
    """What a media file is. Sizes are pixels as displayed, with rotation and pixel shape applied; `_s` is seconds."""

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


EXAMINED = FactsCache(MediaFacts, "whole-1")
"""What was decoded whole, by the file's sha256."""


def examine(path: Path, sha256: str, *, progress: Progress | None = None) -> MediaFacts:
    """What the file holds, decoded whole unless it is remembered; `sha256` is the file's.

    `progress` is told the share that was decoded, 0 to 1. Raises MediaError where it is not whole.
    """
    known = EXAMINED.find(sha256)
    if known is not None and known.bytes == path.stat().st_size:
        return known
    from render.media.probe import probe
    from render.media.whole_file import agreed, decode

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
        raise NotWhole(error.message, error.remedy, facts=_facts(outside, source, sha256)) from error
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
