"""Makes small sounds of tones by formula, in any codec, and says how loud a tone is in what was decoded again."""

from __future__ import annotations

import math
from array import array
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import mul
from pathlib import Path

import av
from av.audio.frame import AudioFrame

RATE = 48_000
LEFT_HZ, RIGHT_HZ = 440.0, 660.0
LOUD = 0.4
STEREO: Sequence[tuple[float, float]] = ((LEFT_HZ, LOUD), (RIGHT_HZ, LOUD))
"""Frequency and amplitude of each channel's tone."""


def tone(hz: float, amplitude: float, second: float) -> float:
    """What the wave is at a moment."""
    return amplitude * math.sin(2 * math.pi * hz * second)


@lru_cache(maxsize=64)
def wave_of(hz: float, amplitude: float, rate: int, samples: int) -> bytes:
    """So many samples of it, as 32-bit floats."""
    return array("f", (tone(hz, amplitude, at / rate) for at in range(samples if amplitude else 0))).tobytes()


def make_sound(
    target: Path,
    codec: str,
    *,
    seconds: float = 0.5,
    rate: int = RATE,
    layout: str = "stereo",
    channels: Sequence[tuple[float, float]] = STEREO,
    muxer: str | None = None,
    options: Mapping[str, str] | None = None,
    muxing: Mapping[str, str] | None = None,
) -> Path:
    """Write a sound whose channels, in the layout's order, are the tones of `channels` (hertz, amplitude)."""
    samples = round(seconds * rate)
    frame = AudioFrame(format="fltp", layout=layout, samples=samples)
    for plane, (hz, amplitude) in zip(frame.planes[: len(channels)], channels, strict=True):
        plane.update(wave_of(hz, amplitude, rate, samples).ljust(plane.buffer_size, b"\0"))
    frame.sample_rate, frame.pts = rate, 0
    with av.open(str(target), "w", format=muxer, options=dict(muxing or {})) as container:
        stream = container.add_stream(codec, rate=rate, options=dict(options or {}), layout=layout)  # type: ignore[call-overload]
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return target


def make_bare_mp3(target: Path, *parts: tuple[float, float]) -> Path:
    """An MP3 without any header of its length: parts of so many seconds at such an amplitude, soft ones at less bits.

    What is guessed from the rate of its first frames is far from how long it is.
    """
    content = b""
    for seconds, amplitude in parts:
        channels = ((LEFT_HZ, amplitude), (RIGHT_HZ, amplitude))
        rate = {"b": "320000" if amplitude > 0.1 else "32000"}
        made = make_sound(
            target, "libmp3lame", seconds=seconds, channels=channels, options=rate, muxing={"write_xing": "0"}
        ).read_bytes()
        content += made[made.index(b"\xff\xfb") :]
    target.write_bytes(content)
    return target


def channel(heard: bytes, side: int) -> array[float]:
    """One side (0: left) of interleaved 32-bit floats in stereo."""
    samples = array("f", heard)
    return samples[side::2]


def loudness(heard: Sequence[float], hz: float, *, rate: int = RATE) -> float:
    """The amplitude of one tone in the middle half of some samples (Goertzel, over whole periods)."""
    count = len(heard) // 2
    count -= count % round(rate / math.gcd(round(hz), rate))
    begin = (len(heard) - count) // 2
    return amplitude_of(heard[begin : begin + count], hz, rate=rate)


def amplitude_of(heard: Sequence[float], hz: float, *, rate: int = RATE) -> float:
    """The amplitude of one tone in these samples (Goertzel)."""
    real, imaginary = (sum(map(mul, heard, wave)) for wave in _turns(hz, rate, len(heard)))
    return 2 * math.hypot(real, imaginary) / max(1, len(heard))


@lru_cache(maxsize=64)
def _turns(hz: float, rate: int, count: int) -> tuple[array[float], array[float]]:
    """The cosines and sines of so many steps of a tone."""
    turn = 2 * math.pi * hz / rate
    return array("d", map(math.cos, _steps(turn, count))), array("d", map(math.sin, _steps(turn, count)))


def _steps(turn: float, count: int) -> Iterable[float]:
    return (turn * at for at in range(count))
