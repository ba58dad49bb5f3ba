"""Makes small clips with real ffmpeg. Each frame carries its own number, so a test can say which frame it looks at."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from fractions import Fraction
from functools import lru_cache
from pathlib import Path

import av
from PIL import Image, ImageDraw

from render.media.ffmpeg import run
from render.media.graph import invented, raw_frames, sink, source

BITS = 10
SIZE = (160, 90)


def numbered(number: int, size: tuple[int, int] = SIZE, colour: str = "#305070") -> Image.Image:
    """One frame: its number as ten bars along the top (white is 1, the highest first), a red mark bottom left."""
    width, height = size
    frame = Image.new("RGB", size, colour)
    draw = ImageDraw.Draw(frame)
    for bit in range(BITS):
        left, right = width * bit // BITS, width * (bit + 1) // BITS - 1
        draw.rectangle((left, 0, right, height // 3), fill="white" if number >> (BITS - 1 - bit) & 1 else "black")
    draw.rectangle((0, height * 3 // 4, width // 5, height), fill="#d02020")
    return frame


def number_in(frame: Image.Image) -> int:
    """The number that a frame carries, whatever its size and encoder."""
    grey = frame.convert("L")
    number = 0
    for bit in range(BITS):
        x, y = grey.width * (2 * bit + 1) // (2 * BITS), grey.height // 6
        number = number << 1 | (grey.getpixel((x, y)) > 127)  # type: ignore[operator]
    return number


def make_clip(target: Path, **how: object) -> Path:
    """A clip as `draw_clip` draws it; one that a test of this worker asked for before is written once more."""
    target.write_bytes(_drawn(target.suffix, **how))
    return target


@lru_cache(maxsize=128)
def _drawn(suffix: str, **how: object) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        return draw_clip(Path(folder) / f"clip{suffix}", **how).read_bytes()  # type: ignore[arg-type]


def draw_clip(
    target: Path,
    *,
    frames: int = 24,
    fps: str = "24",
    size: tuple[int, int] = SIZE,
    colour: str = "#305070",
    first_number: int = 0,
    sound_s: float | None = None,
    tone_hz: int = 440,
    channels: int = 2,
    sound_rate: int = 48_000,
    times: str | None = None,
    rotation: int = 0,
    pixel_ratio: str | None = None,
    colours: str = "bt709",
    **options: object,
) -> Path:
    """A clip of numbered frames, by x264 with B-frames where `options` (ffmpeg's own) say nothing else.

    `sound_s` is the length of its sound (None: silent), `times` an expression for irregular frame times in ms.
    """
    picture = raw_frames(*size, Fraction(fps)).filter("scale", out_color_matrix=colours, out_range="tv")
    picture = picture.filter("format", "yuv420p")
    if times:
        picture = picture.filter("settb", "1/1000").filter("setpts", times)
        options = {"fps_mode": "passthrough", "enc_time_base": "1/1000", "video_track_timescale": 90_000, **options}
    if pixel_ratio:
        picture = picture.filter("setsar", pixel_ratio)
    streams = [picture]
    if sound_s is not None:
        layout = "mono" if channels == 1 else "stereo"
        tone = invented(f"sine=frequency={tone_hz}:sample_rate={sound_rate}:duration={sound_s}")
        streams.append(tone.filter("aformat", channel_layouts=layout))
        options = {"c:a": "aac", **options}
    if options.get("c:v", "libx264") == "libx264":
        options = {"bf": 2, "g": 12, "preset": "veryfast", "crf": 18, **options}
    upright = target if not rotation else target.with_name(f"upright-{target.name}")
    drawn = (numbered(first_number + at, size, colour).tobytes() for at in range(frames))
    asyncio.run(run(sink(streams, upright, **options), what=f"make {target.name}", feed=drawn))
    if rotation:
        turned = sink([source(upright, display_rotation=rotation)], target, c="copy")
        asyncio.run(run(turned, what=f"turn {target.name}"))
    return target


def decoded(clip: Path) -> Iterator[Image.Image]:
    """Every frame of a clip as coded, in the order shown, by decoding from the very first one."""
    with av.open(str(clip)) as container:
        for frame in container.decode(video=0):
            yield frame.to_image()


def numbers(clip: Path) -> list[int]:
    """The numbers that a clip's frames carry, in the order shown."""
    return [number_in(frame) for frame in decoded(clip)]
