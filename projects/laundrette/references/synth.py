"""Sounds as arrays: filters, echoes, loudness, and files. Samples are floats at 48 kHz, mono (n) or stereo (2, n)."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from render.media import ffmpeg
from render.media.graph import raw_sound, sink

RATE = 48_000
Sound = NDArray[np.float64]


def seconds(length_s: float) -> Sound:
    """The time of each sample."""
    return cast(Sound, np.arange(round(length_s * RATE)) / RATE)


def noise(count: int, seed: int) -> Sound:
    """White noise between -1 and 1, the same for a seed."""
    return np.random.default_rng(seed).uniform(-1, 1, count)


def band(sound: Sound, low: float, high: float, order: int = 2) -> Sound:
    """What lies between two frequencies, with the gentle edges of a Butterworth filter; 0 leaves an end open."""
    hertz = np.fft.rfftfreq(sound.shape[-1], 1 / RATE)
    gain = np.ones_like(hertz)
    if low:
        gain /= np.sqrt(1 + (low / np.maximum(hertz, 1e-3)) ** (2 * order))
    if high:
        gain /= np.sqrt(1 + (hertz / high) ** (2 * order))
    return _filtered(sound, gain)


def peak(sound: Sound, middle: float, gain_db: float, width: float = 0.5) -> Sound:
    """Louder or softer around a frequency; `width` is in octaves."""
    hertz = np.maximum(np.fft.rfftfreq(sound.shape[-1], 1 / RATE), 1.0)
    return _filtered(sound, 10 ** (gain_db / 20 * np.exp(-((np.log2(hertz / middle) / width) ** 2))))


def later(sound: Sound, delay: Sound | float) -> Sound:
    """The sound after a delay in seconds, which may change from sample to sample."""
    places = np.arange(sound.shape[-1]) - np.asarray(delay) * RATE
    return np.interp(places, np.arange(sound.shape[-1]), sound, left=0.0, right=0.0)


def room(sound: Sound, length_s: float, seed: int, dark: float = 4_000, *, around: bool = False) -> Sound:
    """The echo of a room, dying away over `length_s`. With `around` its end falls on the beginning, as in a loop."""
    count = round(length_s * RATE)
    tail = band(noise(count, seed), 180, dark) * np.exp(-6.9 * np.arange(count) / count)
    tail[: round(0.008 * RATE)] = 0
    tail /= np.sqrt(np.sum(tail**2))
    size = sound.shape[-1] if around else sound.shape[-1] + count
    heard = np.fft.irfft(np.fft.rfft(sound, size) * np.fft.rfft(tail, size), size)
    return cast(Sound, heard)


def edges(sound: Sound, fade_in_s: float = 0.008, fade_out_s: float = 0.04) -> Sound:
    """From and to silence, so that nothing clicks."""
    begin, end = round(fade_in_s * RATE), round(fade_out_s * RATE)
    soft = sound.copy()
    soft[..., :begin] *= np.sin(np.linspace(0, np.pi / 2, begin)) ** 2
    soft[..., -end:] *= np.cos(np.linspace(0, np.pi / 2, end)) ** 2
    return soft


def loudness(sound: Sound) -> float:
    """Integrated loudness in LUFS by ITU-R BS.1770, with its two gates."""
    heard = _filtered(np.atleast_2d(sound), _k_weight(sound.shape[-1]))
    block, step = round(0.4 * RATE), round(0.1 * RATE)
    starts = range(0, max(1, heard.shape[-1] - block + 1), step)
    power = np.array([np.sum(np.mean(heard[:, at : at + block] ** 2, axis=-1)) for at in starts])
    level = -0.691 + 10 * np.log10(np.maximum(power, 1e-12))
    open_gate = level > -70
    if not open_gate.any():
        return -70.0
    gate = -0.691 + 10 * np.log10(np.mean(power[open_gate])) - 10
    return float(-0.691 + 10 * np.log10(np.mean(power[open_gate & (level > gate)])))


def levelled(sound: Sound, lufs: float, ceiling: float = 0.7) -> Sound:
    """As loud as asked, with peaks that bend softly under the ceiling (1 is full scale)."""
    for _ in range(3):
        sound = sound * 10 ** ((lufs - loudness(sound)) / 20)
        sound = np.where(np.abs(sound) < ceiling * 0.6, sound, np.sign(sound) * _bent(np.abs(sound), ceiling))
    return sound


def write(sound: Sound, target: Path, kbps: int) -> None:
    """Write a sound as Opus in Ogg."""
    target.parent.mkdir(parents=True, exist_ok=True)
    channels = np.atleast_2d(sound)
    samples = channels.T.astype("<f4").tobytes()
    options = {"c:a": "libopus", "b:a": f"{kbps}k", "map_metadata": -1, "fflags": "+bitexact", "flags:a": "+bitexact"}
    output = sink([raw_sound(RATE, len(channels))], target, **options)
    asyncio.run(ffmpeg.run(output, what=f"write {target.name}", feed=[samples]))


def _bent(level: Sound, ceiling: float) -> Sound:
    knee = ceiling * 0.6
    return knee + (ceiling - knee) * np.tanh((level - knee) / (ceiling - knee))


def _filtered(sound: Sound, gain: Sound) -> Sound:
    return np.fft.irfft(np.fft.rfft(sound) * gain, sound.shape[-1])


def _k_weight(count: int) -> Sound:
    """The ear's weighting as BS.1770 gives it for 48 kHz: a high shelf, and a high-pass."""
    turn = np.exp(-2j * np.pi * np.fft.rfftfreq(count))
    shelf = (1.53512485958697 - 2.69169618940638 * turn + 1.19839281085285 * turn**2) / (
        1 - 1.69065929318241 * turn + 0.73248077421585 * turn**2
    )
    high_pass = (1 - 2 * turn + turn**2) / (1 - 1.99004745483398 * turn + 0.99007225036621 * turn**2)
    return np.abs(shelf * high_pass)
