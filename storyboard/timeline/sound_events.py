"""What is heard when in a master: each sound at its sample, as loud as it is to be. Pure.

A sound event is one stretch of one file. All positions are samples at 48 kHz; those of the master count from its first.
The mix is rendered in blocks, and an event says of itself what of it falls into one: a `Fragment`, in which every
position counts from the block's own beginning. So a block sounds the same wherever it stands, and what is done outside
of it is no part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from storyboard.text.decimals import plain_decimal
from storyboard.timeline.sample_grid import SOUND_RATE

EDGE = SOUND_RATE // 100
"""Samples over which a sound comes and goes at a hard cut: 10 ms."""

MUSIC_EDGE = SOUND_RATE // 200
"""The same of music that is cut off, or goes on somewhere else: 5 ms."""


class Track(StrEnum):
    """What a sound is to the mix."""

    DIALOGUE = "dialogue"
    EFFECTS = "effects"
    MUSIC = "music"
    CLIP = "clip"  # the clips' own sound


class Curve(StrEnum):
    """How a fade goes from silence to the full sound."""

    SMOOTH = "smooth"  # half a wave of a cosine: two of them over one sound leave it as it is
    POWER = "power"  # a quarter of a sine: two of them over two sounds leave the loudness as it is
    LINEAR = "linear"


@dataclass(frozen=True, slots=True)
class Fade:
    """So many samples in which a sound comes or goes."""

    samples: int
    curve: Curve = Curve.SMOOTH


@dataclass(frozen=True, slots=True, order=True)
class Dip:
    """A stretch of the master in which a sound is softer by so many decibels, and the ramps that lead there and back.

    The ramps lie outside of it, so that the sound is down when the stretch begins.
    """

    begin: int
    end: int
    depth_db: Decimal
    attack: int = 0
    release: int = 0


@dataclass(frozen=True, slots=True)
class Material:
    """What an event plays: a file by the hash of its bytes, and how it is read.

    `with_picture` counts a clip's sound from its picture's first frame, else it counts from the first sample. At a
    speed other than 1 positions are those of the sound as it is heard then. `loop` plays a part of it, its first sample
    and its length, again and again; its last `blend` samples then go over into its first, and are heard no more.
    """

    sha256: str
    with_picture: bool = False
    speed: Fraction = Fraction(1)
    loop: tuple[int, int] | None = None
    blend: int = 0

    @property
    def period(self) -> int:
        """Samples after which a loop is the same again; 0 of what is none."""
        return self.loop[1] - self.blend if self.loop else 0

    @property
    def recipe(self) -> list[object]:
        """All that decides its samples."""
        return [self.sha256, self.with_picture, str(self.speed), list(self.loop or ()), self.blend]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fragment:
    """What of an event falls into one block; every position counts from the block's first sample.

    `rising` and `falling` are (how far the fade has come at the fragment's first sample, how long it is, its curve),
    and None where no part of that fade is in the block. A falling fade counts towards silence.
    """

    material: Material
    at: int
    samples: int
    offset: int  # in the material
    gain_db: Decimal
    rising: tuple[int, int, Curve] | None
    falling: tuple[int, int, Curve] | None
    dips: tuple[Dip, ...]

    @property
    def recipe(self) -> list[object]:
        """All that decides how it sounds."""
        fades = [list(each) if each else [] for each in (self.rising, self.falling)]
        dips = [[dip.begin, dip.end, plain_decimal(dip.depth_db), dip.attack, dip.release] for dip in self.dips]
        return [self.material.recipe, self.at, self.samples, self.offset, plain_decimal(self.gain_db), *fades, dips]


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundEvent:
    """One sound in the master: which file, from where to where, how loud, and what it makes way for."""

    track: Track
    material: Material
    begin: int
    samples: int
    offset: int = 0  # in the material: what is heard first
    gain_db: Decimal = Decimal(0)
    rise: Fade | None = None
    fall: Fade | None = None
    dips: tuple[Dip, ...] = ()
    key: str = ""  # the shot that it belongs to, for people

    @property
    def end(self) -> int:
        """The sample of the master after its last one."""
        return self.begin + self.samples

    def within(self, begin: int, end: int) -> Fragment | None:
        """What of it is heard from one sample of the master to before another; None where nothing is."""
        first, last = max(self.begin, begin), min(self.end, end)
        if first >= last:
            return None
        at, left = first - self.begin, self.end - first
        rising = (at, self.rise.samples, self.rise.curve) if self.rise and at < self.rise.samples else None
        falls = self.fall is not None and self.fall.samples > self.end - last
        return Fragment(
            material=self.material,
            at=first - begin,
            samples=last - first,
            offset=self._offset(at),
            gain_db=self.gain_db,
            rising=rising,
            falling=(self.fall.samples - left, self.fall.samples, self.fall.curve) if self.fall and falls else None,
            dips=tuple(sorted(_moved(dip, begin, first, last) for dip in self.dips if _touches(dip, first, last))),
        )

    def _offset(self, at: int) -> int:
        """A loop comes back to the same samples, which are then told as the same."""
        period = self.material.period
        return (self.offset + at) % period if period else self.offset + at


def _touches(dip: Dip, first: int, last: int) -> bool:
    return dip.begin - dip.attack < last and dip.end + dip.release > first


def _moved(dip: Dip, origin: int, first: int, last: int) -> Dip:
    """The dip as far as it is felt there: a ramp that lies outside is left out, and so is where the dip began."""
    begins_before, ends_after = dip.begin <= first, dip.end >= last
    return Dip(
        (min(first, dip.end) if begins_before else dip.begin) - origin,
        (max(last, dip.begin) if ends_after else dip.end) - origin,
        dip.depth_db,
        0 if begins_before else dip.attack,
        0 if ends_after else dip.release,
    )
