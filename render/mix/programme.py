"""A programme of which every block is made and measured, and how it is brought to a loudness.

The first pass has rendered and measured all of it; from that follow the gain and the blocks that a limiter must hold.
The second encodes, and is measured again as it is decoded: where an encoder's peak is over the ceiling, or the loudness
is off its target, the programme is lowered or raised and encoded again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import partial
from pathlib import Path

from render.mix.encoded_blocks import EncodedBlocks, EncodedFacts, Treatment
from render.mix.loudness_meter import decibels
from render.mix.mix_blocks import BLOCK, BlockFacts, KeptSounds, MixBlocks
from render.mix.programme_loudness import (
    CLOSE_ENOUGH,
    GAIN_STEP,
    LoudnessFigures,
    in_steps,
    loudness_range,
    measured,
)
from render.mix.side_by_side import Told, side_by_side
from render.mix.sound_sources import SoundSources
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.sound_plan import SoundPlan

_ROUNDS = 6
_MARGIN_DB = Decimal("0.5")  # that the limiter leaves for what the encoder adds to a peak
_FULL_SCALE = 1.0
_COSTLY_DB = 2.0  # peaks that are no further over the ceiling cost no loudness when they are held
_SEARCHES = 8
_LEAST_SLOPE = Decimal("0.15")  # LU that a decibel of gain brings at least, in a search


@dataclass(slots=True)
class Programme:
    """A mix whose blocks are all made and measured, before it is brought to a loudness."""

    blocks: MixBlocks
    facts: Sequence[BlockFacts]
    encoded: EncodedBlocks
    made: int

    @classmethod
    async def of(
        cls,
        plan: SoundPlan,
        sources: Mapping[str, Path],
        kept: KeptSounds,
        scratch: Path,
        progress: Told = lambda _: None,
        *,
        block: int = BLOCK,
    ) -> Programme:
        """Make what is not kept. `scratch` must last as long as the programme is used."""
        blocks = MixBlocks(plan, SoundSources(sources, scratch), kept, scratch, block)
        numbers = range(blocks.count)
        known = dict(zip(numbers, await side_by_side([partial(blocks.known, each) for each in numbers]), strict=True))
        missing = [number for number, facts in known.items() if facts is None]
        for number in missing:
            blocks.sources.expect(blocks.materials(number))
        made = await side_by_side([partial(blocks.make, number) for number in missing], progress)
        fresh = dict(zip(missing, made, strict=True))
        facts = [known[number] or fresh[number] for number in numbers]
        return cls(blocks, facts, EncodedBlocks(blocks, facts), len(missing))

    async def at_loudness(
        self, loudness: LoudnessTarget | None, progress: Told = lambda _: None
    ) -> tuple[Treatment, list[EncodedFacts]]:
        """What is done to the programme so that it comes out at this loudness, and what was measured when it did."""
        treatment = await self._louder(self._first(loudness), loudness)
        encoded = await self._encode(treatment, progress)
        for _ in range(_ROUNDS):
            better = self._better(treatment, encoded, loudness)
            if better is None:
                break
            treatment, encoded = better, await self._encode(better, progress)
        return treatment, encoded

    async def _encode(self, treatment: Treatment, progress: Told) -> list[EncodedFacts]:
        return await side_by_side(
            [partial(self.encoded.make, number, treatment) for number in range(self.blocks.count)], progress
        )

    def figures(
        self, encoded: Sequence[EncodedFacts], treatment: Treatment, loudness: LoudnessTarget | None
    ) -> LoudnessFigures:
        """What was measured on the encoded programme."""
        momentary = [each for block in encoded for each in block.momentary]
        dialogue = loudness is not None and loudness.dialogue and bool(self.blocks.plan.speech)
        peak = decibels(max((block.true_peak for block in encoded), default=0.0))
        return LoudnessFigures(
            integrated_lufs=measured(momentary, self.blocks.plan.speech if dialogue else ()),
            range_lu=loudness_range(momentary),
            true_peak_dbtp=Decimal(round(peak * 100)).scaleb(-2),
            target=loudness,
            gain_db=treatment.gain_db,
            dialogue=dialogue,
        )

    def _first(self, loudness: LoudnessTarget | None) -> Treatment:
        if loudness is None:
            return Treatment(Decimal(0), _FULL_SCALE, overs_only=True)
        speech = self.blocks.plan.speech if loudness.dialogue else ()
        found = measured([each for block in self.facts for each in block.momentary], speech)
        gain_db = Decimal(0) if found is None else in_steps(loudness.lufs - found)
        return Treatment(gain_db, _factor(loudness.true_peak_db - _MARGIN_DB))

    async def _louder(self, treatment: Treatment, loudness: LoudnessTarget | None) -> Treatment:
        """The same with more gain where peaks are held by so much that it costs loudness."""
        over = decibels(
            max((each.true_peak for each in self.facts), default=0.0) * treatment.factor / treatment.ceiling
        )
        if loudness is None or over < _COSTLY_DB:
            return treatment
        before: tuple[Decimal, Decimal] | None = None
        for _ in range(_SEARCHES):
            steps = [partial(self.encoded.limited_loudness, each, treatment) for each in range(self.blocks.count)]
            momentary = [each for block in await side_by_side(steps) for each in block]
            found = measured(momentary, self.blocks.plan.speech if loudness.dialogue else ())
            if found is None or abs(loudness.lufs - found) < GAIN_STEP / 2:
                break
            slope = (found - before[1]) / (treatment.gain_db - before[0]) if before else Decimal(1)
            before = (treatment.gain_db, found)
            step = in_steps((loudness.lufs - found) / min(Decimal(1), max(_LEAST_SLOPE, slope)))
            if not step:
                break
            treatment = replace(treatment, gain_db=treatment.gain_db + step)
        return treatment

    def _better(
        self, treatment: Treatment, encoded: Sequence[EncodedFacts], loudness: LoudnessTarget | None
    ) -> Treatment | None:
        """What is to be done instead, where the encoded programme is not what was asked for; None where it is."""
        if loudness is None:
            return None
        figures = self.figures(encoded, treatment, loudness)
        over = figures.true_peak_dbtp - loudness.true_peak_db
        off = Decimal(0) if figures.integrated_lufs is None else loudness.lufs - figures.integrated_lufs
        better = treatment
        if over > 0:
            lower = (over + Decimal("0.05")).quantize(Decimal("0.1"), ROUND_CEILING)
            better = replace(better, ceiling=treatment.ceiling * _factor(-lower))
        if abs(off) > CLOSE_ENOUGH:
            better = replace(better, gain_db=treatment.gain_db + in_steps(off))
        return None if better == treatment else better


def _factor(decibels_: Decimal) -> float:
    return float(10 ** (decibels_ / 20))
