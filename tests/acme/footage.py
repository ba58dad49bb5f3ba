"""Draws the clips that Acme delivers: real video with sound, another picture and other bytes for every job."""

from __future__ import annotations

import os
import struct
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg

LOOKS = 6
FPS = 24


@dataclass(frozen=True, slots=True)
class Format:
    """What was ordered: pixels, whole seconds, sound or not."""

    width: int
    height: int
    seconds: int
    audio: bool

    def __str__(self) -> str:
        return f"{self.width}x{self.height}-{self.seconds}s{'-sound' if self.audio else ''}"


def clip_of(job_id: str, place: int, ordered: Format, cache: Path) -> bytes:
    """One job's clip. Drawing is kept by look and format; the job's id in its bytes makes each clip its own.

    place: the job's among all jobs, from which its look comes: any six in a row look unlike each other.
    """
    look = place % LOOKS
    drawn = cache / f"{ordered}-{look}.mp4"
    if not drawn.exists():
        _draw(drawn, ordered, look)
    return drawn.read_bytes() + _box(b"free", job_id.encode())


def _box(kind: bytes, content: bytes) -> bytes:
    """A box of the MP4 format; every reader passes over a `free` one."""
    return struct.pack(">I4s", 8 + len(content), kind) + content


def _draw(target: Path, ordered: Format, look: int) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    size, seconds = f"{ordered.width}x{ordered.height}", ordered.seconds
    picture = f"testsrc2=size={size}:rate={FPS}:duration={seconds},hue=h={360 * look // LOOKS}"
    tone = f"sine=frequency={220 + 55 * look}:duration={seconds}:sample_rate=48000"
    handle, part = tempfile.mkstemp(suffix=".mp4", dir=target.parent)
    os.close(handle)
    subprocess.run(
        [
            *[imageio_ffmpeg.get_ffmpeg_exe(), "-nostdin", "-v", "error", "-y", "-f", "lavfi", "-i", picture],
            *(["-f", "lavfi", "-i", tone] if ordered.audio else []),
            *["-c:v", "libx264", "-preset", "ultrafast", "-crf", "30", "-pix_fmt", "yuv420p", "-g", str(FPS)],
            *(["-c:a", "aac", "-b:a", "64k"] if ordered.audio else []),
            *["-movflags", "+faststart", part],
        ],
        check=True,
    )
    Path(part).replace(target)
