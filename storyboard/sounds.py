"""What a producer wants to be heard beside the clips' own sound, resolved: lines, effects, music, and how it is mixed.

None of it changes what is bought: it is no part of a wish. Files are named as the project names them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from storyboard.errors import Position


class ClipSound(StrEnum):
    """What becomes of the clips' own sound under music, or under a line."""

    MUTE = "mute"
    DUCK = "duck"  # softer
    KEEP = "keep"


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenFile:
    """A recording of a line of dialogue or narration, and where in its shot it begins."""

    source: str
    line: int  # which of the shot's lines of dialogue it speaks, from 0; of narration, which of its own
    at_s: Decimal | None = None  # seconds from where the shot begins in the master; None: it follows the line before
    gain_db: Decimal = Decimal(0)
    text: str = ""
    translations: Mapping[str, str] = field(default_factory=dict)  # of narration, by language
    at: Position | None = field(default=None, compare=False)  # where its file is written


@dataclass(frozen=True, slots=True, kw_only=True)
class Effect:
    """A sound effect of a shot. With `loop` it goes on to the end of the shot, or for `length_s` seconds."""

    source: str
    at_s: Decimal = Decimal(0)
    gain_db: Decimal = Decimal(0)
    fade_in_s: Decimal = Decimal(0)
    fade_out_s: Decimal = Decimal(0)
    loop: bool = False
    length_s: Decimal | None = None
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class ShotSounds:
    """All that is heard of one shot beside its clip."""

    dialogue: tuple[SpokenFile, ...] = ()
    narration: tuple[SpokenFile, ...] = ()
    effects: tuple[Effect, ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """The files, in order."""
        spoken = (*self.dialogue, *self.narration)
        return (*(each.source for each in spoken), *(each.source for each in self.effects))


SILENT = ShotSounds()


@dataclass(frozen=True, slots=True, kw_only=True)
class MusicCue:
    """Music under some shots of an episode that follow each other."""

    source: str
    shots: tuple[str, ...]  # SCENE/SHOT
    start_s: Decimal = Decimal(0)  # in the file
    gain_db: Decimal = Decimal(-18)
    fade_in_s: Decimal = Decimal(0)
    fade_out_s: Decimal = Decimal(2)
    loop: bool = False
    clip_sound: ClipSound = ClipSound.KEEP
    at: Position | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class MixSettings:
    """How an episode is mixed. `ducking_db` None: 12 dB, and more where a line would not stand 12 LU over the music."""

    ducking_db: Decimal | None = None
    attack_s: Decimal = Decimal("0.15")
    release_s: Decimal = Decimal("0.6")
    level_clips: bool = False
    room_tone: str = "auto"  # auto, none, or a file
    room_tone_at: Position | None = field(default=None, compare=False)
    clip_under_lines: ClipSound = ClipSound.DUCK


USUAL_MIX = MixSettings()


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessTarget:
    """How loud a whole programme is to be, in LUFS, and what its true peaks stay under, in dBTP."""

    lufs: Decimal
    true_peak_db: Decimal = Decimal(-1)
    dialogue: bool = False  # measured where somebody speaks

    @property
    def told(self) -> str:
        """In words: "-14 LUFS, at most -1 dBTP"."""
        return f"{self.lufs} LUFS{' of dialogue' if self.dialogue else ''}, at most {self.true_peak_db} dBTP"


WEB = LoudnessTarget(lufs=Decimal(-14))
BROADCAST = LoudnessTarget(lufs=Decimal(-23))
STREAMING = LoudnessTarget(lufs=Decimal(-27), true_peak_db=Decimal(-2), dialogue=True)

LOUDNESS = MappingProxyType({"web": WEB, "broadcast": BROADCAST, "streaming": STREAMING})
"""The targets that have names."""
