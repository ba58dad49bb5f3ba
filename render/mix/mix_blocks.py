"""The mix in blocks of 9.6 seconds: each track of each is made once, kept by what is heard in it, and found again.

A block is a whole number of AAC frames and of tenths of a second. What is known of its sum (how loud it is at each
tenth, its peaks, a hash of its samples) is kept beside it, so that a block of which nothing changed is not even read.
"""

from __future__ import annotations

import hashlib
import json
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from secrets import token_hex
from threading import Lock
from typing import Protocol

import numpy as np
from pydantic import TypeAdapter, ValidationError

from render.media.sound_samples import CHANNELS
from render.mix import aac_frames, limiter
from render.mix.block_files import STEPS, Fixed, fixed, floating, read_block, write_block
from render.mix.block_render import rendered
from render.mix.loudness_meter import momentary, true_peak
from render.mix.sound_sources import SoundSources
from render.mix.source_samples import Samples
from storyboard.timeline.sound_events import Fragment, Material, SoundEvent, Track
from storyboard.timeline.sound_facts import HOP
from storyboard.timeline.sound_plan import SoundPlan, fragments

BLOCK = 460_800
"""Samples: 450 frames of AAC, 96 tenths of a second."""

LEAST_BLOCK = 76_800
"""The shortest that a block can be; every length is a multiple of it."""

LEAD = 8 * HOP
"""Samples before a block with which its loudness is measured."""

HEAD = aac_frames.AHEAD + limiter.AFTER
"""Samples of a block that the encode of the one before it looks at."""

TAIL = aac_frames.RUN_UP * aac_frames.FRAME + limiter.BEFORE
"""Samples of a block that the encode of the one after it begins with."""

_RECIPE = "mix-1"
"""Changes with anything that changes what a block holds, or what is known of it."""

_REMEMBERED = 6  # blocks that lie in memory


class KeptSounds(Protocol):
    """Where parts of a mix are kept by their key. Both methods may block; they are called from several threads."""

    def find(self, key: str) -> Path | None:
        """What is kept under this key, as a file to read; None where there is nothing."""
        ...

    def keep(self, key: str, piece: Path) -> Path:
        """Keep this file under this key; returns where it is to be read from now on."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BlockFacts:
    """What is known of a block's sum, before it is brought to its loudness. Peaks are 1 at full scale."""

    momentary: tuple[int, ...]  # at the end of each tenth of a second, in hundredths of a LUFS
    sample_peak: float
    true_peak: float
    head: str  # hashes of its first and its last samples, and of all
    tail: str
    whole: str


_FACTS: TypeAdapter[BlockFacts] = TypeAdapter(BlockFacts)


@dataclass(slots=True)
class Work:
    """How many parts were made, and how many were found."""

    made: int = 0
    kept: int = 0


@dataclass(slots=True)
class MixBlocks:
    """The blocks of one plan. Serves several threads."""

    plan: SoundPlan
    sources: SoundSources
    kept: KeptSounds
    scratch: Path
    length: int = BLOCK  # of a block, in samples
    tracks: Work = field(default_factory=Work)
    _heard: Mapping[int, Sequence[SoundEvent]] = field(init=False)  # by block, with what is heard just before it
    _sums: OrderedDict[int, Fixed] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        heard: dict[int, list[SoundEvent]] = {}
        for event in self.plan.events:
            for number in range(max(0, event.begin) // self.length, (event.end + LEAD) // self.length + 1):
                heard.setdefault(number, []).append(event)
        self._heard = heard

    @property
    def count(self) -> int:
        """How many there are; at least one."""
        return max(1, -(-self.plan.samples // self.length))

    def edges(self, number: int) -> tuple[int, int]:
        """From which sample to before which a block goes."""
        return number * self.length, min((number + 1) * self.length, self.plan.samples)

    def known(self, number: int) -> BlockFacts | None:
        """What was kept of a block; None where it is yet to be made."""
        found = self.kept.find(self._facts_key(number))
        if found is None:
            return None
        try:
            return _FACTS.validate_json(found.read_bytes())
        except ValidationError:
            return None

    def materials(self, number: int) -> list[Material]:
        """What is read when this block is made, each as often as it is heard."""
        begin, end = self.edges(number)
        lead = max(0, begin - LEAD)
        return [each.material for track in Track for each in self._fragments(number, track, lead, end)]

    def make(self, number: int) -> BlockFacts:
        """Render a block's tracks, keep them, and measure their sum. Raises MediaError."""
        lead = self._lead(number)
        total = self.sum(number)
        facts = BlockFacts(
            momentary=tuple(momentary(tenths(floating(np.concatenate([lead, total]))))[len(lead) // HOP :]),
            sample_peak=float(np.abs(total).max(initial=0)) / STEPS,
            true_peak=true_peak(floating(total)),
            head=_hash(total[:HEAD]),
            tail=_hash(total[-TAIL:]),
            whole=_hash(total),
        )
        self.keep(self._facts_key(number), _FACTS.dump_json(facts))
        self.sources.done(self.materials(number))
        return facts

    def sum(self, number: int) -> Fixed:
        """All tracks of a block together."""
        with self._lock:
            if number in self._sums:
                self._sums.move_to_end(number)
                return self._sums[number]
        begin, end = self.edges(number)
        total = np.zeros((end - begin, CHANNELS), np.int32)
        for _, samples in self.each_track(number):
            total += samples
        with self._lock:
            self._sums[number] = total
            while len(self._sums) > _REMEMBERED:
                self._sums.popitem(last=False)
        return total

    def each_track(self, number: int) -> Iterator[tuple[Track, Fixed]]:
        """The tracks of which something is heard in a block: those that are kept, else made now and kept."""
        begin, end = self.edges(number)
        for track in Track:
            heard = list(self._fragments(number, track, begin, end))
            if heard:
                yield track, self._track(heard, end - begin)

    def between(self, begin: int, end: int) -> Fixed:
        """The sum from one sample of the master to before another; silence where the master is not."""
        heard = np.zeros((end - begin, CHANNELS), np.int32)
        for number in range(max(0, begin) // self.length, self.count):
            first, last = self.edges(number)
            low, high = max(first, begin), min(last, end)
            if low >= high:
                break
            heard[low - begin : high - begin] = self.sum(number)[low - first : high - first]
        return heard

    def _track(self, parts: list[Fragment], samples: int) -> Fixed:
        key = f"{_RECIPE}-track:{_named([samples, *(each.recipe for each in parts)])}"
        found = self.kept.find(key)
        if found is not None:
            self.tracks.kept += 1
            return read_block(found, samples)
        heard = fixed(rendered(parts, samples, self.sources.read))
        target = self._scratch()
        try:
            write_block(heard, target)
            self.kept.keep(key, target)
        finally:
            target.unlink(missing_ok=True)
        self.tracks.made += 1
        return heard

    def _lead(self, number: int) -> Fixed:
        """What is heard just before a block."""
        end = number * self.length
        begin = max(0, end - LEAD)
        total = np.zeros((end - begin, CHANNELS), np.int32)
        for track in Track:
            if heard := list(self._fragments(number, track, begin, end)):
                total += fixed(rendered(heard, end - begin, self.sources.read))
        return total

    def _facts_key(self, number: int) -> str:
        begin, end = self.edges(number)
        lead = max(0, begin - LEAD)
        said = [[track.value, *(each.recipe for each in self._fragments(number, track, lead, end))] for track in Track]
        return f"{_RECIPE}-facts:{_named([begin - lead, end - begin, *said])}"

    def _fragments(self, number: int, track: Track, begin: int, end: int) -> Iterator[Fragment]:
        return fragments(self._heard.get(number, ()), track, begin, end)

    def keep(self, key: str, content: bytes) -> None:
        """Keep so many bytes under a key."""
        target = self._scratch()
        try:
            target.write_bytes(content)
            self.kept.keep(key, target)
        finally:
            target.unlink(missing_ok=True)

    def _scratch(self) -> Path:
        return self.scratch / f"block-{token_hex(8)}"


def tenths(samples: Samples) -> Iterator[Samples]:
    """Whole tenths of a second, in parts of ten; what is left over at the end is too short to be measured."""
    whole = len(samples) // HOP * HOP
    for at in range(0, whole, 10 * HOP):
        yield samples[at : min(at + 10 * HOP, whole)]


def _hash(samples: Fixed) -> str:
    return hashlib.sha256(samples.tobytes()).hexdigest()


def _named(said: object) -> str:
    return hashlib.sha256(json.dumps(said, separators=(",", ":")).encode()).hexdigest()
