"""Holds true peaks under a ceiling: looks ahead, and is down before the peak. After a short one it comes up quickly,
after what lasted it comes up slowly, so that neither a blow nor a loud passage is heard to pump.

What it does at a sample depends on no more than a second before and some milliseconds after it, so a programme that is
limited block by block, each with that much around it, is the same as one limited whole. Where nothing reaches the
ceiling, not one sample is touched.
"""

from __future__ import annotations

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import NDArray

from render.media.sound_samples import SOUND_RATE
from render.mix.loudness_meter import cell_peaks, cells_over, peaks_between
from render.mix.source_samples import Samples

RECIPE = "limiter-3"
"""Changes with anything here that changes what is heard."""

BEFORE = SOUND_RATE
"""Samples before a block that decide how it is limited."""

AFTER = 512
"""Samples after it."""

_CELL = 16  # samples; finer than that the gain is not moved
_AHEAD = 15  # cells: 5 ms
_RELEASE_DB = 120 / SOUND_RATE * _CELL  # a cell
_LASTING = SOUND_RATE * 2 // 5 // _CELL  # cells over which what lasted is averaged


def limited(samples: Samples, ceiling: float) -> Samples:
    """The samples with no true peak over the ceiling, 1 being full scale; the very same where none was."""
    reduction = reductions(samples, ceiling)
    return samples if reduction is None else samples * reduction[:, None]


def reductions(samples: Samples, ceiling: float, *, overs_only: bool = False) -> NDArray[np.float32] | None:
    """By what each sample is multiplied; None where nothing reaches the ceiling.

    With `overs_only` a peak counts only where a sample is over the ceiling itself, and not the wave between two alone.
    """
    over = _over(samples, ceiling, overs_only)
    if over is None:
        return None
    held = _falling(_ahead(over))
    eased = sliding_window_view(np.concatenate([np.full(_AHEAD, held[0]), held]), _AHEAD + 1).mean(axis=1)
    edges = np.maximum(np.concatenate([eased[:1], eased]), np.concatenate([eased, eased[-1:]]))
    at = np.arange(len(samples)) / _CELL
    return np.asarray(10 ** (-np.interp(at, np.arange(len(edges)), edges) / 20), np.float32)


def _over(samples: Samples, ceiling: float, overs_only: bool) -> NDArray[np.float64] | None:
    """By how many decibels the wave is over the ceiling in each cell."""
    highest = cell_peaks(samples, _CELL)
    none_over = highest <= ceiling
    near = np.flatnonzero(highest > ceiling) if overs_only else cells_over(highest, ceiling)
    if len(near):
        highest[near] = peaks_between(samples, near, _CELL)
    if overs_only:
        highest[none_over] = 0.0
    if highest.max(initial=0) <= ceiling:
        return None
    return np.asarray(np.maximum(0.0, 20 * np.log10(np.maximum(highest, 1e-9) / ceiling)))


def _ahead(over: NDArray[np.float64]) -> NDArray[np.float64]:
    """The most that will be needed within the time that it looks ahead; a peak is held one cell around itself."""
    beside = np.concatenate([[0.0], over, [0.0]])
    over = np.maximum(over, np.maximum(beside[:-2], beside[2:]))
    return np.asarray(sliding_window_view(np.concatenate([over, np.zeros(_AHEAD)]), _AHEAD + 1).max(axis=1))


def _falling(needed: NDArray[np.float64]) -> NDArray[np.float64]:
    """What was needed, coming back at a steady rate, and no further down than it was on average until now."""
    slope = np.arange(len(needed)) * _RELEASE_DB
    quick = np.maximum(0.0, np.maximum.accumulate(needed + slope) - slope)
    sums = np.cumsum(np.concatenate([np.zeros(_LASTING), quick]))
    lasting = (sums[_LASTING:] - sums[:-_LASTING]) / _LASTING
    return np.asarray(np.maximum(quick, lasting))
