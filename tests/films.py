"""Films of every kind, made from samples that are computed here by the formulae of the standards, without ffmpeg.

Each frame is four fields of colour. They wander by one place from frame to frame, so a picture says which frame it is.
"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

import av
from PIL import Image

from render.media.ffmpeg import run
from render.media.graph import raw_frames, sink, source

WIDTH, HEIGHT = 64, 36
FRAMES = 3
RGB = tuple[float, float, float]
T = TypeVar("T")

COLOURS: tuple[RGB, ...] = ((40, 189, 30), (200, 60, 40), (128, 128, 128), (20, 40, 150))
"""As the master shows them: top left, top right, bottom left, bottom right. None is in HDR's highlights, or at the
edge of BT.709, where a step of ten bits is far in eight."""

LUMA = {"bt709": (0.2126, 0.0722), "bt2020nc": (0.2627, 0.0593)}
LUMA |= dict.fromkeys(("smpte170m", "bt470bg"), (0.299, 0.114))
"""What red and blue weigh in each matrix (BT.709, BT.2020 table 4, BT.601)."""

_PRIMARIES = {  # from BT.709's light to others' (BT.2087; P3 by the chromaticities of SMPTE EG 432-1 at D65)
    "bt2020": ((0.6274, 0.3293, 0.0433), (0.0691, 0.9195, 0.0114), (0.0164, 0.0880, 0.8956)),
    "smpte432": ((0.8225, 0.1774, 0.0), (0.0332, 0.9669, 0.0), (0.0171, 0.0724, 0.9108)),
}
_WHITE, _PEAK = 203.0, 1000.0  # cd/m², BT.2408 and BT.2100


@dataclass(frozen=True, kw_only=True)
class Film:
    """One kind of film. `colours` are what it states; `assumed` is the matrix of one that states nothing."""

    codec: str = "libx264"
    container: str = "mp4"
    pix_fmt: str = "yuv420p"
    bits: int = 8
    matrix: str = "unknown"
    primaries: str = "unknown"
    transfer: str = "unknown"
    assumed: str = "bt601"
    full: bool = False
    fps: str = "24"
    pixel_ratio: int = 1
    opacity: float | None = None
    rotation: int = 0
    flip: str = ""
    near: int = 6  # of 255: what rounding to 8 bits in Y'CbCr, and encoding, may take of a colour
    options: dict[str, object] = field(default_factory=dict)


def pq(cd_m2: float) -> float:
    """Light as SMPTE ST 2084 writes it."""
    m1, m2, c1, c2, c3 = 2610 / 16384, 2523 / 32, 3424 / 4096, 2413 / 128, 2392 / 128
    y = (max(0.0, cd_m2) / 10_000) ** m1
    return float(((c1 + c2 * y) / (1 + c3 * y)) ** m2)


def hlg(light: RGB) -> RGB:
    """Light of a display of 1,000 cd/m² as BT.2100 writes it in HLG, back through the display's own gamma of 1.2."""
    shown = 0.2627 * light[0] + 0.6780 * light[1] + 0.0593 * light[2]
    scene = (max(shown, 1e-6) / _PEAK) ** ((1 - 1.2) / 1.2) / _PEAK
    a, b = 0.17883277, 0.28466892
    c = 0.5 - a * math.log(4 * a)

    def written(one: float) -> float:
        e = max(0.0, one) * scene
        return math.sqrt(3 * e) if e <= 1 / 12 else a * math.log(12 * e - b) + c

    return written(light[0]), written(light[1]), written(light[2])


def signal(film: Film, colour: RGB) -> RGB:
    """What the film's own R'G'B' is, 0 to 1, for what the master shows as `colour` (0 to 255)."""
    wide = _PRIMARIES.get(film.primaries)
    if wide is None:
        return colour[0] / 255, colour[1] / 255, colour[2] / 255
    light = [(each / 255) ** 2.4 for each in colour]
    red, green, blue = (max(0.0, sum(one * by for one, by in zip(light, row, strict=True))) for row in wide)
    if film.transfer == "smpte2084":
        return pq(red * _WHITE), pq(green * _WHITE), pq(blue * _WHITE)
    if film.transfer == "arib-std-b67":
        return hlg((red * _WHITE, green * _WHITE, blue * _WHITE))
    return red ** (1 / 2.4), green ** (1 / 2.4), blue ** (1 / 2.4)


def pressed(light: float) -> float:
    """Highlights as the master shows them, in light of which 1 is paper: a curve by Möbius above a knee of 0.6."""
    j, peak = 0.6, _PEAK / _WHITE
    if light <= j:
        return light
    a = -j * j * (peak - 1) / (j * j - 2 * j + peak)
    b = (j * j - 2 * j * peak + peak) / (peak - 1)
    return (b * b + 2 * b * j + j * j) / (b - a) * (light + a) / (light + b)


def samples(film: Film, colour: RGB) -> tuple[int, int, int]:
    """Y'CbCr as the film stores it."""
    red, green, blue = signal(film, colour)
    named = film.assumed if film.matrix == "unknown" else film.matrix
    by_red, by_blue = LUMA.get(named, LUMA["smpte170m"])
    luma = by_red * red + (1 - by_red - by_blue) * green + by_blue * blue
    cb, cr = (blue - luma) / 2 / (1 - by_blue), (red - luma) / 2 / (1 - by_red)
    scale, most = 1 << film.bits - 8, (1 << film.bits) - 1
    if film.full:
        half = 1 << film.bits - 1
        return round(luma * most), min(most, round(cb * most + half)), min(most, round(cr * most + half))
    return round((219 * luma + 16) * scale), round((224 * cb + 128) * scale), round((224 * cr + 128) * scale)


def make_film(target: Path, film: Film, colours: Sequence[RGB] = COLOURS) -> Path:
    """Write the film, of `FRAMES` frames."""
    deep, alpha = film.bits > 8, film.opacity is not None
    raw = f"yuv{'a' * alpha}444p{f'{film.bits}le' * deep}"
    picture = raw_frames(WIDTH // film.pixel_ratio, HEIGHT, Fraction(film.fps), raw).filter(
        "setparams",
        range="pc" if film.full else "tv",
        colorspace=film.matrix,
        color_primaries=film.primaries,
        color_trc=film.transfer,
    )
    picture = picture.filter("format", film.pix_fmt).filter("setsar", film.pixel_ratio)
    exact = {"libx264": {"qp": 1, "bf": 0}, "libx265": {"x265-params": "lossless=1:log-level=none"}}
    options = {"c:v": film.codec, **exact.get(film.codec, {}), **film.options}
    turned = film.rotation or film.flip
    made = target.with_name(f"upright-{target.name}") if turned else target
    asyncio.run(run(sink([picture], made, **options), what=f"make {target.name}", feed=_drawn(film, colours)))
    if turned:
        asked = {f"display_{film.flip}": None} if film.flip else {"display_rotation": film.rotation}
        asyncio.run(run(sink([source(made, **asked)], target, c="copy"), what=f"turn {target.name}"))
    return target


def _drawn(film: Film, colours: Sequence[RGB]) -> Iterator[bytes]:
    size = 2 if film.bits > 8 else 1
    stored = [samples(film, each) for each in colours]
    for number in range(FRAMES):
        shown = wandered(stored, number)
        for plane in range(3):
            yield b"".join(_rows([each[plane].to_bytes(size, "little") for each in shown], film))
        if film.opacity is not None:
            opaque = round(film.opacity * ((1 << film.bits) - 1)).to_bytes(size, "little")
            yield opaque * (WIDTH // film.pixel_ratio * HEIGHT)


def _rows(four: Sequence[bytes], film: Film) -> Iterator[bytes]:
    half = WIDTH // film.pixel_ratio // 2
    for row in range(HEIGHT):
        left, right = four[:2] if row < HEIGHT // 2 else four[2:]
        yield left * half + right * half


def wandered(four: Sequence[T], number: int) -> list[T]:
    """The four fields as frame `number` has them."""
    return [four[(place + number) % 4] for place in range(4)]


def seen(picture: Image.Image) -> list[RGB]:
    """The four fields of a picture, each in its middle."""
    across, down = (picture.width // 4, picture.width * 3 // 4), (picture.height // 4, picture.height * 3 // 4)
    return [picture.convert("RGB").getpixel((x, y)) for y in down for x in across]  # type: ignore[misc]


def decoded(clip: Path) -> list[list[RGB]]:
    """The four fields of each frame of a clip in BT.709, 8 bits, by the samples themselves and BT.709's own formula."""
    with av.open(str(clip)) as container:
        return [_fields(frame) for frame in container.decode(video=0)]


def _fields(frame: av.VideoFrame) -> list[RGB]:
    assert frame.format.name == "yuv420p"
    across, down = (frame.width // 4, frame.width * 3 // 4), (frame.height // 4, frame.height * 3 // 4)
    return [_colour(*(_sample(frame, plane, x, y) for plane in range(3))) for y in down for x in across]


def _sample(frame: av.VideoFrame, plane: int, x: int, y: int) -> int:
    part, by = frame.planes[plane], 2 if plane else 1
    return bytes(part)[y // by * part.line_size + x // by]


def _colour(luma: int, cb: int, cr: int) -> RGB:
    y, b, r = (luma - 16) / 219, (cb - 128) / 224, (cr - 128) / 224
    red, blue = y + 2 * (1 - 0.2126) * r, y + 2 * (1 - 0.0722) * b
    green = (y - 0.2126 * red - 0.0722 * blue) / 0.7152
    shown = [min(255.0, max(0.0, 255 * each)) for each in (red, green, blue)]
    return shown[0], shown[1], shown[2]


def apart(one: Sequence[RGB], other: Sequence[RGB]) -> float:
    """The largest difference of any part of any colour, of 255."""
    return max(abs(a - b) for mine, theirs in zip(one, other, strict=True) for a, b in zip(mine, theirs, strict=True))
