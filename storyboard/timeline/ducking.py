"""What makes way for speech, and by how much: dips in music, and in clips under recorded lines. Pure.

Music goes down before the first word and comes up after the last; between words that are close together it stays down.
Where nothing else is written it goes down by 12 dB, and further where a line would then stand less than 12 LU over it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal
from math import ceil

from storyboard.sounds import ClipSound, MixSettings
from storyboard.timeline.line_sounds import Spoken
from storyboard.timeline.sample_grid import SOUND_RATE, samples_of
from storyboard.timeline.sound_events import Dip, SoundEvent
from storyboard.timeline.sound_facts import HOP, Known, SoundFacts, integrated
from storyboard.timeline.sound_plan import Stretch

USUAL_DB = Decimal(12)
"""Decibels by which music goes down under a line, at least, where nothing is written."""

CLEAR_LU = 12
"""LU by which a line is to stand over the music under it."""

_SPARE = 50  # hundredths of a LU more than that
_DEEPEST_DB = Decimal(48)
_MUTED_DB = Decimal(96)
_BREATH = SOUND_RATE // 2  # samples; a pause between two lines that is no longer than that and the ramps stays down


def merged(spoken: Iterable[Spoken], gap: int = 0) -> tuple[Stretch, ...]:
    """The stretches in order, those that overlap or lie at most so many samples apart as one."""
    found: list[Stretch] = []
    for begin, end, _ in sorted(spoken, key=lambda each: each.begin):
        if found and begin <= found[-1][1] + gap:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((begin, end))
    return tuple(found)


def ducked(music: SoundEvent, spoken: Sequence[Spoken], mix: MixSettings, facts: Known) -> SoundEvent:
    """The music with a dip under each stretch of speech."""
    attack, release = samples_of(mix.attack_s), samples_of(mix.release_s)
    near = [each for each in spoken if each.begin - attack < music.end and each.end + release > music.begin]
    dips = []
    for begin, end in merged(near, attack + release + _BREATH):
        lines = [each for each in near if begin <= each.begin < end]
        depth = max(_depth(music, each, mix, facts[music.material.sha256]) for each in lines)
        if depth:
            dips.append(Dip(begin, end, depth, attack, release))
    return replace(music, dips=(*music.dips, *dips))


def clip_under_lines(clip: SoundEvent, spoken: Sequence[Spoken], mix: MixSettings) -> SoundEvent:
    """A clip's own sound, softer or gone under recorded lines as the settings say."""
    if mix.clip_under_lines is ClipSound.KEEP:
        return clip
    depth = USUAL_DB if mix.clip_under_lines is ClipSound.DUCK else _MUTED_DB
    attack, release = samples_of(mix.attack_s), samples_of(mix.release_s)
    near = [each for each in spoken if each.begin - attack < clip.end and each.end + release > clip.begin]
    dips = (Dip(begin, end, depth, attack, release) for begin, end in merged(near, attack + release + _BREATH))
    return replace(clip, dips=(*clip.dips, *dips))


def _depth(music: SoundEvent, line: Spoken, mix: MixSettings, facts: SoundFacts) -> Decimal:
    if mix.ducking_db is not None:
        return abs(mix.ducking_db)
    under = _loudness(music, line, facts)
    if under is None or line.level is None:
        return USUAL_DB
    needed = under + round(music.gain_db * 100) + CLEAR_LU * 100 + _SPARE - line.level
    return min(_DEEPEST_DB, max(USUAL_DB, Decimal(ceil(needed / 50)) / 2))


def _loudness(music: SoundEvent, line: Spoken, facts: SoundFacts) -> int | None:
    """How loud the music's file is where it lies under the line."""
    first, last = max(music.begin, line.begin), min(music.end, line.end)
    told = facts.momentary
    if not told or first >= last:
        return None
    places = range(music.offset + first - music.begin, music.offset + last - music.begin, HOP)
    hops = [each // HOP for each in places]
    if music.material.loop is not None:
        return integrated([told[each % len(told)] for each in hops])
    return integrated([told[min(each, len(told) - 1)] for each in hops])
