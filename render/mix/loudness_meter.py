"""How loud samples are: momentary loudness by ffmpeg's ebur128, and true peaks by oversampling four times."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isnan, log10
from typing import Any

import numpy as np
from numpy.typing import NDArray

from render.media.sound_samples import SOUND_RATE
from render.mix.source_samples import Samples, pulled

SILENCE = -12_000
"""Hundredths of a LUFS of what is no sound at all."""

_TAPS, _PHASES, _BETA = 16, 4, 4.0  # within 0.05 dB up to 20 kHz
_CHUNK = 1024
_HIDDEN_DB = 3.0  # by which a peak between two samples may be higher than those around it, in sound that is looked for


def _interpolators() -> NDArray[np.float32]:
    """The three filters that find the wave a quarter, a half and three quarters of the way to the next sample."""
    at = np.arange(_TAPS) - (_TAPS / 2 - 1)
    filters = []
    for phase in range(1, _PHASES):
        distance = at - phase / _PHASES
        taps = (
            np.sinc(distance) * np.i0(_BETA * np.sqrt(np.clip(1 - (distance / (_TAPS / 2)) ** 2, 0, 1))) / np.i0(_BETA)
        )
        filters.append(taps / taps.sum())
    return np.asarray(filters, np.float32)[:, ::-1]


_BETWEEN = _interpolators()


def momentary(blocks: Iterable[Samples]) -> list[int]:
    """The momentary loudness at the end of each tenth of a second, in hundredths of a LUFS; blocks are whole tenths."""
    from av.audio.frame import AudioFrame
    from av.filter import Graph

    graph: Any = Graph()
    begin = graph.add_abuffer(sample_rate=SOUND_RATE, format="flt", layout="stereo", time_base=Fraction(1, SOUND_RATE))
    meter, end = graph.add("ebur128", "metadata=1:framelog=quiet"), graph.add("abuffersink")
    begin.link_to(meter)
    meter.link_to(end)
    graph.configure()
    told: list[int] = []
    at = 0
    for block in blocks:
        frame = AudioFrame.from_ndarray(np.ascontiguousarray(block).reshape(1, -1), format="flt", layout="stereo")
        frame.sample_rate, frame.pts = SOUND_RATE, at
        at += len(block)
        graph.push(frame)
        told += map(_momentary, pulled(graph))
    graph.push(None)
    return [*told, *map(_momentary, pulled(graph))]


def _momentary(frame: Any) -> int:
    told = float(frame.metadata.get("lavfi.r128.M", "-120"))
    return SILENCE if isnan(told) else max(SILENCE, round(told * 100))


def peaks(samples: Samples) -> NDArray[np.float32]:
    """The highest point of the wave from each sample to the next, on either side; 1 is full scale."""
    found: NDArray[np.float32] = np.abs(samples).max(axis=1)
    for channel in range(samples.shape[1]):
        side = np.ascontiguousarray(samples[:, channel])
        padded = np.concatenate([np.zeros(_TAPS // 2 - 1, np.float32), side, np.zeros(_TAPS // 2, np.float32)])
        for taps in _BETWEEN:
            np.maximum(found, np.abs(np.convolve(padded, taps, "valid")), out=found)
    return found


def true_peak(samples: Samples) -> float:
    """The highest true peak, 1 being full scale; 0 of silence."""
    if not len(samples):
        return 0.0
    highest = chunk_peaks(samples)
    least = highest.max() * 10 ** (-_HIDDEN_DB / 20)
    if not least:
        return 0.0
    return max(_peak_in(samples, int(number) * _CHUNK) for number in np.flatnonzero(highest >= least))


def chunk_peaks(samples: Samples) -> NDArray[np.float32]:
    """The highest sample of each `_CHUNK`."""
    whole = np.abs(samples).max(axis=1)
    return np.asarray(np.maximum.reduceat(whole, np.arange(0, len(whole), _CHUNK)))


def _peak_in(samples: Samples, at: int) -> float:
    """The highest point of one chunk, found with what lies around it."""
    first = max(0, at - _TAPS)
    return float(peaks(samples[first : at + _CHUNK + _TAPS])[at - first :][:_CHUNK].max())


def decibels(peak: float) -> float:
    """A peak in decibels of full scale; no less than -144."""
    return 20 * log10(max(peak, 10 ** (-144 / 20)))
