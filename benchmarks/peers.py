"""The ways in which others join clips, for `cut_end_to_end.py` to stand beside: on the same clips, in the same run."""

from __future__ import annotations

import asyncio
import importlib.util
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import av

from render.media.ffmpeg import run
from render.media.graph import concat_list, sink, source

X264 = {"c:v": "libx264", "pix_fmt": "yuv420p", "c:a": "aac", "b:a": "192k"}


def encoded_again(clips: Sequence[Path], target: Path) -> None:
    """The usual way: the concat demuxer, and x264 at its defaults."""
    everything = concat_list(_listing(clips, target), ["mov"])
    asyncio.run(run(sink([everything.video, everything.audio], target, **X264), what="encode again"))


def normalised_and_encoded(clips: Sequence[Path], target: Path) -> None:
    """The careful way: each clip is encoded to one size and rate, and then all of them once more."""
    alike = [target.with_name(f"alike-{number}.mp4") for number, _ in enumerate(clips)]
    for clip, each in zip(clips, alike, strict=True):
        opened = source(clip)
        picture = opened.video.filter("scale", 1280, 720).filter("fps", 24)
        asyncio.run(run(sink([picture, opened.audio], each, **X264), what="normalise"))
    encoded_again(alike, target)


def copied(clips: Sequence[Path], target: Path) -> float:
    """The quick way: picture and sound are copied. Returns by how many seconds sound and picture are apart then."""
    everything = concat_list(_listing(clips, target), ["mov"])
    asyncio.run(run(sink([everything.video, everything.audio], target, c="copy"), what="copy"))
    with av.open(str(target)) as joined:
        picture, sound = joined.streams.video[0], joined.streams.audio[0]
        return abs(float(picture.duration * picture.time_base - sound.duration * sound.time_base))  # type: ignore[operator]


def has_moviepy() -> bool:
    """Whether it is installed here; nothing of Tailframe needs it."""
    return importlib.util.find_spec("moviepy") is not None


def by_moviepy(clips: Sequence[Path], target: Path) -> None:
    """As its own guide joins clips, in a process of its own."""
    script = (
        "import sys; from moviepy import VideoFileClip, concatenate_videoclips as joined\n"
        "target, *clips = sys.argv[1:]\n"
        "joined([VideoFileClip(each) for each in clips]).write_videofile(target, logger=None)"
    )
    subprocess.run([sys.executable, "-c", script, target, *clips], check=True, capture_output=True)


def _listing(clips: Sequence[Path], target: Path) -> Path:
    listing = target.with_suffix(".ffconcat")
    listing.write_text("".join(f"file 'file:{clip}'\n" for clip in clips))
    return listing
