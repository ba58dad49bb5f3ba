"""The programme at its loudness, encoded block by block: raised or lowered, held under its ceiling, as AAC.

A block is named by the samples that decide it: its own, the last ones of the block before and the first of the one
after, by the gain, and by the ceiling where anything comes near it. With its frames lies what was measured on them.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np

from render.errors import MediaError
from render.mix import aac_frames, limiter
from render.mix.aac_frames import AHEAD, FRAME, RUN_UP
from render.mix.block_files import floating
from render.mix.loudness_meter import momentary, true_peak
from render.mix.mix_blocks import LEAD, BlockFacts, MixBlocks, Work, tenths
from render.mix.source_samples import Samples
from storyboard.timeline.sound_facts import HOP

_RECIPE = f"mix-encoded-1:{limiter.RECIPE}:{aac_frames.RECIPE}"
_LEAD = RUN_UP * FRAME // HOP * HOP  # samples before a block with which its encode is measured


@dataclass(frozen=True, slots=True)
class Treatment:
    """What is done to a whole programme: its gain in decibels, and the most that a peak may be, 1 being full scale.

    With `overs_only` peaks are held only where a sample is over full scale, and nothing else is touched.
    """

    gain_db: Decimal
    ceiling: float
    overs_only: bool = False

    @property
    def factor(self) -> float:
        """By what a sample is multiplied."""
        return float(10 ** (self.gain_db / 20))

    def touches(self, facts: Sequence[BlockFacts]) -> bool:
        """Whether a peak of these blocks is to be held down."""
        peak = max((each.sample_peak if self.overs_only else each.true_peak for each in facts), default=0.0)
        return peak * self.factor > self.ceiling


@dataclass(frozen=True, slots=True)
class EncodedFacts:
    """What was measured on the decoded frames of a block."""

    momentary: tuple[int, ...]
    true_peak: float


@dataclass(slots=True)
class EncodedBlocks:
    """The encoded blocks of a mix whose blocks are all made. Serves several threads."""

    blocks: MixBlocks
    facts: Sequence[BlockFacts]
    work: Work = field(default_factory=Work)

    def make(self, number: int, treatment: Treatment) -> EncodedFacts:
        """Find the block, or encode it and keep it; returns what was measured on it."""
        key = self._key(number, treatment)
        found = self.blocks.kept.find(key)
        if found is None:
            facts, frames = self._encoded(number, treatment)
            told = json.dumps([facts.momentary, facts.true_peak], separators=(",", ":"))
            self.blocks.keep(key, told.encode() + b"\n" + aac_frames.as_adts(frames))
            self.work.made += 1
            return facts
        self.work.kept += 1
        with found.open("rb") as file:
            told_momentary, peak = json.loads(file.readline())
        return EncodedFacts(tuple(told_momentary), peak)

    def limited_loudness(self, number: int, treatment: Treatment) -> Sequence[int]:
        """The momentary loudness of a block at its gain, with its peaks held: what it has before it is encoded."""
        if not treatment.touches(self.facts[max(0, number - 1) : number + 2]):
            return [each + round(treatment.gain_db * 100) for each in self.facts[number].momentary]
        key = f"mix-limited:{self._key(number, treatment)}"
        found = self.blocks.kept.find(key)
        if found is not None:
            return list(map(int, json.loads(found.read_bytes())))
        begin, end = self.blocks.edges(number)
        lead = min(begin, LEAD)
        told = momentary(tenths(self.treated(begin - lead, end, treatment)))[lead // HOP :]
        self.blocks.keep(key, json.dumps(told).encode())
        return told

    def frames(self, treatment: Treatment) -> Iterator[bytes]:
        """The frames of the whole programme, of which every block is made."""
        for number in range(self.blocks.count):
            found = self.blocks.kept.find(self._key(number, treatment))
            if found is None:
                raise MediaError("a block of encoded sound was there and is gone", "Cut it again")
            with found.open("rb") as file:
                file.readline()
                yield from aac_frames.from_adts(file.read())

    def treated(self, begin: int, end: int, treatment: Treatment) -> Samples:
        """The programme at its loudness, from one sample of the master to before another."""
        reduction = self.reduction(begin, end, treatment)
        heard = self.louder(begin, end, treatment)
        return heard if reduction is None else heard * reduction[:, None]

    def louder(self, begin: int, end: int, treatment: Treatment) -> Samples:
        """The same before peaks are held; with no gain it is the mix itself."""
        heard = floating(self.blocks.between(begin, end))
        return heard * np.float32(treatment.factor) if treatment.gain_db else heard

    def reduction(self, begin: int, end: int, treatment: Treatment) -> Samples | None:
        """By what each of these samples is multiplied so that no peak is over the ceiling; None where by nothing."""
        first, last = begin - limiter.BEFORE, end + limiter.AFTER
        numbers = range(max(0, first // self.blocks.length), min(self.blocks.count, -(-last // self.blocks.length)))
        if not treatment.touches([self.facts[number] for number in numbers]):
            return None
        heard = self.louder(first, last, treatment)
        found = limiter.reductions(heard, treatment.ceiling, overs_only=treatment.overs_only)
        return None if found is None else found[limiter.BEFORE :][: end - begin]

    def _encoded(self, number: int, treatment: Treatment) -> tuple[EncodedFacts, list[bytes]]:
        begin, end = self.blocks.edges(number)
        start = max(0, begin - RUN_UP * FRAME)
        last = number + 1 == self.blocks.count
        frames = aac_frames.encode(self.treated(start, end if last else end + AHEAD, treatment))
        run_up = (begin - start) // FRAME
        count = self.blocks.length // FRAME
        if last:
            count = -(-self.blocks.plan.samples // FRAME) + 1 - number * count
        heard = aac_frames.decode(frames[: run_up + count + 1])[FRAME:][: end - start]
        lead = min(begin, _LEAD)
        told = momentary(tenths(heard[begin - start - lead :]))[lead // HOP :]
        return EncodedFacts(tuple(told), true_peak(heard[begin - start :])), frames[run_up : run_up + count]

    def _key(self, number: int, treatment: Treatment) -> str:
        before, after = self.facts[max(0, number - 1)], self.facts[min(len(self.facts) - 1, number + 1)]
        near = treatment.touches([before, self.facts[number], after])
        said = [
            before.tail if number else "",
            self.facts[number].whole,
            after.head if number + 1 < len(self.facts) else "",
            str(treatment.gain_db.normalize()),
            [treatment.ceiling, treatment.overs_only] if near else [],
        ]
        return f"{_RECIPE}:{hashlib.sha256(json.dumps(said).encode()).hexdigest()}"
