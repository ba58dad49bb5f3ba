"""Renders one block of one track: every fragment's samples at its gain, with its fades, lowered where it makes way.

What is neither faded nor lowered, at 0 dB, is the file's own samples, every one.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import pi

import numpy as np
from numpy.typing import NDArray

from render.media.sound_samples import CHANNELS
from render.mix.sound_sources import Reader
from render.mix.source_samples import Samples
from storyboard.timeline.sound_events import Curve, Dip, Fragment

Gains = NDArray[np.float32]
"""A factor for each sample."""


def rendered(fragments: Sequence[Fragment], samples: int, read: Reader) -> Samples:
    """A block of so many samples. Raises MediaError where a file cannot be decoded."""
    block = np.zeros((samples, CHANNELS), np.float32)
    for each in fragments:
        heard = read(each.material, each.offset, each.samples)
        shape = gains(each)
        block[each.at : each.at + each.samples] += heard if shape is None else heard * shape[:, None]
    return block


def gains(fragment: Fragment) -> Gains | None:
    """By what each of its samples is multiplied; None where by nothing."""
    if not (fragment.gain_db or fragment.rising or fragment.falling or fragment.dips):
        return None
    shape = np.full(fragment.samples, 10 ** (float(fragment.gain_db) / 20), np.float64)
    if fragment.rising:
        at, length, curve = fragment.rising
        count = min(fragment.samples, length - at)
        shape[:count] *= _come(np.arange(at, at + count), length, curve)
    if fragment.falling:
        at, length, curve = fragment.falling
        begin = max(0, -at)
        shape[begin:] *= _come(length - np.arange(at + begin, at + fragment.samples), length, curve)
    if fragment.dips:
        shape *= 10 ** (lowered(fragment.dips, fragment.at, fragment.samples) / 20)
    return shape.astype(np.float32)


def lowered(dips: Sequence[Dip], first: int, samples: int) -> NDArray[np.float64]:
    """By how many decibels a sound is lowered at each of its samples, the deepest dip counting: 0 and below."""
    at = np.arange(first, first + samples)
    depth = np.zeros(samples)
    for dip in dips:
        places = [dip.begin - max(1, dip.attack), dip.begin, dip.end, dip.end + max(1, dip.release)]
        depth = np.minimum(depth, np.interp(at, places, [0.0, *[-float(dip.depth_db)] * 2, 0.0]))
    return depth


def _come(at: NDArray[np.int64], length: int, curve: Curve) -> NDArray[np.float64]:
    """The share of a sound that is heard so many samples after it began to come."""
    share = np.clip(at / length, 0.0, 1.0)
    match curve:
        case Curve.SMOOTH:
            return np.asarray((1 - np.cos(pi * share)) / 2)
        case Curve.POWER:
            return np.asarray(np.sin(pi / 2 * share))
        case Curve.LINEAR:
            return share
