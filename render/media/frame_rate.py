"""Finds the frame rate that a clip really has, from the times of its frames. Pure.

What a container states is often an average or a rounding. A rate is constant where every frame stands within rounding
of where that rate puts it; then the rate alone says everything, and no list of times has to be kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

STANDARD_RATES = tuple(
    Fraction(rate)
    for rate in ("24", "24000/1001", "25", "30", "30000/1001", "12", "15", "16", "48", "50", "60", "60000/1001", "8")
)
"""Frames per second that clips usually have: tried before any other rate."""

_SLACK_S = 0.001  # containers that count in milliseconds round each time to one


def constant_rate(times: Sequence[int], tick_s: Fraction, stated: Iterable[Fraction | None]) -> Fraction | None:
    """The frames per second at which all frames stand, or None where they are irregular.

    `times` are the frames' starts in ticks, ascending; `stated` is what the container says, most trusted first.
    """
    known = [rate for rate in stated if rate]
    if len(times) < 2:
        return known[0] if known else Fraction(24)
    average = Fraction(len(times) - 1) / max(Fraction(1, 10**6), (times[-1] - times[0]) * tick_s)
    nearest = sorted(STANDARD_RATES, key=lambda rate: abs(rate - average))
    trusted = [rate for rate in known if rate in STANDARD_RATES]
    candidates = [*trusted, *nearest[:3], *known, average.limit_denominator(1001)]
    return next((rate for rate in candidates if _stands(times, tick_s, rate)), None)


def _stands(times: Sequence[int], tick_s: Fraction, rate: Fraction) -> bool:
    tick, step, slack = float(tick_s), 1 / float(rate), max(float(tick_s), _SLACK_S) + 1e-9
    return all(abs((at - times[0]) * tick - place * step) <= slack for place, at in enumerate(times))


def timescale(fps: Fraction) -> int:
    """Ticks per second in which every frame of this rate lasts a whole number of ticks."""
    ticks = fps.numerator
    while ticks < 10_000:
        ticks *= 2
    return ticks
