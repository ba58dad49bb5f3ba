"""Measures the cut of twenty five-second 720p clips against encoding them again, and against the least possible work.

    python benchmarks/join.py

The cut listens to each clip, mixes their sound, brings it to the web's loudness, measures it, and joins the pictures.
Every round begins with nothing that is kept. Prints seconds and ratios, all measured in this run, and ends with 1 where
a claim does not hold.
"""

from __future__ import annotations

import asyncio
import os
import sys
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from pathlib import Path

from render.cut.cut_episode import Score, cut_episode
from render.cut.cut_plan import Piece, timeline_of
from render.cut.house_signature import house_signature
from render.media.decoded_clip import clip_facts
from render.media.ffmpeg import run
from render.media.graph import Output, Stream, concat_list, invented, sink
from render.mix.listening import listened
from render.mix.side_by_side import side_by_side
from storyboard.shot import MasterFormat
from storyboard.sounds import WEB
from storyboard.timeline.clip_sounds import PieceSound, clip_sounds
from storyboard.timeline.sample_grid import samples_at
from storyboard.timeline.sound_plan import SoundPlan

CLIPS, LENGTH_S, ROUNDS = 20, 5, 5
MASTER = MasterFormat(1280, 720, Fraction(24))
FASTER_AT_LEAST = 25.0
OF_THE_LEAST_AT_MOST = 1.5


async def make_clip(target: Path, place: int) -> Path:
    """One clip as vendors deliver it: 720p24 at 7 Mb/s, camera motion and grain, sound longer than the picture."""
    frames = invented(f"testsrc2=s=1280x720:r=24:d={LENGTH_S}").filter("hue", h=place * 18)
    picture = frames.filter("rotate", a="t/5").filter("noise", alls=8, allf="t", all_seed=place)
    sound = invented(f"anoisesrc=d={LENGTH_S + 0.2}:c=pink:r=48000:seed={place}:a=0.2")
    options = {"c:v": "libx264", "preset": "veryfast", "crf": 23, "pix_fmt": "yuv420p", "c:a": "aac", "ac": 2}
    await run(sink([picture, sound], target, **options), what=f"make {target.name}")
    return target


async def timed(work: Awaitable[object]) -> float:
    """Seconds for one piece of work."""
    begun = time.perf_counter()
    await work
    return time.perf_counter() - begun


def encoded_again(everything: Stream, target: Path) -> Output:
    """The usual way: the concat demuxer and x264 at its defaults."""
    options = {"c:v": "libx264", "pix_fmt": "yuv420p", "c:a": "aac", "b:a": "192k"}
    return sink([everything.video, everything.audio], target, **options)


def least_work(everything: Stream, target: Path) -> Output:
    """Nobody can do less: the picture copied as it is, the sound encoded once (and drifting, with a click a seam)."""
    return sink([everything.video, everything.audio], target, **{"c:v": "copy", "c:a": "aac", "b:a": "192k"})


@dataclass(frozen=True)
class Nowhere:
    """Keeps what one round makes."""

    root: Path

    def find(self, key: str) -> Path | None:
        """What this round made under this key."""
        return path if (path := self._path(key)).exists() else None

    def keep(self, key: str, piece: Path) -> Path:
        """Move it here."""
        return piece.rename(self._path(key))

    def _path(self, key: str) -> Path:
        return self.root / key.replace(":", "-").replace("/", "_")


async def cut(pieces: Sequence[Piece], target: Path) -> None:
    """Cut these pieces, whose own sound is all that is heard, from nothing but the clips."""
    timeline = timeline_of(pieces, MASTER.fps)
    clips = {piece.clip.sha256: piece.path for piece in pieces if piece.clip is not None}
    heard = await side_by_side([partial(listened, path, sha256, clip=True) for sha256, path in clips.items()])
    sounds = [
        PieceSound(key=piece.key, footage=piece.footage(MASTER.fps), sha256=sha256)
        for piece, sha256 in zip(pieces, clips, strict=True)
    ]
    events = clip_sounds(timeline, sounds, dict(zip(clips, heard, strict=True))).events
    plan = SoundPlan(samples=samples_at(timeline.frames, MASTER.fps), events=events)
    with tempfile.TemporaryDirectory(dir=target.parent) as folder:
        score = Score(plan=plan, sources=clips, loudness=WEB)
        await cut_episode(pieces, timeline, MASTER, target, kept=Nowhere(Path(folder)), score=score)


async def measure(root: Path) -> tuple[float, float, float]:
    """Seconds for our cut, for encoding again (measured once), and for the least work; else the best round counts."""
    clips = [await make_clip(root / f"{place:02}.mp4", place) for place in range(CLIPS)]
    pieces = [Piece(key=each.stem, frames=LENGTH_S * 24, path=each, clip=clip_facts(each)) for each in clips]
    await house_signature(MASTER, root)
    listing = root / "all.ffconcat"
    listing.write_text("".join(f"file 'file:{clip}'\n" for clip in clips))
    ours, least = [], []
    for number in range(ROUNDS):
        os.environ["XDG_CACHE_HOME"] = str(root / f"cache-{number}")  # else what was heard once is remembered
        ours.append(await timed(cut(pieces, root / "ours.mp4")))
        least.append(await timed(run(least_work(concat_list(listing, ["mov"]), root / "least.mp4"), what="copy")))
    again = await timed(run(encoded_again(concat_list(listing, ["mov"]), root / "again.mp4"), what="encode again"))
    return min(ours), again, min(least)


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as folder:
        ours, again, least = asyncio.run(measure(Path(folder)))
    faster, more = again / ours, ours / least
    print(f"{CLIPS} clips of {LENGTH_S} s, 1280x720 at 24 frames a second")
    print(f"{'encode everything again (x264)':50} {again:8.2f} s")
    print(f"{'copy and encode the sound, inexactly':50} {least:8.2f} s")
    print(f"{'cut: copy the picture, mix the sound, encode it':50} {ours:8.2f} s")
    print(f"{'  faster than encoding again':50} {faster:8.1f}x   (at least {FASTER_AT_LEAST:g}x)")
    print(f"{'  of the least possible work':50} {more:8.2f}x   (at most {OF_THE_LEAST_AT_MOST:g}x)")
    return 0 if faster >= FASTER_AT_LEAST and more <= OF_THE_LEAST_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
