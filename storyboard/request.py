"""What one vendor is asked for one shot: numbered references, the final prompt, and every parameter spelled out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from storyboard.film_traits import Trait
from storyboard.price_proof import StatedPrice
from storyboard.shot import MediaKind, Role


@dataclass(frozen=True, slots=True)
class FrameId:
    """One frame of one clip: what a continuity frame *is*, whatever file it is stored in. A whole clip is its first."""

    clip_sha256: str
    index: int  # decoded frames, from 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ReferenceFacts:
    """What is known of a reference's file. `render` fills it; the storyboard decides with it."""

    source: str
    sha256: str  # of the original bytes
    kind: MediaKind
    format: str  # "jpeg", "png", "webp", "mp4", "mov", "mp3", "wav", …
    bytes: int
    width: int | None = None  # pixels, as displayed: rotation and sample aspect ratio applied
    height: int | None = None
    duration_s: Decimal | None = None
    fps: Fraction | None = None
    unlike_srgb: tuple[str, ...] = ()  # why its bare pixels are not the picture that viewers show: "CMYK colours"
    traits: tuple[Trait, ...] = ()  # of a film: what is not ordinary about it
    metadata: bool = False  # a picture whose file holds more than the picture: where it was taken, by whom, with what
    frame: FrameId | None = None  # of an own take: which frame of which clip it is; a whole clip counts by its first


@dataclass(frozen=True, slots=True, kw_only=True)
class BoundReference:
    """A reference with the token by which the prompt points at it."""

    token: str  # "@image2"
    kind: MediaKind
    role: Role
    name: str
    source: str  # path within the project, https URL, or of another shot's media which shot it comes from
    sha256: str | None  # original bytes; None in a plan whose predecessor has no clip yet
    fit: str | None = None  # its name ("image:jpeg:6000x3375"), see `storyboard.bind.fits`; None: sent as it is
    frame: FrameId | None = None  # of what another shot made: a continuity frame, an own take
    tail_s: Decimal | None = None  # of a tail clip: its seconds, where they are not those of all before


class Mode(StrEnum):
    """Which of a vendor's two products is asked for."""

    REFERENCE = "reference"
    FIRST_FRAME = "first_frame"


@dataclass(frozen=True, slots=True)
class Dropped:
    """A reference that is not sent, and why."""

    role: Role
    name: str
    source: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What one vendor is asked for one clip, to the letter: nothing that a vendor could default is left out."""

    series: str
    shot: str  # EPISODE/SCENE/SHOT
    provider: str
    account: str  # who is paid; see `storyboard.accounts`
    model: str
    mode: Mode
    prompt: str
    references: tuple[BoundReference, ...]
    duration_s: Decimal | None  # seconds that the shot uses; None: auto
    billed_s: Decimal  # seconds that are bought; the longest sold where the length is auto
    resolution: str
    aspect_ratio: str
    audio: bool
    seed: int | None
    variation: int
    wish: str
    width: int  # pixels expected of the clip
    height: int
    fps: Fraction
    estimated_usd: Decimal | None  # upper bound with every surcharge; None: the price is not known
    stated: StatedPrice | None = None  # where only the project says that it costs so little
    dropped: tuple[Dropped, ...] = ()
    notes: tuple[str, ...] = ()  # what the producer should know before paying ("bought 4 s, used 1.5 s")
    slate: Mapping[str, str] = field(default_factory=dict)  # what an animatic burns in: key, line, camera, scene title
