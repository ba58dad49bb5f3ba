"""How loud samples are: momentary loudness by ffmpeg's ebur128, and true peaks by oversampling four times."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction
from math import isnan, log10
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from render.media.sound_samples import SOUND_RATE
from render.mix.source_samples import Samples, pulled

SILENCE = -12_000
"""Hundredths of a LUFS of what is no sound at all."""

_TAPS, _PHASES, _BETA = 16, 4, 4.0  # within 0.05 dB up to 20 kHz
_CELL = 64  # samples that are looked at together
_AT_ONCE = 1 << 16  # samples between which the wave is found at once: each takes sixteen of its neighbours in memory


def _interpolators() -> NDArray[np.float32]:
    """The three filters that find the wave a quarter, a half and three quarters of the way to the next sample."""
    at = np.arange(_TAPS) - (_TAPS / 2 - 1)
    filters = []
    for phase in range(1, _PHASES):
        distance = at - phase / _PHASES
        window = np.i0(_BETA * np.sqrt(np.clip(1 - (distance / (_TAPS / 2)) ** 2, 0, 1))) / np.i0(_BETA)
        taps = np.sinc(distance) * window
        filters.append(taps / taps.sum())
    return np.asarray(filters, np.float32)


_BETWEEN = _interpolators()

HIDDEN = float(np.abs(_BETWEEN).sum(axis=1).max())
"""By what the wave between two samples can be higher than the highest of those around it, at most: nearly 7 dB."""


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


def true_peak(samples: Samples) -> float:
    """The highest true peak, 1 being full scale; 0 of silence."""
    if not len(samples):
        return 0.0
    highest = cell_peaks(samples, _CELL)
    loudest = float(highest.max())
    if not loudest:
        return 0.0
    return float(peaks_between(samples, cells_over(highest, loudest), _CELL).max())


def cells_over(highest: NDArray[np.float32], peak: float) -> NDArray[np.int64]:
    """The cells in which the wave may be as high as this, by the highest samples of each and of those beside it.

    Cells must be at least as long as half of what is looked at between two samples.
    """
    beside = np.concatenate([[0.0], highest, [0.0]])
    around = np.maximum(highest, np.maximum(beside[:-2], beside[2:]))
    return np.flatnonzero(around * HIDDEN >= peak)


def cell_peaks(samples: Samples, cell: int) -> NDArray[np.float32]:
    """The highest sample, on either side, of each run of so many; the last one may be shorter."""
    either = np.maximum(np.abs(samples[:, 0]), np.abs(samples[:, 1]))
    return np.asarray(np.maximum.reduceat(either, np.arange(0, len(either), cell)))


def peaks_between(samples: Samples, cells: NDArray[np.int64], cell: int) -> NDArray[np.float32]:
    """The highest point of the wave in each of these runs of `cell` samples, up to the sample after it."""
    before, after = _TAPS // 2 - 1, _TAPS // 2
    padded = np.zeros((before + (int(cells.max(initial=0)) + 1) * cell + after, 2), np.float32)
    there = min(len(samples), len(padded) - before)
    padded[before : before + there] = samples[:there]
    found = np.zeros(len(cells), np.float32)
    count = _AT_ONCE // cell
    for side in (padded[:, 0].copy(), padded[:, 1].copy()):
        around = sliding_window_view(side, cell + _TAPS - 1)
        for at in range(0, len(cells), count):
            some = slice(at, at + count)
            np.maximum(found[some], _highest(around[cells[some] * cell], cell), out=found[some])
    return found


def _highest(whole: NDArray[np.float32], cell: int) -> NDArray[np.float32]:
    """The highest point of the wave in each row, which is a run of `cell` samples and those around it."""
    before = _TAPS // 2 - 1
    samples = np.abs(whole[:, before : before + cell]).max(axis=1, initial=0)
    between = np.abs(sliding_window_view(whole, _TAPS, axis=1).reshape(-1, _TAPS) @ _BETWEEN.T)
    return np.asarray(np.maximum(samples, between.reshape(len(whole), -1).max(axis=1, initial=0)))


def decibels(peak: float) -> float:
    """A peak in decibels of full scale; no less than -144."""
    return 20 * log10(max(peak, 10 ** (-144 / 20)))
