"""Listens to a sound once, from its first sample to its last, and remembers what there is to know by its content."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from math import log10
from pathlib import Path

import numpy as np

from render.media.facts_cache import FactsCache
from render.media.mixdown import channels_of
from render.media.sound_samples import CHANNELS
from render.mix.loudness_meter import momentary
from render.mix.source_samples import Samples, clip_samples, file_samples
from render.mix.speech_detector import speech_in
from storyboard.timeline.sample_grid import SOUND_RATE
from storyboard.timeline.sound_facts import HOP, Quiet, SoundFacts


@dataclass(frozen=True, slots=True)
class Speech:
    """Stretches of speech in a clip, in samples."""

    stretches: tuple[tuple[int, int], ...]


_FILES = FactsCache(SoundFacts, "sound-1")
_CLIPS = FactsCache(SoundFacts, "clip-sound-1")
"""What was heard in sound files and in clips, by the file's sha256."""

_SPOKEN = FactsCache(Speech, "speech-1")
"""Where somebody speaks in a clip, likewise."""

_SECOND = SOUND_RATE // HOP  # hops
_SILENT = -9600  # hundredths of a dBFS: nothing that anybody recorded


def listened(path: Path, sha256: str, *, clip: bool) -> SoundFacts:
    """What is heard in a file, or with a clip's picture; of a clip without sound, nothing. Raises MediaError."""
    cache = _CLIPS if clip else _FILES
    known = cache.find(sha256)
    if known is None:
        known = _listened(clip_samples(path) if clip else file_samples(path), path)
        cache.keep(sha256, known)
    return known


def spoken_in(path: Path, sha256: str) -> tuple[tuple[int, int], ...]:
    """Where somebody speaks in a clip: first sample, and the one after the last. Raises MediaError."""
    known = _SPOKEN.find(sha256)
    if known is None:
        blocks = list(clip_samples(path))
        known = Speech(tuple(speech_in(np.concatenate(blocks))) if blocks else ())
        _SPOKEN.keep(sha256, known)
    return known.stretches


def _listened(blocks: Iterable[Samples], path: Path) -> SoundFacts:
    powers: list[float] = []
    count = 0

    def seconds() -> Iterator[Samples]:
        nonlocal count
        for part in _in_tenths(blocks):
            count += len(part)
            whole = part[: len(part) // HOP * HOP]
            if len(whole):
                powers.extend((whole.reshape(-1, HOP * CHANNELS).astype(np.float64) ** 2).mean(axis=1))
                yield whole

    told = momentary(seconds())
    return SoundFacts(
        samples=count,
        momentary=tuple(told),
        quiet=_quiet(powers),
        channels=len(channels_of(path)) if count else 0,
    )


def _in_tenths(blocks: Iterable[Samples]) -> Iterator[Samples]:
    """The same in parts of a second; only the last one is none of whole tenths."""
    left = np.zeros((0, CHANNELS), np.float32)
    for block in blocks:
        left = np.concatenate([left, block])
        while len(left) >= SOUND_RATE:
            yield left[:SOUND_RATE]
            left = left[SOUND_RATE:]
    yield left


def _quiet(powers: list[float]) -> Quiet | None:
    """The quietest second that is not silence."""
    if len(powers) < _SECOND:
        return None
    means = np.convolve(powers, np.ones(_SECOND) / _SECOND, "valid")
    levels = [round(1000 * log10(max(each, 1e-12))) for each in means]
    found = min((level, number) for number, level in enumerate(levels))
    heard = [(level, number) for number, level in enumerate(levels) if level > _SILENT]
    if not heard:
        return None
    level, number = min(heard) if found[0] <= _SILENT else found
    return Quiet(number * HOP, SOUND_RATE, level)
