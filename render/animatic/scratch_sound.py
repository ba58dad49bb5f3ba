"""Scratch sound of an animatic: room tone, and a soft tick at each beat, both quiet."""

from __future__ import annotations

import math
import random
import wave
from array import array
from fractions import Fraction
from functools import cache
from pathlib import Path

from render.animatic.brief import Brief

RATE = 48_000
"""Samples a second."""

_FULL = 32_767
_ROOM_S = 2
_PAD_HZ = (55.0, 82.5, 110.0, 165.0)  # each has whole periods in the loop of room tone, which so has no seam
_CHORD = 2 * RATE // 5
"""Samples after which the chord begins again: whole periods of each of its tones."""

_EDGE_S = 0.012


def write_scratch_sound(brief: Brief, target: Path) -> None:
    """Write the shot's sound as a WAV (mono, 16 bits), exactly as long as its picture, peaks near -30 dBFS."""
    samples = sample_count(brief.frames, brief.fps)
    sound = _room_tone() * (samples // (RATE * _ROOM_S) + 1)
    del sound[samples:]
    _add(sound, 0, _tick(1000.0, 0.09))
    for beat in brief.beats:
        _add(sound, sample_count(beat, brief.fps), _tick(1600.0, 0.05))
    _soften_edges(sound)
    with target.open("wb") as raw, wave.open(raw, "wb") as file:  # given a name, wave complains where it cannot open it
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(sound.tobytes())


def sample_count(frames: int, fps: Fraction) -> int:
    """How many samples last as long as so many frames at `fps` frames a second."""
    return round(frames / fps * RATE)


@cache
def _room_tone() -> array[int]:
    """Two seconds of room tone that loop: a low chord under noise, the same on every machine."""
    length = RATE * _ROOM_S
    noise = _noise(length)
    chord = [sum(math.sin(2 * math.pi * hertz * place / RATE) for hertz in _PAD_HZ) for place in range(_CHORD)]
    chord *= length // _CHORD
    return array("h", [round(_FULL * (0.0035 * low + 0.0022 * tone)) for low, tone in zip(noise, chord, strict=True)])


def _noise(length: int) -> list[float]:
    """Brown noise between -1 and 1 whose end leads back to its beginning."""
    chance = random.Random(1871)  # noqa: S311 - a sound, not a secret
    fade = RATE // 10
    level, walk = 0.0, []
    for _ in range(length + fade):
        level = 0.985 * level + 0.09 * (chance.random() * 2 - 1)
        walk.append(level)
    for place in range(fade):
        share = place / fade
        walk[place] = walk[place] * share + walk[length + place] * (1 - share)
    del walk[length:]
    peak = max(abs(step) for step in walk)
    return [step / peak for step in walk]


def _tick(hertz: float, length_s: float) -> list[float]:
    """A short, soft tone that dies away."""
    count = round(length_s * RATE)
    return [
        0.016 * math.sin(2 * math.pi * hertz * place / RATE) * math.exp(-7 * place / count) * min(1.0, place / 48)
        for place in range(count)
    ]


def _add(sound: array[int], at: int, tone: list[float]) -> None:
    for place, level in enumerate(tone[: len(sound) - at]):
        sound[at + place] += round(_FULL * level)


def _soften_edges(sound: array[int]) -> None:
    """A few milliseconds from and to silence, so that cuts do not click."""
    edge = min(round(_EDGE_S * RATE), len(sound) // 2)
    for place in range(edge):
        sound[place] = round(sound[place] * place / edge)
        sound[-1 - place] = round(sound[-1 - place] * place / edge)
