"""How loud a whole programme is, by its momentary loudness, and by how much it is to be raised or lowered. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from storyboard.sounds import LoudnessTarget
from storyboard.timeline.sound_facts import ABSOLUTE_GATE, HOP, integrated
from storyboard.timeline.sound_plan import Stretch

GAIN_STEP = Decimal("0.25")
"""Decibels. A gain is a multiple of it, so that one changed shot among many rarely moves all the others."""

CLOSE_ENOUGH = Decimal("0.3")
"""LU that the encoded programme may be off its target before it is encoded again."""

_BLOCK = 4 * HOP
_SHORT_TERM = 27  # momentary values, each of 400 ms, that together are of 3 s
_RANGE_GATE = 2000  # below the mean, in hundredths of a LU


@dataclass(frozen=True, slots=True, kw_only=True)
class LoudnessFigures:
    """What was measured on the encoded programme, and what it was brought to.

    None where it is too quiet to be measured. `dialogue` says that `integrated_lufs` is of the places where somebody
    speaks alone.
    """

    integrated_lufs: Decimal | None
    range_lu: Decimal | None
    true_peak_dbtp: Decimal
    target: LoudnessTarget | None
    gain_db: Decimal
    dialogue: bool = False


def measured(momentary: Sequence[int], speech: Sequence[Stretch] = ()) -> Decimal | None:
    """The gated loudness in LUFS; with `speech`, of those places alone. None where there is nothing loud enough."""
    return _lufs(integrated(spoken(momentary, speech) if speech else momentary))


def spoken(momentary: Sequence[int], speech: Sequence[Stretch]) -> list[int]:
    """The values of which at least half lies where somebody speaks."""
    found = []
    for begin, end in speech:
        for number in range(max(0, begin // HOP), min(len(momentary), end // HOP + 4)):
            last = (number + 1) * HOP
            if min(end, last) - max(begin, last - _BLOCK) >= _BLOCK // 2:
                found.append(momentary[number])
    return found


def loudness_range(momentary: Sequence[int]) -> Decimal | None:
    """The loudness range by EBU Tech 3342, in LU; None of what is shorter than three seconds, or too quiet."""
    power = 10 ** (np.asarray(momentary, np.float64) / 1000)
    if len(power) < _SHORT_TERM:
        return None
    sums = np.concatenate([[0.0], np.cumsum(power)])
    short = 1000 * np.log10(np.maximum((sums[_SHORT_TERM:] - sums[:-_SHORT_TERM]) / _SHORT_TERM, 1e-15))
    loud = short[short > ABSOLUTE_GATE]
    if not len(loud):
        return None
    gate = 1000 * np.log10(np.mean(10 ** (loud / 1000))) - _RANGE_GATE
    low, high = np.percentile(loud[loud > gate], [10, 95])
    return _tenths(high - low)


def in_steps(decibels: Decimal) -> Decimal:
    """A gain as the nearest multiple of `GAIN_STEP`."""
    return (decibels / GAIN_STEP).quantize(Decimal(1)) * GAIN_STEP


def _lufs(hundredths: int | None) -> Decimal | None:
    return None if hundredths is None else Decimal(hundredths).scaleb(-2)


def _tenths(hundredths: float) -> Decimal:
    return Decimal(round(hundredths / 10)).scaleb(-1)
