"""Cuts of small clips with sounds beside them, and what is heard of them: for tests of the mix that measure."""

from __future__ import annotations

import asyncio
import wave
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np

from render.mix.known_sounds import known_sounds
from render.mix.loudness_meter import momentary
from render.mix.mix_blocks import tenths
from render.mix.programme_loudness import measured
from render.mix.stems import Stem, write_stems
from storyboard.edit import Edit
from storyboard.shot import Episode
from storyboard.timeline.clip_sounds import PieceSound
from storyboard.timeline.episode_sounds import episode_sounds, speaking_clips
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sound_plan import SoundPlan
from storyboard.timeline.source_range import Footage
from tests.clips import make_clip
from tests.render.mix.mixing import (
    RATE,
    SHORT,
    Files,
    Shelf,
    Wave,
    mixed,
)
from tests.storyboard.stories import shot, story

PCM = {"c:a": "pcm_s16le", "format": "mov"}


def clip(folder: Path, name: str, *, hz: int = 440, seconds: float = 1.0, fps: str = "24", **more: Any) -> Path:
    """A small clip with a tone."""
    frames = round(seconds * float(Fraction(fps)))
    made = {"frames": frames, "fps": fps, "sound_s": seconds, "tone_hz": hz, **PCM, **more}
    return make_clip(folder / f"{name}.mov", size=(64, 36), **made)


@dataclass(frozen=True)
class Cut:
    """Clips one after the other, and what is heard with them."""

    files: Files
    plan: SoundPlan
    timeline: Timeline


def cut(
    folder: Path,
    clips: Mapping[str, Path],
    footages: Mapping[str, Footage],
    *,
    fps: Fraction = Fraction(24),
    seams: Any = (),
    edits: Mapping[str, Edit] | None = None,
    sounds: Mapping[str, Wave] | None = None,
    episode: Any = lambda each: each,
) -> Cut:
    """A master of these pieces, each named by its shot's key; `episode` changes what was made of it."""
    files = Files.of(folder, clips, **(sounds or {}))
    keys = list(footages)
    made: Episode = episode(story(*(shot(key) for key in keys), fps=fps))
    timeline = Timeline.laid([(key, footages[key].frames) for key in keys], fps)
    pieces = [
        PieceSound(key=key, footage=footages[key], sha256=files.hashes.get(key), edit=(edits or {}).get(key, Edit()))
        for key in keys
    ]
    hashes = {name: sha256 for name, sha256 in files.hashes.items() if name not in clips}
    known = asyncio.run(
        known_sounds(
            {hashes[name]: files.paths[hashes[name]] for name in hashes},
            {files.hashes[name]: path for name, path in clips.items()},
            speaking=speaking_clips(made, pieces),
        )
    )
    plan = episode_sounds(made, timeline, pieces, hashes, known, seams=seams)
    return Cut(files, plan, timeline)


def whole(frames: int, **more: Any) -> Footage:
    """All of a clip of so many frames, unless more is said."""
    return Footage(**{"first": 0, "slots": frames, "available": frames, **more})


def stems(made: Cut, folder: Path) -> dict[Stem, Wave]:
    """The stems of a mix at the loudness of the web, at a full scale of 1."""
    kept = Shelf(folder / "kept")
    treatment = mixed(made.plan, made.files, folder, kept=kept).treatment
    targets = {stem: folder / f"{stem}.wav" for stem in Stem}
    asyncio.run(write_stems(made.plan, made.files.paths, kept, targets, treatment, block=SHORT))
    return {stem: read_steps(path) / float(1 << 23) for stem, path in targets.items()}


def read_steps(path: Path) -> Wave:
    """A WAV of 24 bits, in its steps."""
    with wave.open(str(path)) as file:
        assert (file.getframerate(), file.getsampwidth(), file.getnchannels()) == (RATE, 3, 2)
        raw = np.frombuffer(file.readframes(file.getnframes()), np.uint8).reshape(-1, 3)
    padded = np.concatenate([np.zeros((len(raw), 1), np.uint8), raw], axis=1)
    return (padded.view("<i4")[:, 0] >> 8).reshape(-1, 2).astype(np.float64)


def lufs(samples: Wave) -> float:
    """The gated loudness."""
    found = measured(momentary(tenths(samples.astype(np.float32))))
    return -120.0 if found is None else float(found)
