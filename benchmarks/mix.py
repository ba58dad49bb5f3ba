"""Measures the mix of twenty clips of five seconds with music: with loudness and without, whole and after one change.

    python benchmarks/mix.py [--hour]

Prints seconds and ratios, all measured in this run, and ends with 1 where a claim does not hold. With `--hour` an hour
of 720 shots is mixed as well, and its peak of memory is told; that takes minutes.
"""

from __future__ import annotations

import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path

from render.media.ffmpeg import run
from render.media.graph import concat_list, invented, sink
from render.media.measures import sha256_of
from render.mix.known_sounds import known_sounds
from render.mix.mix_episode import mix_episode
from storyboard.sounds import WEB, LoudnessTarget
from storyboard.timeline.clip_sounds import PieceSound, clip_sounds
from storyboard.timeline.master_timeline import Timeline
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_plan import SoundPlan
from storyboard.timeline.source_range import Footage

CLIPS, LENGTH_S, SHOTS, ROUNDS = 20, 5, 100, 3
FPS = Fraction(24)
LOUDNESS_AT_MOST = 1.3
CHANGE_AT_MOST = 0.05  # of what all processors did: a block is made on one of them, where a whole mix has all
MEMORY_AT_MOST_MIB = 300


@dataclass(frozen=True)
class Shelf:
    """Keeps the parts of a mix in a folder."""

    root: Path

    def find(self, key: str) -> Path | None:
        """What is kept under this key."""
        return path if (path := self.root / key.replace(":", "-")).exists() else None

    def keep(self, key: str, piece: Path) -> Path:
        """Move it here."""
        self.root.mkdir(exist_ok=True)
        return piece.rename(self.root / key.replace(":", "-"))


async def make_clip(target: Path, place: int) -> Path:
    """A clip as vendors deliver it, of a small picture: sound in AAC, longer than the picture."""
    picture = invented(f"color=c=black:s=64x36:r=24:d={LENGTH_S}")
    sound = invented(f"anoisesrc=d={LENGTH_S + 0.2}:c=pink:r=48000:seed={place}:a=0.2")
    options = {"c:v": "libx264", "preset": "ultrafast", "pix_fmt": "yuv420p", "c:a": "aac", "ac": 2}
    await run(sink([picture, sound], target, **options), what=f"make {target.name}")
    return target


async def planned(clips: Sequence[Path], shots: int) -> tuple[SoundPlan, dict[str, Path]]:
    """The sound of so many shots of these clips, one after the other."""
    hashes = {path: sha256_of(path) for path in clips}
    facts = await known_sounds({}, {sha256: path for path, sha256 in hashes.items()})
    frames = LENGTH_S * 24
    footage = Footage(first=0, slots=frames, available=frames)
    pieces = [PieceSound(key=f"s/{at}", footage=footage, sha256=hashes[clips[at % len(clips)]]) for at in range(shots)]
    timeline = Timeline.laid(((each.key, frames) for each in pieces), FPS)
    events = clip_sounds(timeline, pieces, facts).events
    return SoundPlan(samples_at(timeline.frames, FPS), events), {sha256: path for path, sha256 in hashes.items()}


async def mixed(
    plan: SoundPlan, sources: dict[str, Path], kept: Shelf, folder: Path, loudness: LoudnessTarget | None = WEB
) -> float:
    """Seconds for one mix."""
    begun = time.perf_counter()
    await mix_episode(plan, sources, kept, folder / "sound.m4a", loudness=loudness)
    return time.perf_counter() - begun


async def encoded_once(clips: Sequence[Path], folder: Path) -> float:
    """Seconds for the least that can be done: the clips' sound, one after the other, through ffmpeg's encoder."""
    listing = folder / "all.ffconcat"
    listing.write_text("".join(f"file 'file:{clip}'\n" for clip in clips))
    begun = time.perf_counter()
    options = {"c:a": "aac", "b:a": "192k"}
    await run(sink([concat_list(listing, ["mov"]).audio], folder / "least.m4a", **options), what="encode")
    return time.perf_counter() - begun


async def normalised(clips: Sequence[Path], folder: Path) -> float:
    """Seconds for the usual way: `loudnorm` over what was encoded, and the sound encoded again."""
    begun = time.perf_counter()
    await encoded_once(clips, folder)
    sound = concat_list(folder / "all.ffconcat", ["mov"]).audio.filter("loudnorm", I=-14, TP=-1)
    await run(sink([sound], folder / "again.m4a", **{"c:a": "aac", "b:a": "192k", "ar": 48000}), what="normalise")
    return time.perf_counter() - begun


async def measure(root: Path) -> dict[str, float]:
    """Seconds of each, the best round counting."""
    clips = [await make_clip(root / f"{place:02}.mp4", place) for place in range(CLIPS + 1)]
    plan, sources = await planned(clips[:CLIPS], CLIPS)
    found: dict[str, list[float]] = {}
    for number in range(ROUNDS):
        for name, loudness in (("with its loudness", WEB), ("without", None)):
            kept = Shelf(root / f"{name}-{number}")
            found.setdefault(name, []).append(await mixed(plan, sources, kept, root, loudness))
        found.setdefault("found again", []).append(await mixed(plan, sources, kept, root, None))
        found.setdefault("the clips' sound encoded once by ffmpeg", []).append(await encoded_once(clips[:CLIPS], root))
    found["normalised and encoded again"] = [await normalised(clips[:CLIPS], root)]
    whole, all_sources = await planned(clips, SHOTS)
    kept = Shelf(root / "hundred")
    began = time.process_time()
    found[f"{SHOTS} shots"] = [await mixed(whole, all_sources, kept, root)]
    made = time.process_time()
    other = whole.events[0].material  # as after one new take
    events = [event if event.key != "s/50" else replace(event, material=other) for event in whole.events]
    changed = SoundPlan(whole.samples, tuple(events))
    found[f"one changed shot of {SHOTS}"] = [await mixed(changed, all_sources, kept, root)]
    found[f"{SHOTS} shots, of all processors"] = [made - began]
    found[f"one changed shot of {SHOTS}, of all processors"] = [time.process_time() - made]
    return {name: min(each) for name, each in found.items()}


async def hour(root: Path) -> float:
    """The peak of memory in MiB while an hour of 720 shots is mixed."""
    clips = [await make_clip(root / f"{place:02}.mp4", place) for place in range(24)]
    plan, sources = await planned(clips, 720)
    await mixed(plan, sources, Shelf(root / "kept"), root)
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CACHE_HOME"] = folder
        if "--hour" in sys.argv:
            used = asyncio.run(hour(Path(folder)))
            print(f"an hour of 720 shots: {used:.0f} MiB at its peak   (at most {MEMORY_AT_MOST_MIB})")
            return 0 if used <= MEMORY_AT_MOST_MIB else 1
        found = asyncio.run(measure(Path(folder)))
    loudness = found["with its loudness"] / found["without"]
    change = found[f"one changed shot of {SHOTS}, of all processors"] / found[f"{SHOTS} shots, of all processors"]
    print(f"{CLIPS} clips of {LENGTH_S} s")
    for name, seconds in found.items():
        print(f"{name:50} {seconds:8.2f} s")
    print(f"{'  loudness on against off':50} {loudness:8.2f}x   (at most {LOUDNESS_AT_MOST:g}x)")
    print(f"{'  one changed shot against the whole':50} {change:8.3f}x   (at most {CHANGE_AT_MOST:g}x)")
    return 0 if loudness <= LOUDNESS_AT_MOST and change <= CHANGE_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
