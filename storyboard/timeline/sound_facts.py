"""What is known of a sound by listening to all of it, as values that the timeline decides with. `render` measures them.

Loudness is kept as whole hundredths of a LUFS, a number each 100 ms: that of the 400 ms which end there (the momentary
loudness and the gating block of ITU-R BS.1770-4 alike).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log10

from storyboard.timeline.sample_grid import SOUND_RATE

HOP = SOUND_RATE // 10
"""Samples from one momentary loudness to the next."""

ABSOLUTE_GATE = -7000  # hundredths of a LUFS
_RELATIVE_GATE = 1000  # below the loudness of what passes the absolute one
_WINDOW = 4  # hops that one momentary loudness is of


@dataclass(frozen=True, slots=True)
class Quiet:
    """The quietest second of a sound: its first sample, how many it has, and how loud it is in hundredths of a dBFS."""

    begin: int
    samples: int
    level: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SoundFacts:
    """One sound, listened to. A clip's counts from its picture's first frame, a file's from its first sample."""

    samples: int  # until it ends, at 48 kHz
    momentary: tuple[int, ...] = ()  # at the end of each hop, in hundredths of a LUFS
    speech: tuple[tuple[int, int], ...] = ()  # where somebody speaks: first sample, and the one after the last
    quiet: Quiet | None = None  # None where it is shorter than a second, or nothing but silence
    channels: int = 2  # that it has before it is mixed down to two


Known = Mapping[str, SoundFacts]
"""The facts of sounds by the hash of their files."""


def integrated(momentary: Sequence[int]) -> int | None:
    """The gated loudness of these blocks by BS.1770-4, in hundredths of a LUFS; None where nothing passes the gate."""
    loud = [each for each in momentary if each > ABSOLUTE_GATE]
    if not loud:
        return None
    gate = mean_loudness(loud) - _RELATIVE_GATE
    return round(mean_loudness([each for each in loud if each > gate]))


def mean_loudness(momentary: Sequence[int]) -> float:
    """The loudness of the mean power of these, in hundredths of a LUFS; there must be some."""
    power = {each: 10 ** (each / 1000) for each in set(momentary)}
    return 1000 * log10(sum(power[each] for each in momentary) / len(momentary))


def loudness_between(facts: SoundFacts, begin: int, end: int) -> int | None:
    """The gated loudness of a part of a sound; of one too short for a block, that of the block which has most of it."""
    first, last = -(-begin // HOP) + _WINDOW - 1, end // HOP
    inside = facts.momentary[max(0, first) : max(0, last)]
    if not inside and facts.momentary:
        middle = (begin + end) // 2 // HOP + _WINDOW // 2
        inside = facts.momentary[min(max(0, middle), len(facts.momentary) - 1) :][:1]
    return integrated(inside)
