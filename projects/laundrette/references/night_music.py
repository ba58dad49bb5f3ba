"""The music of "Night Cycle", synthesised: a slow theme that goes round without a seam, and a quiet one for the roof.

Every note is laid on a circle, so what rings over the end falls on the beginning.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from synth import RATE, Sound, band, levelled, noise, peak, room, seconds, write

BEAT_S = 0.75
BAR_S = 4 * BEAT_S

Chord = tuple[int, tuple[int, ...]]  # a bass note and what stands over it, as MIDI numbers
F, AM, DM, BB = (41, (57, 60, 64, 67)), (45, (55, 60, 64, 71)), (38, (53, 57, 60, 64)), (46, (57, 62, 65, 72))
GM, C, BBM, FA = (43, (58, 62, 65, 69)), (48, (58, 62, 65, 67)), (46, (58, 61, 65, 67)), (45, (57, 60, 65, 64))
THEME: tuple[Chord, ...] = (F, AM, DM, BB, F, AM, GM, C, BB, BBM, FA, C)
MOONLIGHT: tuple[Chord, ...] = (BB, BBM, FA, DM, GM, C)

_LEAD = (  # bar, beat, MIDI number, beats
    (4, 0.5, 72, 1.0), (4, 1.5, 76, 1.5), (4, 3, 74, 1), (5, 0, 71, 2.5), (5, 3, 67, 1),
    (6, 0, 69, 1.5), (6, 1.5, 70, 1), (6, 2.5, 74, 1.5), (7, 0, 72, 3),
    (8, 0.5, 77, 1), (8, 1.5, 76, 0.5), (8, 2, 74, 2), (9, 0, 73, 2), (9, 2, 77, 2),
    (10, 0, 76, 1.5), (10, 1.5, 72, 1), (10, 2.5, 69, 1.5), (11, 0, 70, 1.5), (11, 1.5, 67, 2),
)  # fmt: skip
_ROOF_LEAD = (
    (0, 1, 74, 3),
    (1, 0, 73, 2),
    (1, 2, 77, 2),
    (2, 0, 76, 3.5),
    (3, 1, 72, 3),
    (4, 1, 74, 2),
    (4, 3, 77, 1),
    (5, 0, 79, 3),
)


class Tape:
    """A loop of stereo sound that notes are laid on."""

    def __init__(self, bars: int) -> None:
        self.sound: Sound = np.zeros((2, round(bars * BAR_S * RATE)))

    def add(self, note: Sound, at_s: float, loud: float, pan: float = 0.0) -> None:
        """Lay a note at a second; `pan` from -1 (left) to 1. What passes the end comes in at the beginning."""
        places = (round(at_s * RATE) + np.arange(len(note))) % self.sound.shape[-1]
        for channel, side in enumerate((1 - pan, 1 + pan)):
            np.add.at(self.sound[channel], places, note * loud * np.sqrt(side / 2))

    def echo(self, delay_s: float, share: float, times: int = 4) -> None:
        """Repeats that go from side to side."""
        dry = self.sound.copy()
        for turn in range(1, times + 1):
            heard = np.roll(dry if turn % 2 == 0 else dry[::-1], round(delay_s * turn * RATE), axis=-1)
            self.sound += share**turn * heard


def theme() -> Sound:
    """Twelve bars, 36 s: pads, bass, bells, a small lead, soft drums that wait for the third bar."""
    pads, bells, lead, low, drums = (Tape(len(THEME)) for _ in range(5))
    _pads(pads, THEME)
    _bells(bells, THEME, 0.5)
    _sing(lead, _LEAD)
    for bar, (root, _) in enumerate(THEME):
        for beat, length, step in ((0, 1.4, 0), (1.5, 0.4, 0), (2, 1.2, 0), (3.5, 0.45, 7 if bar % 2 else 12)):
            low.add(_bass(root + step, length * BEAT_S), bar * BAR_S + beat * BEAT_S, 0.34)
        if bar >= 2:
            _bar_of_drums(drums, bar)
    bells.echo(0.75 * BEAT_S, 0.42)
    lead.echo(1.5 * BEAT_S, 0.3, 3)
    wet = 0.8 * pads.sound + 0.7 * bells.sound + 0.9 * lead.sound + 0.1 * drums.sound
    dry = 0.85 * pads.sound + 1.1 * bells.sound + 0.95 * lead.sound + low.sound + drums.sound
    return levelled(peak(dry + 0.32 * _hall(wet), 4_500, 6, 1.6), -18, 0.8)


def moonlight() -> Sound:
    """Six bars, 18 s, without drums: pads, bells like drops, a high lead."""
    pads, bells, lead = (Tape(len(MOONLIGHT)) for _ in range(3))
    _pads(pads, MOONLIGHT)
    _bells(bells, MOONLIGHT, 1.0)
    _sing(lead, _ROOF_LEAD)
    for bar, (root, _) in enumerate(MOONLIGHT):
        pads.add(_bass(root, BAR_S * 0.95), bar * BAR_S, 0.3)
    bells.echo(0.75 * BEAT_S, 0.5, 5)
    lead.echo(1.5 * BEAT_S, 0.36, 3)
    dry = pads.sound + 0.7 * bells.sound + 0.8 * lead.sound
    return levelled(peak(0.8 * dry + 0.5 * _hall(dry), 4_500, 6, 1.6), -19, 0.8)


def write_music(folder: Path) -> None:
    """Write both."""
    write(theme(), folder / "theme.ogg", 56)
    write(moonlight(), folder / "moonlight.ogg", 48)


def _hertz(note: float) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _hall(sound: Sound) -> Sound:
    return np.stack([room(channel, 2.6, 31 + side, 5_200, around=True) for side, channel in enumerate(sound)])


def _pads(tape: Tape, chords: tuple[Chord, ...]) -> None:
    for bar, (_, notes) in enumerate(chords):
        for place, note in enumerate(notes):
            for detune, pan in ((-0.07, -0.7), (0.0, 0.0), (0.06, 0.7)):
                tape.add(_pad(note + detune, place), bar * BAR_S - 0.35, 0.05, pan)


def _pad(note: float, place: int) -> Sound:
    """A soft saw of few harmonics that opens and closes."""
    time = seconds(BAR_S + 1.5)
    swell = np.minimum(1, time / 0.7) * np.minimum(1, (time[-1] - time) / 1.4)
    bright = 0.68 + 0.2 * np.sin(np.pi * time / time[-1])
    turn = 2 * np.pi * _hertz(note) * time + place
    tone = sum(np.sin(k * turn) / k * bright ** (k - 1) for k in range(1, 8))
    return np.asarray(tone * np.sin(swell * np.pi / 2) ** 2)


def _bells(tape: Tape, chords: tuple[Chord, ...], beats: float) -> None:
    """An arpeggio up and down the chord, two octaves of it."""
    for bar, (_, notes) in enumerate(chords):
        ladder = [*notes, *(note + 12 for note in notes[:2])]
        order = (0, 2, 3, 4, 5, 4, 3, 2) if beats < 1 else (0, 3, 5, 4)
        for step, place in enumerate(order):
            loud = (0.15, 0.085, 0.11, 0.085)[step % 4]
            swing = 0.045 if step % 2 and beats < 1 else 0.0
            tape.add(_bell(ladder[place] + 12), bar * BAR_S + step * beats * BEAT_S + swing, loud, 0.5 * (-1) ** step)


def _bell(note: float) -> Sound:
    time = seconds(1.6)
    turn = 2 * np.pi * _hertz(note) * time
    strike = np.exp(-time * 9) * 1.1
    tone = np.sin(turn + strike * np.sin(3.0 * turn)) + 0.3 * np.sin(4 * turn) * np.exp(-time * 7)
    return np.asarray(tone * np.exp(-time * 3.4) * np.minimum(1, time / 0.004) * np.minimum(1, (time[-1] - time) / 0.1))


def _sing(tape: Tape, line: tuple[tuple[float, float, int, float], ...]) -> None:
    for bar, beat, note, beats in line:
        tape.add(_lead(note, beats * BEAT_S), bar * BAR_S + beat * BEAT_S, 0.12, 0.12)


def _lead(note: float, length_s: float) -> Sound:
    """A soft voice, something between a whistle and a theremin."""
    time = seconds(length_s + 0.5)
    vibrato = 0.16 * np.sin(2 * np.pi * 5.1 * time) * np.clip((time - 0.25) / 0.5, 0, 1)
    slide = -0.5 * np.exp(-time * 22)
    turn = 2 * np.pi * np.cumsum(440.0 * 2 ** ((note + vibrato + slide - 69) / 12)) / RATE
    tone = np.sin(turn) + 0.16 * np.sin(2 * turn) + 0.07 * np.sin(3 * turn)
    shape = np.minimum(1, time / 0.06) * np.clip((time[-1] - time) / 0.5, 0, 1)
    return np.asarray(tone * np.sin(shape * np.pi / 2) ** 2)


def _bass(note: float, length_s: float) -> Sound:
    time = seconds(length_s + 0.12)
    turn = 2 * np.pi * _hertz(note) * time
    tone = np.tanh(1.5 * (np.sin(turn) + 0.3 * np.sin(2 * turn) * np.exp(-time * 4)))
    shape = np.minimum(1, time / 0.012) * np.clip((time[-1] - time) / 0.12, 0, 1) * np.exp(-time * 0.5)
    return np.asarray(tone * np.sin(shape * np.pi / 2) ** 2)


def _bar_of_drums(tape: Tape, bar: int) -> None:
    start = bar * BAR_S
    for beat in (0, 2.5) if bar % 2 else (0, 2):
        tape.add(_kick(), start + beat * BEAT_S, 0.5)
    for beat in (1, 3):
        tape.add(_brush(bar), start + beat * BEAT_S + 0.012, 0.36, 0.1)
    if bar >= 4:
        for step in range(8):
            loud = 0.09 if step % 2 == 0 else 0.14
            tape.add(_hat(bar * 8 + step), start + step * BEAT_S / 2 + (0.045 if step % 2 else 0.0), loud, -0.35)


def _kick() -> Sound:
    time = seconds(0.34)
    turn = 2 * np.pi * (48 * time + 34 / 22 * (1 - np.exp(-time * 22)))
    return np.asarray(np.sin(turn) * np.exp(-time * 9) * np.clip((time[-1] - time) / 0.05, 0, 1))


def _brush(seed: int) -> Sound:
    time = seconds(0.3)
    sweep = band(noise(len(time), 100 + seed), 900, 5_200)
    body = 0.35 * np.sin(2 * np.pi * 186 * time) * np.exp(-time * 26)
    return np.asarray((sweep * np.exp(-time * 15) + body) * np.minimum(1, time / 0.006))


def _hat(seed: int) -> Sound:
    time = seconds(0.09)
    return np.asarray(
        band(noise(len(time), 300 + seed), 7_000, 13_000) * np.exp(-time * 60) * np.minimum(1, time / 0.002)
    )
