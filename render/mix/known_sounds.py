"""What is known of all sounds of a master, listened to side by side where they were not before."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

from render.mix.listening import listened, spoken_in
from render.mix.side_by_side import Told, side_by_side
from storyboard.timeline.sound_facts import SoundFacts


async def known_sounds(
    files: Mapping[str, Path],
    clips: Mapping[str, Path],
    *,
    speaking: Collection[str] = (),
    told: Told = lambda _: None,
) -> dict[str, SoundFacts]:
    """The facts by hash of sound files, and of the sound of clips; both are given by their hashes.

    In the clips of `speaking` it is looked for speech: see `storyboard.timeline.episode_sounds.speaking_clips`. Raises
    MediaError where a sound file has no sound, or anything cannot be decoded.
    """
    steps = {sha256: partial(listened, path, sha256, clip=False) for sha256, path in files.items()}
    steps |= {sha256: partial(listened, path, sha256, clip=True) for sha256, path in clips.items()}
    found = await side_by_side(list(steps.values()), told)
    known = dict(zip(steps, found, strict=True))
    voices = [sha256 for sha256 in dict.fromkeys(speaking) if sha256 in clips]
    spoken = await side_by_side([partial(spoken_in, clips[sha256], sha256) for sha256 in voices])
    return known | {
        sha256: replace(known[sha256], speech=speech) for sha256, speech in zip(voices, spoken, strict=True)
    }
