"""The grid of the master's sound: samples at 48 kHz, and the one rule by which a frame begins on a sample. Pure."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

SOUND_RATE = 48_000
"""Samples a second."""


def samples_at(frame: int, fps: Fraction) -> int:
    """The sample at which a frame of the master begins; both count from 0. It is rounded once, from the beginning."""
    return round(frame * SOUND_RATE / fps)


def samples_of(seconds: Decimal | Fraction) -> int:
    """So many seconds in samples, to the nearest."""
    return round(Fraction(seconds) * SOUND_RATE)


def told_s(samples: int) -> str:
    """So many samples as seconds, for people."""
    return f"{samples / SOUND_RATE:.2f} s"
