"""Measures the tail frame: a ten-minute clip must cost about what a five-second one costs.

    python benchmarks/tail_frame.py

Prints seconds and the ratio, both measured in this run, and ends with 1 where the claim does not hold.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from render.media.av_input import need_picture, opened
from render.media.ffmpeg import run
from render.media.graph import invented, sink
from render.media.tail_frame import extract_frame

RATIO_AT_MOST = 1.5
ROUNDS = 7


def make_clip(target: Path, length_s: int) -> Path:
    """A clip as vendors deliver it: 720p at 24 frames a second, with sound that is a little longer."""
    picture = invented(f"testsrc2=s=1280x720:r=24:d={length_s}")
    sound = invented(f"sine=d={length_s + 0.3}")
    options = {"c:v": "libx264", "preset": "ultrafast", "bf": 2, "g": 120, "pix_fmt": "yuv420p", "c:a": "aac"}
    asyncio.run(run(sink([picture, sound], target, **options), what=f"make {target.name}"))
    return target


def measure(clip: Path, target: Path) -> float:
    """Median seconds for the last frame."""
    spent = []
    for _ in range(ROUNDS):
        begun = time.perf_counter()
        extract_frame(clip, None, target)
        spent.append(time.perf_counter() - begun)
    return median(spent)


def decode_all(clip: Path) -> float:
    """Seconds for the plain way: decode everything, keep the last."""
    begun = time.perf_counter()
    with opened(clip) as container:
        for _ in container.decode(need_picture(container, clip)):
            pass
    return time.perf_counter() - begun


def main() -> int:
    """Measure, print, judge."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        short, long = make_clip(root / "short.mp4", 5), make_clip(root / "long.mp4", 600)
        short_s, long_s = measure(short, root / "tail.png"), measure(long, root / "tail.png")
        whole_s = decode_all(long)
    ratio = long_s / short_s
    print(f"{'tail frame of a 5 s clip':40} {short_s:8.3f} s")
    print(f"{'tail frame of a 10 min clip':40} {long_s:8.3f} s   {ratio:5.2f}x   (at most {RATIO_AT_MOST}x)")
    print(f"{'decoding the 10 min clip whole':40} {whole_s:8.3f} s   {whole_s / long_s:5.0f}x the tail frame")
    return 0 if ratio <= RATIO_AT_MOST else 1


if __name__ == "__main__":
    sys.exit(main())
