"""The theme of "The Last Lamp": a slow waltz on a plucked string over a low drone, synthesised note by note."""

from __future__ import annotations

import asyncio
import math
import random
from array import array
from pathlib import Path

from render.media import ffmpeg
from render.media.graph import raw_sound, sink

RATE = 22_050
BEAT_S = 0.66
VERSE = "D4:3 A3:1 D4:1 F4:1 E4:3 C4:3 D4:2 F4:1 A4:3 G4:2 E4:1 F4:3"
ANSWER = "A4:3 C5:2 A4:1 G4:3 E4:3 F4:2 D4:1 Bb3:3 A3:2 C4:1 D4:3"
CHORDS = ("D2 A3 F3", "D2 A3 F3", "C2 G3 E3", "C2 G3 E3", "D2 A3 F3", "F2 C4 A3", "C2 G3 E3", "F2 C4 A3")
ANSWER_CHORDS = ("F2 C4 A3", "F2 C4 A3", "C2 G3 E3", "C2 G3 E3", "Bb1 F3 D3", "Bb1 F3 D3", "A1 E3 G3", "D2 A3 F3")
_STEPS = {"C": 0, "D": 2, "E": 4, "F": 5, "G": 7, "A": 9, "B": 11}

Note = tuple[float, float, float]  # hertz, second, loudness


def write(target: Path) -> None:
    """Write the theme, about 50 s of it, to lie under voices."""
    notes = [*_chords(0), *_melody(VERSE, 0), *_melody(ANSWER, 24), *_chords(24, ANSWER_CHORDS)]
    notes += [*_melody(VERSE, 48), *_chords(48)]
    sound = [0.0] * round((72 * BEAT_S + 3) * RATE)
    for hertz, at_s, loud in notes:
        _pluck(sound, round(at_s * RATE), hertz, loud)
    _drone(sound)
    _echo(sound)
    target.parent.mkdir(parents=True, exist_ok=True)
    asyncio.run(_save(_mastered(sound), target))


async def _save(sound: array[float], target: Path) -> None:
    output = sink([raw_sound(RATE, 1)], target, **{"c:a": "libmp3lame", "b:a": "40k", "map_metadata": -1})
    await ffmpeg.run(output, what="write the theme", feed=[sound.tobytes()])


def _melody(line: str, beat: float) -> list[Note]:
    notes = []
    for word in line.split():
        name, _, beats = word.partition(":")
        notes.append((_hertz(name), beat * BEAT_S, 0.5))
        beat += int(beats)
    return notes


def _chords(beat: float, bars: tuple[str, ...] = CHORDS) -> list[Note]:
    """One low string on the first beat of each bar, two soft ones after."""
    loudness = (0.5, 0.2, 0.17)
    return [
        (_hertz(name), (beat + 3 * bar + place) * BEAT_S, loudness[place])
        for bar, chord in enumerate(bars)
        for place, name in enumerate(chord.split())
    ]


def _hertz(name: str) -> float:
    step = _STEPS[name[0]] - (1 if "b" in name else 0) + 12 * int(name[-1])
    return 440.0 * 2 ** ((step - 57) / 12)


def _pluck(sound: list[float], start: int, hertz: float, loud: float) -> None:
    """Karplus and Strong: a burst of noise that circles in a string and mellows."""
    period = max(2, round(RATE / hertz))
    chance = random.Random(period)  # noqa: S311 - a string's noise, not a secret
    string = [chance.uniform(-1, 1) for _ in range(period)]
    for _ in range(6):  # a soft finger
        string = [(level + string[place - 1]) / 2 for place, level in enumerate(string)]
    for step in range(min(RATE * 3, len(sound) - start)):
        place = step % period
        sound[start + step] += loud * string[place]
        string[place] = 0.4988 * (string[place] + string[(place + 1) % period])


def _drone(sound: list[float]) -> None:
    for place in range(len(sound)):
        swell = 0.5 - 0.5 * math.cos(2 * math.pi * place / len(sound))
        turn = 2 * math.pi * place / RATE
        sound[place] += swell * (0.04 * math.sin(73.42 * turn) + 0.025 * math.sin(110.0 * turn + math.sin(turn * 0.4)))


def _echo(sound: list[float]) -> None:
    for delay_s, share in ((0.31, 0.28), (0.47, 0.2)):
        delay = round(delay_s * RATE)
        for place in range(delay, len(sound)):
            sound[place] += share * sound[place - delay]


def _mastered(sound: list[float]) -> array[float]:
    """At half of full scale, with soft ends."""
    peak, count, fade = max(abs(level) for level in sound), len(sound), RATE * 3
    gain = 0.5 / peak
    return array(
        "f", [level * gain * min(1.0, place / 400, (count - place) / fade) for place, level in enumerate(sound)]
    )
