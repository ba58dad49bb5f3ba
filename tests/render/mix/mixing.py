"""Sounds and clips for mixes, a folder that keeps their parts, and looks at what came out."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from secrets import token_hex

import numpy as np
from numpy.typing import NDArray

from render.media.ffmpeg import run
from render.media.graph import sink, source
from render.media.measures import sha256_of
from render.mix.listening import listened
from render.mix.mix_blocks import LEAST_BLOCK, MixBlocks
from render.mix.mix_episode import Mixed, mix_episode
from render.mix.programme import Programme
from render.mix.sound_sources import SoundSources
from storyboard.sounds import WEB, LoudnessTarget
from storyboard.timeline.sound_events import Material, SoundEvent, Track
from storyboard.timeline.sound_facts import SoundFacts
from storyboard.timeline.sound_plan import SoundPlan

RATE = 48_000
SHORT = LEAST_BLOCK
"""Blocks of 1.6 seconds, so that small sounds have several."""
Wave = NDArray[np.float64]


def tone(seconds: float, hz: float = 440.0, amplitude: float = 0.4, phase: float = 0.0) -> Wave:
    """A sine on both sides."""
    at = np.arange(round(seconds * RATE))
    side = amplitude * np.sin(2 * np.pi * hz * at / RATE + phase)
    return np.stack([side, side], axis=1)


def noise(seconds: float, amplitude: float = 0.1, seed: int = 7) -> Wave:
    """Noise on both sides, no two places alike."""
    return amplitude * np.random.default_rng(seed).standard_normal((round(seconds * RATE), 2))


def speech(seconds: float, amplitude: float = 0.3, hz: float = 130.0) -> Wave:
    """Something with a voice's pitch and its coming and going: syllables, four a second."""
    at = np.arange(round(seconds * RATE)) / RATE
    voice = sum(np.sin(2 * np.pi * hz * harmonic * at) / harmonic for harmonic in range(1, 12))
    side = amplitude * voice / 1.6 * np.clip(np.sin(2 * np.pi * 2 * at), 0, 1) ** 0.5
    return np.stack([side, side], axis=1)


def write_wav(target: Path, samples: Wave) -> Path:
    """As 16 bits."""
    steps = np.clip(np.rint(samples * 32_768), -32_768, 32_767).astype("<i2")
    with wave.open(str(target), "wb") as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(steps.tobytes())
    return target


def read_sound(path: Path) -> NDArray[np.float32]:
    """All samples of a file, as a player has them: from its first one on, and to its last."""
    target = path.with_suffix(".f32")
    asyncio.run(run(sink([source(path)], target, format="f32le", ar=RATE, ac=2), what="decode"))
    return np.fromfile(target, np.float32).reshape(-1, 2)


@dataclass(frozen=True)
class Shelf:
    """Keeps the parts of a mix in a folder, and knows which were asked for and which were made."""

    root: Path
    made: list[str] = field(default_factory=list)

    def find(self, key: str) -> Path | None:
        """What is kept under this key."""
        return path if (path := self._path(key)).exists() else None

    def keep(self, key: str, piece: Path) -> Path:
        """Move it here."""
        self.root.mkdir(exist_ok=True)
        self.made.append(key)
        return piece.rename(self._path(key))

    def of(self, sort: str) -> int:
        """How many parts of a sort were made."""
        return sum(sort in key for key in self.made)

    def _path(self, key: str) -> Path:
        return self.root / key.replace(":", "-")


@dataclass(frozen=True)
class Files:
    """Sound files by their hashes, with what is known of them."""

    paths: Mapping[str, Path]
    facts: Mapping[str, SoundFacts]
    hashes: Mapping[str, str]  # by name

    @classmethod
    def of(cls, folder: Path, clips: Mapping[str, Path] | None = None, **sounds: Wave) -> Files:
        """Write each under its name; clips are there already."""
        return cls.at({name: write_wav(folder / f"{name}.wav", samples) for name, samples in sounds.items()}, clips)

    @classmethod
    def at(cls, sounds: Mapping[str, Path], clips: Mapping[str, Path] | None = None) -> Files:
        """All of them are there already."""
        hashes = {name: sha256_of(path) for name, path in {**sounds, **(clips or {})}.items()}
        paths = {hashes[name]: path for name, path in {**sounds, **(clips or {})}.items()}
        facts = {hashes[name]: listened(path, hashes[name], clip=False) for name, path in sounds.items()}
        facts |= {hashes[name]: listened(path, hashes[name], clip=True) for name, path in (clips or {}).items()}
        return cls(paths, facts, hashes)

    def event(self, name: str, begin: int = 0, samples: int | None = None, **more: object) -> SoundEvent:
        """The file as an effect from its beginning."""
        sha256 = self.hashes[name]
        length = self.facts[sha256].samples if samples is None else samples
        told = {"track": Track.EFFECTS, "material": Material(sha256), **more}
        return SoundEvent(begin=begin, samples=length, **told)  # type: ignore[arg-type]


def mixed(
    plan: SoundPlan, files: Files, folder: Path, *, loudness: LoudnessTarget | None = WEB, kept: Shelf | None = None
) -> Mixed:
    """The plan mixed in a folder, with parts kept there where no other place is named."""
    target = folder / f"{token_hex(4)}.m4a"
    return asyncio.run(
        mix_episode(plan, files.paths, kept or Shelf(folder / "kept"), target, loudness=loudness, block=SHORT)
    )


def before_loudness(plan: SoundPlan, files: Files, folder: Path, kept: Shelf | None = None) -> NDArray[np.float64]:
    """The mix before its gain, at a full scale of 1."""
    scratch = folder / f"scratch-{token_hex(4)}"
    scratch.mkdir()
    blocks = MixBlocks(plan, SoundSources(files.paths, scratch), kept or Shelf(folder / "kept"), scratch, SHORT)
    return blocks.between(0, plan.samples) / float(1 << 20)


def before_encoding(plan: SoundPlan, files: Files, folder: Path) -> NDArray[np.float32]:
    """What the encoder is given of a mix that is left as loud as it is."""
    scratch = folder / f"scratch-{token_hex(4)}"
    scratch.mkdir()

    async def made() -> NDArray[np.float32]:
        programme = await Programme.of(plan, files.paths, Shelf(folder / "kept"), scratch)
        treatment, _ = await programme.at_loudness(None)
        return programme.encoded.treated(0, plan.samples, treatment)

    return asyncio.run(made())


def level(samples: Wave, hz: float) -> float:
    """The amplitude of a tone on the left."""
    at = np.arange(len(samples))
    turned = samples[:, 0] * np.exp(-2j * np.pi * hz * at / RATE)
    return float(2 * abs(turned.mean()))


def largest_step(samples: Wave, hz: float) -> float:
    """How far a steady tone is, at its worst, from what its last two samples say will follow. A click is a step."""
    turn = 2 * np.cos(2 * np.pi * hz / RATE)
    return float(np.abs(samples[2:, 0] - turn * samples[1:-1, 0] + samples[:-2, 0]).max())


FRAME_RATES: Sequence[Fraction] = tuple(map(Fraction, ("24", "25", "24000/1001", "30000/1001")))
