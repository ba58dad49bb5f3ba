"""What is handed over beside the master, resolved: one value a delivery, with every default filled in.

How large, how encoded, how loud, with which words, and which part of the episode. Where it is cut and cropped depends
on where the shots stand, which `storyboard.timeline.delivery_plan` decides.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import Final

from storyboard.delivery_formats import AudioCodec, FileKind, ProresProfile, Quality, Reframe, VideoCodec
from storyboard.errors import Position
from storyboard.sounds import LoudnessTarget


@dataclass(frozen=True, slots=True)
class Anchor:
    """A point of the picture that a narrower one must show: from 0, left and top, to 1, right and bottom."""

    x: Fraction = Fraction(1, 2)
    y: Fraction = Fraction(1, 2)


CENTER: Final = Anchor()

ANCHORS: Final = MappingProxyType(
    {
        "left": Anchor(x=Fraction(0)),
        "center": CENTER,
        "right": Anchor(x=Fraction(1)),
        "top": Anchor(y=Fraction(0)),
        "bottom": Anchor(y=Fraction(1)),
    }
)
"""The points that have names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureFormat:
    """The picture of a delivery. Sizes are in pixels, `mbps` in megabits a second."""

    codec: VideoCodec
    width: int
    height: int
    fps: Fraction
    reframe: Reframe | None = None  # None: it has the master's shape
    quality: Quality | None = None
    profile: ProresProfile | None = None
    mbps: Decimal | None = None  # in place of a quality


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFormat:
    """The sound of a delivery: stereo at 48 kHz. `kbps` is None where nothing is lost."""

    codec: AudioCodec
    kbps: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """One file that is handed over beside the master. It has a picture, or sound, or both."""

    name: str
    kind: FileKind
    picture: PictureFormat | None
    sound: SoundFormat | None
    loudness: LoudnessTarget | None = None  # None: as loud as the master
    soft: tuple[str, ...] = ()  # languages of its subtitle tracks
    burnt: str | None = None  # the language of subtitles within the picture
    begin: Decimal | str | None = None  # seconds, or the shot with which it begins; None: the episode's beginning
    end: Decimal | str | None = None  # seconds, or the shot with which it ends; None: the episode's end
    at: Position | None = field(default=None, compare=False)  # where it is written

    def file_name(self, episode: str) -> str:
        """How its file is called beside the master: `e01-web.mp4`."""
        return f"{episode}-{self.name}.{self.kind.value}"
