"""Writes a mix as WAV files: the whole of it, and its stems, each as 48 kHz and 24 bits, from the kept blocks.

Stems come after the limiter: what it does to the mix is done to each, so that dialogue, music and effects together are
the mix, to the last of 24 bits. Dialogue is recorded lines, narration, and clips that are known to speak themselves;
effects are sound effects and the own sound of all other clips, with their room tone.
"""

from __future__ import annotations

import wave
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from enum import StrEnum
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from render.media.sound_samples import CHANNELS, SOUND_RATE
from render.mix.block_files import floating
from render.mix.encoded_blocks import Treatment
from render.mix.mix_blocks import BLOCK, KeptSounds
from render.mix.programme import Programme
from render.mix.side_by_side import side_by_side
from storyboard.timeline.sound_events import Track
from storyboard.timeline.sound_plan import SoundPlan


class Stem(StrEnum):
    """What a WAV file holds of a mix."""

    MIX = "mix"
    DIALOGUE = "dialogue"
    MUSIC = "music"
    EFFECTS = "effects"


_OF_TRACK = {
    Track.DIALOGUE: Stem.DIALOGUE,
    Track.MUSIC: Stem.MUSIC,
    Track.EFFECTS: Stem.EFFECTS,
    Track.CLIP: Stem.EFFECTS,
}
_MOST = (1 << 23) - 1

Steps = NDArray[np.int32]
"""Rows of a left and a right sample in steps of 24 bits."""


async def write_stems(
    plan: SoundPlan,
    sources: Mapping[str, Path],
    kept: KeptSounds,
    targets: Mapping[Stem, Path],
    treatment: Treatment,
    *,
    block: int = BLOCK,
) -> None:
    """Write each of these files whole, all of one length. `treatment` is that of the mix, which `Mixed` tells.

    What is not kept any more is mixed again. Scratch files stand beside the first target. Raises MediaError.
    """
    beside = next(iter(targets.values())).parent
    with TemporaryDirectory(prefix=".stems.", dir=beside) as folder:
        programme = await Programme.of(plan, sources, kept, Path(folder), block=block)
        parts = {stem: Path(folder, f"{stem}.wav") for stem in targets}
        await side_by_side([partial(_write, programme, treatment, parts)])
        await side_by_side([partial(parts[stem].replace, target) for stem, target in targets.items()])


def _write(programme: Programme, treatment: Treatment, parts: Mapping[Stem, Path]) -> None:
    with ExitStack() as open_files:
        files = {stem: open_files.enter_context(wave.open(str(path), "wb")) for stem, path in parts.items()}
        for file in files.values():
            file.setnchannels(CHANNELS)
            file.setsampwidth(3)
            file.setframerate(SOUND_RATE)
        for number in range(programme.blocks.count):
            for stem, steps in _stems(programme, number, treatment):
                if stem in files:
                    files[stem].writeframes(_bytes(steps))


def _stems(programme: Programme, number: int, treatment: Treatment) -> Iterator[tuple[Stem, Steps]]:
    """One block of each. What rounding leaves over goes into the effects, so that the sum is exact."""
    begin, end = programme.blocks.edges(number)
    factor = np.full((end - begin, 1), treatment.factor if treatment.gain_db else 1.0)
    reduction = programme.encoded.reduction(begin, end, treatment)
    if reduction is not None:
        factor = factor * reduction[:, None]
    sums = {stem: np.zeros((end - begin, CHANNELS), np.int32) for stem in Stem}
    for track, samples in programme.blocks.each_track(number):
        sums[_OF_TRACK[track]] += samples
        sums[Stem.MIX] += samples
    whole, dialogue, music = (_steps(floating(sums[stem]) * factor) for stem in (Stem.MIX, Stem.DIALOGUE, Stem.MUSIC))
    yield Stem.MIX, whole
    yield Stem.DIALOGUE, dialogue
    yield Stem.MUSIC, music
    yield Stem.EFFECTS, np.clip(whole - dialogue - music, -_MOST, _MOST)


def _steps(samples: NDArray[np.float64]) -> Steps:
    steps: Steps = np.clip(np.rint(samples * (_MOST + 1)), -_MOST, _MOST).astype(np.int32)
    return steps


def _bytes(steps: Steps) -> bytes:
    return np.ascontiguousarray(steps, "<i4").view(np.uint8).reshape(-1, 4)[:, :3].tobytes()
