"""Where somebody speaks in a sound, by what makes speech: a voice that has a pitch, and that comes and goes.

A moment counts as voiced where the band of speech stands well above the quietest that the sound ever is there, and the
wave repeats itself at a pitch that a voice can have. Around voiced moments speech is what stays above that floor, with
short pauses closed. A tone or a hum that never changes is its own floor, and therefore no speech; nor is noise, which
has no pitch. Music is taken for speech where it has both, so who asks must expect a voice.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from render.mix.source_samples import Samples
from storyboard.timeline.sample_grid import SOUND_RATE

_DOWN = 6  # to 8 kHz, which has all of a voice's pitch and most of its vowels
_RATE = SOUND_RATE // _DOWN
_STEP = _RATE // 50  # 20 ms
_WINDOW = _RATE // 20  # 50 ms
_PITCH = (_RATE // 400, _RATE // 70)  # samples of a period, from the highest voice to the lowest
_ABOVE = 9.0  # decibels over the floor
_LEAST = -55.0  # dBFS
_LIKE = 0.55  # how much a voiced window is like itself a period later, 0 to 1
_PAUSE, _AROUND, _SHORTEST = 25, 5, 6  # steps: closed within speech, added on either side, and left out below

AROUND = _AROUND * _STEP * _DOWN
"""Samples that are added before and after what is said, for who makes way for it."""


def speech_in(samples: Samples) -> Iterator[tuple[int, int]]:
    """Stretches of speech, as first sample and the one after the last, in order."""
    windows = _windows(_band(samples))
    if not len(windows):
        return
    level = 10 * np.log10(np.maximum((windows**2).mean(axis=1), 1e-12))
    floor = max(_LEAST - _ABOVE, float(np.percentile(level, 10)))
    loud = level > floor + _ABOVE
    voiced = loud & (_likeness(windows) > _LIKE)
    for begin, end in _runs(_closed(loud, _PAUSE)):
        if np.count_nonzero(voiced[begin:end]) >= _SHORTEST // 2 and end - begin >= _SHORTEST:
            first, last = max(0, begin - _AROUND), end + _AROUND
            yield first * _STEP * _DOWN, min(len(samples), last * _STEP * _DOWN)


def _band(samples: Samples) -> NDArray[np.float64]:
    """One channel of what lies between 100 Hz and 3.5 kHz, at 8 kHz."""
    mono = samples.mean(axis=1).astype(np.float64)
    if len(mono) < SOUND_RATE // 10:
        return np.zeros(0)
    bands = np.fft.rfft(mono)
    hertz = np.fft.rfftfreq(len(mono), 1 / SOUND_RATE)
    bands[(hertz < 100) | (hertz > 3500)] = 0
    return np.asarray(np.fft.irfft(bands, len(mono))[::_DOWN])


def _windows(band: NDArray[np.float64]) -> NDArray[np.float64]:
    if len(band) < _WINDOW:
        return np.zeros((0, _WINDOW))
    return np.lib.stride_tricks.sliding_window_view(band, _WINDOW)[::_STEP]


def _likeness(windows: NDArray[np.float64]) -> NDArray[np.float64]:
    """How much each window repeats itself at its best pitch, by the normalised autocorrelation."""
    size = 1 << (2 * _WINDOW - 1).bit_length()
    centred = windows - windows.mean(axis=1, keepdims=True)
    spectrum = np.abs(np.fft.rfft(centred, size, axis=1)) ** 2
    alike = np.fft.irfft(spectrum, size, axis=1)[:, : _PITCH[1] + 1]
    lags = np.arange(_PITCH[1] + 1)
    fair = alike / np.maximum(alike[:, :1], 1e-12) * (_WINDOW / (_WINDOW - lags))
    return np.asarray(fair[:, _PITCH[0] :].max(axis=1))


def _closed(flags: NDArray[np.bool_], gap: int) -> NDArray[np.bool_]:
    """With gaps of at most so many steps between two runs closed."""
    closed = flags.copy()
    runs = list(_runs(flags))
    for (_, end), (begin, _) in pairwise(runs):
        if begin - end <= gap:
            closed[end:begin] = True
    return closed


def _runs(flags: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    edges = np.flatnonzero(np.diff(np.concatenate([[False], flags, [False]]).astype(np.int8)))
    return zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
