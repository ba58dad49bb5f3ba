"""Mixes an episode: from events and files to one AAC stream at its loudness, with what was measured on it.

Two passes over the whole programme. The first renders what is not kept and measures it; from that follow the gain and
the blocks that a limiter must hold. The second encodes, and is measured again as it is decoded: where an encoder's peak
is over the ceiling, or the loudness is off its target, the programme is lowered or raised and encoded again.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import ROUND_CEILING, Decimal
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from render.mix import aac_frames, limiter
from render.mix.encoded_blocks import EncodedBlocks, EncodedFacts, Treatment
from render.mix.loudness_meter import decibels
from render.mix.mix_blocks import BLOCK, BlockFacts, KeptSounds, MixBlocks
from render.mix.programme_loudness import CLOSE_ENOUGH, LoudnessFigures, in_steps, loudness_range, measured
from render.mix.side_by_side import Told, side_by_side
from render.mix.sound_sources import SoundSources
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.sound_plan import SoundPlan

_ROUNDS = 6
_MARGIN_DB = Decimal("0.5")  # that the limiter leaves for what the encoder adds to a peak
_FULL_SCALE = 1.0
_NOISY_DB = 20  # from that gain on a producer is told


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """How many parts of a mix were made, and how many were found again."""

    blocks_made: int
    blocks_kept: int
    encoded_made: int
    encoded_kept: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Mixed:
    """A mixed programme. `sound` (.m4a, AAC) can be copied into a master; its first sample is heard at 0."""

    sound: Path
    samples: int
    figures: LoudnessFigures
    notes: tuple[str, ...]
    parts: Parts
    treatment: Treatment


def mix_recipe(plan: SoundPlan, loudness: LoudnessTarget | None) -> str:
    """Everything that decides how a mix sounds, as one name."""
    target = loudness and [str(loudness.lufs), str(loudness.true_peak_db), loudness.dialogue]
    speech = [list(each) for each in plan.speech] if loudness and loudness.dialogue else []
    said = [BLOCK, limiter.RECIPE, aac_frames.RECIPE, target, speech, plan.recipe]
    return f"mix-1:{hashlib.sha256(json.dumps(said, separators=(',', ':')).encode()).hexdigest()}"


async def mix_episode(
    plan: SoundPlan,
    sources: Mapping[str, Path],
    kept: KeptSounds,
    target: Path,
    *,
    loudness: LoudnessTarget | None,
    progress: Told = lambda _: None,
) -> Mixed:
    """Mix the plan to `target` (.m4a), brought to a loudness; None leaves it as it is.

    `sources` gives the file of each hash. Scratch files stand beside the target and are gone afterwards; a target is
    written whole or not at all. A mix at another loudness of the same plan is made of the same kept blocks. Raises
    MediaError.
    """
    with TemporaryDirectory(prefix=".mix.", dir=target.parent) as folder:
        mix = await Programme.of(plan, sources, kept, Path(folder), _part(progress, 0, 0.5))
        treatment, encoded = await mix.at_loudness(loudness, _part(progress, 0.5, 1))
        part = Path(folder, f"{token_hex(4)}.m4a")
        await side_by_side([partial(_write, mix.encoded.frames(treatment), plan.samples, part)])
        await asyncio.to_thread(part.replace, target)
    figures = mix.figures(encoded, treatment, loudness)
    tracks, work = mix.blocks, mix.encoded.work
    return Mixed(
        sound=target,
        samples=plan.samples,
        figures=figures,
        notes=(*plan.notes, *_notes(figures)),
        parts=Parts(
            blocks_made=mix.made,
            blocks_kept=tracks.count - mix.made,
            encoded_made=work.made,
            encoded_kept=work.kept,
        ),
        treatment=treatment,
    )


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
    ) -> Programme:
        """Make what is not kept. `scratch` must last as long as the programme is used."""
        blocks = MixBlocks(plan, SoundSources(sources, scratch), kept, scratch)
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
        treatment = self._first(loudness)
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


def _write(frames: Iterator[bytes], samples: int, target: Path) -> None:
    aac_frames.write_m4a(frames, samples, target)


def _factor(decibels_: Decimal) -> float:
    return float(10 ** (decibels_ / 20))


def _part(progress: Told, begin: float, end: float) -> Callable[[float], None]:
    return lambda done: progress(begin + (end - begin) * done)


def _notes(figures: LoudnessFigures) -> Iterator[str]:
    target, found = figures.target, figures.integrated_lufs
    if target is None:
        return
    if found is None:
        yield "the sound is too quiet for its loudness to be measured: it is left as it is"
        return
    if target.dialogue and not figures.dialogue:
        yield "nobody is known to speak, so the loudness of the whole is what was brought to the target"
    if abs(found - target.lufs) > Decimal("0.5"):
        yield f"the sound came out at {found} LUFS instead of {target.lufs}: its peaks leave no room for more"
    if figures.gain_db > _NOISY_DB:
        yield f"the sound is raised by {figures.gain_db} dB, and its noise with it"
