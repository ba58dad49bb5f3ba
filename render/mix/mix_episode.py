"""Mixes an episode: from events and files to one AAC stream at its loudness, with what was measured on it."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from pathlib import Path
from secrets import token_hex
from tempfile import TemporaryDirectory

from render.mix import aac_frames, limiter
from render.mix.encoded_blocks import Treatment
from render.mix.mix_blocks import BLOCK, KeptSounds
from render.mix.programme import Programme
from render.mix.programme_loudness import LoudnessFigures
from render.mix.side_by_side import Told, side_by_side
from storyboard.sounds import LoudnessTarget
from storyboard.timeline.sound_plan import SoundPlan

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
    block: int = BLOCK,
) -> Mixed:
    """Mix the plan to `target` (.m4a), brought to a loudness; None leaves it as it is.

    `sources` gives the file of each hash. Scratch files stand beside the target and are gone afterwards; a target is
    written whole or not at all. `block` is the length of a block, see `render.mix.mix_blocks`. A mix at another
    loudness of the same plan is made of the same kept blocks. Raises MediaError.
    """
    with TemporaryDirectory(prefix=".mix.", dir=target.parent) as folder:
        mix = await Programme.of(plan, sources, kept, Path(folder), _part(progress, 0, 0.5), block=block)
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


def _write(frames: Iterator[bytes], samples: int, target: Path) -> None:
    aac_frames.write_m4a(frames, samples, target)


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
