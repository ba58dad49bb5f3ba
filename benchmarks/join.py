"""Measures the join of twenty five-second 720p clips against encoding them again, and against the least possible work.

    python benchmarks/join.py

Prints seconds and ratios, all measured in this run, and ends with 1 where a claim does not hold.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from collections.abc import Awaitable
from fractions import Fraction
from pathlib import Path

from render.cut.join import PieceSound, join
from render.cut.segment_files import SegmentFile
from render.media.ffmpeg import run
from render.media.graph import Output, Stream, concat_list, invented, sink
from storyboard.shot import MasterFormat
from storyboard.timeline.master_timeline import Timeline

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


async def measure(root: Path) -> tuple[float, float, float]:
    """Seconds for our join, for encoding again (measured once), and for the least work; else the best round counts."""
    clips = [await make_clip(root / f"{place:02}.mp4", place) for place in range(CLIPS)]
    pictures = [SegmentFile(path=clip, frames=LENGTH_S * 24, made=False) for clip in clips]
    sounds = [PieceSound(clip) for clip in clips]
    timeline = Timeline.laid(((clip.stem, LENGTH_S * 24) for clip in clips), MASTER.fps)
    listing = root / "all.ffconcat"
    listing.write_text("".join(f"file 'file:{clip}'\n" for clip in clips))
    ours, least = [], []
    for _ in range(ROUNDS):
        ours.append(await timed(join(pictures, sounds, timeline, MASTER, root / "ours.mp4")))
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
    print(f"{'join: copy the picture, lay the sound, encode it':50} {ours:8.2f} s")
    print(f"{'  faster than encoding again':50} {faster:8.1f}x   (at least {FASTER_AT_LEAST:g}x)")
    print(f"{'  of the least possible work':50} {more:8.2f}x   (at most {OF_THE_LEAST_AT_MOST:g}x)")
    return 0 if faster >= FASTER_AT_LEAST and more <= OF_THE_LEAST_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
