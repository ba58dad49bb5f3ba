"""Brings the clips of neighbouring shots within 1 LU of each other, by the least change that does. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from storyboard.timeline.sound_events import SoundEvent
from storyboard.timeline.sound_facts import Known, SoundFacts, loudness_between

APART_LU = 100
"""Hundredths of a LU that neighbours may be apart."""

_AMBIENCE = -5000  # below that a clip has no level of its own, and is left as it is
_MOST = 1200  # hundredths of a dB that a clip is moved by


def clip_levels(clips: Sequence[SoundEvent], facts: Known) -> tuple[dict[str, Decimal], tuple[str, ...]]:
    """Decibels for each shot by its key, and what a producer should know. `clips` are in order of time.

    No shot is moved further than it must be: each comes to stand midway between the highest and the lowest that it
    could be without another one having to move.
    """
    levels = [(clip.key, _level(clip, facts[clip.material.sha256])) for clip in clips]
    heard = [(key, level) for key, level in levels if level is not None]
    found: dict[str, Decimal] = {}
    notes: list[str] = []
    for (key, level), wanted in zip(heard, _midway([level for _, level in heard]), strict=True):
        moved = max(-_MOST, min(_MOST, wanted - level))
        if moved != wanted - level:
            notes.append(f"{key} is {abs(wanted - level) / 100:.0f} LU from its neighbours, and is moved by 12 alone")
        found[key] = Decimal(round(moved / 10)).scaleb(-1)
    return found, tuple(notes)


def _level(clip: SoundEvent, facts: SoundFacts) -> int | None:
    """How loud the part that is heard is in the file."""
    speed = clip.material.speed
    begin, end = round(clip.offset * speed), round((clip.offset + clip.samples) * speed)
    level = loudness_between(facts, max(0, begin), end)
    return None if level is None or level < _AMBIENCE else level


def _midway(levels: Sequence[int]) -> Iterator[int]:
    """The levels, moved the least, of which no two neighbours are further apart than allowed."""
    allowed = APART_LU - 20  # so that rounding keeps to it
    highest, lowest = list(levels), list(levels)
    for order in (range(1, len(levels)), range(len(levels) - 2, -1, -1)):
        for at in order:
            beside = at - order.step
            highest[at] = min(highest[at], highest[beside] + allowed)
            lowest[at] = max(lowest[at], lowest[beside] - allowed)
    return ((high + low) // 2 for high, low in zip(highest, lowest, strict=True))
