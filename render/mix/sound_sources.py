"""Files of sound for random access: each is decoded once, when a block first needs it, and lies as samples in scratch.

Memory stays the same however long a file is, and the samples of a file go again when no block needs it any more.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from threading import Lock

import numpy as np

from render.media.sound_samples import CHANNELS
from render.mix.source_samples import Samples, at_speed, clip_samples, file_samples, led_over, seamless
from storyboard.timeline.sound_events import Material

_ROW = 4 * CHANNELS  # bytes
_EDGE = 480  # samples around the join of a loop that are looked at


@dataclass(slots=True)
class SoundSources:
    """The files of a mix by their hashes, and a folder for their samples. Serves several threads."""

    paths: Mapping[str, Path]
    scratch: Path
    _files: dict[Material, Path] = field(default_factory=dict)
    _locks: dict[Material, Lock] = field(default_factory=dict)
    _needed: Counter[Material] = field(default_factory=Counter)
    _lock: Lock = field(default_factory=Lock)

    def expect(self, materials: Iterable[Material]) -> None:
        """Say what will be read, once for each `done` that will follow."""
        with self._lock:
            self._needed.update(materials)

    def done(self, materials: Iterable[Material]) -> None:
        """What was expected has been read; what nobody else expects is given up."""
        with self._lock:
            for each in materials:
                self._needed[each] -= 1
                if self._needed[each] <= 0 and each in self._files:
                    self._files.pop(each).unlink(missing_ok=True)

    def read(self, material: Material, first: int, samples: int) -> Samples:
        """So many samples of it from number `first` on; silence before its beginning and after its end.

        Raises MediaError where it cannot be decoded.
        """
        path = self._decoded(material)
        length = path.stat().st_size // _ROW
        if material.loop is not None and length:
            return _around(path, length, first, samples)
        begin, end = min(max(0, first), length), min(max(0, first + samples), length)
        found = _rows(path, begin, end - begin)
        if len(found) == samples:
            return found
        heard = np.zeros((samples, CHANNELS), np.float32)
        heard[begin - first : begin - first + len(found)] = found
        return heard

    def _decoded(self, material: Material) -> Path:
        with self._lock:
            lock = self._locks.setdefault(material, Lock())
        with lock:
            if material not in self._files:
                name = sha256(repr(material.recipe).encode()).hexdigest()
                target = self.scratch / f"{name}.f32"
                _write(self._blocks(material), target)
                if material.loop is not None:
                    _join(target, material)
                self._files[material] = target
            return self._files[material]

    def _blocks(self, material: Material) -> Iterator[Samples]:
        path = self.paths[material.sha256]
        sound = clip_samples(path) if material.with_picture else file_samples(path)
        return sound if material.speed == 1 else at_speed(sound, material.speed)


def _write(blocks: Iterable[Samples], target: Path) -> None:
    part = target.with_suffix(".part")
    with part.open("wb") as file:
        for block in blocks:
            file.write(block.tobytes())
    part.replace(target)


def _join(target: Path, material: Material) -> None:
    """Let the part that is looped end such that it can follow itself; of room tone, leave out the rest."""
    length = target.stat().st_size // _ROW
    if material.blend and material.loop:
        target.write_bytes(seamless(_rows(target, *material.loop), material.blend).tobytes())
    elif length:
        around = min(_EDGE, length)
        led = led_over(_rows(target, 0, around), _rows(target, length - around, around))
        with target.open("r+b") as file:
            file.seek((length - around) * _ROW)
            file.write(led.tobytes())


def _around(path: Path, length: int, first: int, samples: int) -> Samples:
    parts, at = [], first % length
    while samples > 0:
        count = min(samples, length - at)
        parts.append(_rows(path, at, count))
        samples, at = samples - count, 0
    return np.concatenate(parts)


def _rows(path: Path, begin: int, samples: int) -> Samples:
    found = np.fromfile(path, np.float32, samples * CHANNELS, offset=begin * _ROW)
    return found.reshape(-1, CHANNELS)


Reader = Callable[[Material, int, int], Samples]
"""Gives so many samples of a material from one on; see `SoundSources.read`."""
