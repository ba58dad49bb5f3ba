"""The small sounds: the hum of the laundrette, its door bell, static, a coin, a drum that starts to turn."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from synth import RATE, Sound, band, edges, later, levelled, noise, peak, room, seconds, write


def hum() -> Sound:
    """Six seconds that go round: a mains hum, and washing that falls from the top of a drum every 1.5 s."""
    time = seconds(6)
    mains = sum(
        loud * np.sin(2 * np.pi * hertz * time) for hertz, loud in ((50, 1), (100, 0.7), (150, 0.25), (200, 0.2))
    )
    air = band(np.tile(noise(len(time) // 2, 1), 2), 150, 900)
    turning = 0.5 - 0.5 * np.cos(2 * np.pi * time / 1.5)
    water = band(noise(len(time), 2), 300, 1_600) * turning**3
    thump = np.sin(2 * np.pi * 64 * (time % 1.5)) * np.exp(-(time % 1.5) * 14) * np.minimum(1, (time % 1.5) / 0.01)
    return levelled(0.16 * mains + 0.5 * air + 0.5 * water + 0.25 * thump, -34)


def bell() -> Sound:
    """The bell over the door, struck twice by its own spring."""
    sound = np.zeros(round(2.2 * RATE))
    for at_s, loud in ((0.0, 1.0), (0.16, 0.5), (0.29, 0.22)):
        time = seconds(1.9)
        partials = ((2_093, 1, 3), (2_098, 0.5, 3.4), (4_310, 0.4, 5), (6_480, 0.2, 8), (1_046, 0.3, 2.6))
        ring = sum(share * np.sin(2 * np.pi * hertz * time) * np.exp(-time * decay) for hertz, share, decay in partials)
        start = round(at_s * RATE)
        sound[start : start + len(time)] += loud * np.asarray(ring)[: len(sound) - start] * np.minimum(1, time / 0.002)
    return levelled(edges(sound, 0.002, 0.3), -24)


def static() -> Sound:
    """A dial that is turned through the night: hiss, a whistle that slides, a crackle."""
    time = seconds(1.8)
    hiss = band(noise(len(time), 3), 500, 4_200)
    slide = 900 + 1_500 * np.exp(-((time - 0.9) ** 2) / 0.05) - 500 * time / 1.8
    whistle = np.sin(2 * np.pi * np.cumsum(slide) / RATE) * np.exp(-((time - 0.85) ** 2) / 0.09)
    crackle = band(np.where(noise(len(time), 4) > 0.9985, 1.0, 0.0), 800, 5_000)
    swell = 0.35 + 0.65 * np.abs(np.sin(2 * np.pi * 1.1 * time + 0.4)) ** 2
    return levelled(edges(0.5 * hiss * swell + 0.3 * whistle + 2.2 * crackle, 0.05, 0.35), -28)


def coin() -> Sound:
    """A coin that falls into a tray and turns until it lies."""
    sound = np.zeros(round(1.3 * RATE))
    at_s, gap_s, loud = 0.0, 0.21, 1.0
    while at_s < 0.8 and gap_s > 0.012:
        time = seconds(0.4)
        pairs = ((3_150, 1.0), (4_870, 0.7), (7_420, 0.4), (9_800, 0.2))
        ting = sum(share * np.sin(2 * np.pi * hertz * time + hertz) for hertz, share in pairs)
        ting = np.asarray(ting) * np.exp(-time * 16) * np.minimum(1, time / 0.001) * np.clip((0.4 - time) / 0.1, 0, 1)
        start = round(at_s * RATE)
        sound[start : start + len(ting)] += loud * ting[: len(sound) - start]
        at_s, gap_s, loud = at_s + gap_s, gap_s * 0.8, loud * 0.8
    return levelled(edges(sound + 0.15 * room(sound, 0.4, 5)[: len(sound)], 0.001, 0.25), -26)


def spin() -> Sound:
    """Number seven takes a coin and begins to turn: a click, a motor that finds its pitch, water."""
    time = seconds(3.2)
    pitch = 46 + 52 * (1 - np.exp(-time * 1.4))
    turn = 2 * np.pi * np.cumsum(pitch) / RATE
    motor = np.sin(turn) + 0.5 * np.sin(2 * turn + 0.4) + 0.25 * np.sin(5 * turn)
    water = band(noise(len(time), 6), 250, 1_900) * (0.5 + 0.5 * np.sin(turn / 34)) * np.minimum(1, time / 1.6)
    click = band(noise(len(time), 7), 900, 6_000) * np.exp(-time * 140)
    heard = peak(0.3 * motor * np.minimum(1, time / 0.5) + 0.7 * water + 1.4 * click, 420, 5)
    wobble = later(heard, 0.0008 * (1 + np.sin(2 * np.pi * 2.6 * time)))
    return levelled(edges(wobble, 0.001, 0.9), -28)


def write_effects(folder: Path) -> None:
    """Write them all."""
    for effect, kbps in ((hum, 32), (bell, 40), (static, 32), (coin, 40), (spin, 32)):
        write(effect(), folder / f"{effect.__name__}.ogg", kbps)
