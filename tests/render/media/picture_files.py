"""The files of odd pictures, byte by byte where Pillow writes none, and the formulae that they are drawn by."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Sequence
from typing import Any

from PIL import Image

from tests.render.media import inks
from tests.render.media.inks import Colour

WIDTH, HEIGHT = 64, 36

Seen = tuple[int, int, int, int]
"""Red, green, blue, and how much of it is seen."""

At = Callable[[int, int], Seen]


def chart(x: int, y: int) -> Seen:
    """Smooth, so that JPEG keeps it, different in every corner, and of no colour that sRGB lacks in a wider space."""
    return 130 + x, 110 + 2 * y, 175 - x, 255


def grey(x: int, y: int) -> Seen:
    """The same in grey."""
    value = 2 * x + 3 * y
    return value, value, value, 255


def drawn(at: At = chart, mode: str = "RGBA", size: tuple[int, int] = (WIDTH, HEIGHT)) -> Image.Image:
    """A picture of what a formula says."""
    picture = Image.new("RGBA", size)
    picture.putdata([at(x, y) for y in range(size[1]) for x in range(size[0])])
    return picture.convert(mode)


def saved(picture: Image.Image, format_: str, **options: Any) -> bytes:
    """The file that Pillow writes."""
    buffer = io.BytesIO()
    picture.save(buffer, format_, **options)
    return buffer.getvalue()


def jpeg(picture: Image.Image, **options: Any) -> bytes:
    """As good as JPEG gets."""
    return saved(picture, "JPEG", quality=100, subsampling=0, **options)


def half(content: bytes) -> bytes:
    """The first two thirds: past every header."""
    return content[: len(content) * 2 // 3]


def exif(turn: int) -> Image.Exif:
    """What a phone writes: a turn, who it is, and where it was."""
    told = Image.Exif()
    told[0x0112], told[0x010F], told[0x013B] = turn, "Mara's phone", "Mara"
    told.get_ifd(0x8825).update({1: "N", 2: (52.0, 30.0, 59.0), 3: "E", 4: (13.0, 22.0, 39.0)})
    return told


def plain_png() -> bytes:
    """The chart as an ordinary PNG."""
    return saved(drawn(mode="RGB"), "PNG")


def chunks(*chunks: tuple[bytes, bytes]) -> bytes:
    """A PNG of these chunks and an end."""
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))
        for name, content in (*chunks, (b"IEND", b""))
    )


def with_chunk(png: bytes, name: bytes, content: bytes) -> bytes:
    """The same PNG with one chunk more, behind its head."""
    return png[:33] + chunks((name, content))[8:-12] + png[33:]


def with_hole(png: bytes) -> bytes:
    """A disk that lost a sector: zeros in the middle, and the file as long as ever."""
    start = len(png) // 2
    return png[:start] + bytes(64) + png[start + 64 :]


def deep_png(kind: int, at: Callable[[int, int], Sequence[int]]) -> bytes:
    """A PNG of 16 bits a channel, by hand: Pillow writes none."""
    rows = b"".join(
        b"\0" + b"".join(struct.pack(">H", 257 * each) for x in range(WIDTH) for each in at(x, y))
        for y in range(HEIGHT)
    )
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 16, kind, 0, 0, 0)
    return chunks((b"IHDR", head), (b"IDAT", zlib.compress(rows)))


def ycck(picture: Image.Image, **options: Any) -> bytes:
    """As Photoshop saves CMYK: its three colours as brightness and two differences, and a mark that says so."""
    *colours, black = picture.split()
    bright = Image.merge("RGB", colours).convert("YCbCr").split()
    turned = [each.point(lambda value: 255 - value) for each in bright]  # Pillow turns them back, as Adobe's are turned
    content = jpeg(Image.merge("CMYK", [*turned, black]), **options)
    at = content.index(b"Adobe") + 11
    return content[:at] + b"\x02" + content[at + 1 :]


def coded_avif() -> bytes:
    """An AVIF that says by code points that its colours are those of Display P3."""
    content = saved(drawn(mode="RGB"), "AVIF", quality=100, subsampling="4:4:4")
    at = content.index(b"colrnclx") + 8
    return content[:at] + b"\0\x0c" + content[at + 2 :]


def raw_file() -> bytes:
    """A camera's raw file shows a small preview first."""
    return saved(drawn(mode="RGB"), "TIFF", tiffinfo={254: 1})


def palette() -> Image.Image:
    """A picture of four colours with a palette: see `stripes`."""
    picture = Image.new("P", (WIDTH, HEIGHT))
    picture.putpalette([each for x in range(4) for each in stripes(x, 0)[:3]])
    picture.putdata([x % 4 for _ in range(HEIGHT) for x in range(WIDTH)])
    return picture


def stripes(x: int, y: int) -> Seen:
    """Four colours, one column each."""
    return ((200, 30, 60, 255), (20, 180, 90, 255), (90, 60, 220, 255), (240, 230, 40, 255))[x % 4]


def without_third(x: int, y: int) -> Seen:
    """The same, where the third colour counts as clear."""
    return *stripes(x, y)[:3], 0 if x % 4 == 2 else 255


def half_faded(x: int, y: int) -> Seen:
    """The chart, seen less to the left."""
    return *chart(x, y)[:3], 4 * x


def sixteen(x: int, y: int) -> int:
    """Grey of 16 bits, of which no two neighbours are alike."""
    return 1000 * x + 500 * (y % 2)


def everywhere(at: Callable[[int, int], int]) -> list[int]:
    """What a formula says of every pixel, row by row."""
    return [at(x, y) for y in range(HEIGHT) for x in range(WIDTH)]


def ink_numbers(x: int, y: int) -> tuple[int, int, int, int]:
    """Cyan, magenta, yellow and black."""
    return 3 * x, 200 - 5 * y, 100 + x, 2 * y


def full_inks(x: int, y: int) -> inks.Inks:
    """Blocks of sixteen pixels, so that JPEG keeps each: none or all of each ink."""
    number = x // 16 + 4 * (y // 16)
    return number & 1, number >> 1 & 1, number >> 2 & 1, number >> 3 & 1


def off_press(full: inks.Inks) -> Colour:
    """What this press makes of its inks: not what a screen would."""
    cyan, magenta, yellow, black = full
    dim = 1 - 0.75 * black
    return (
        round((255 - 175 * cyan - 20 * magenta) * dim),
        round((255 - 75 * cyan - 160 * magenta + 20 * yellow * magenta) * dim),
        round((255 - 30 * cyan - 90 * magenta - 110 * yellow) * dim),
    )


def lab_numbers(x: int, y: int) -> tuple[int, int, int]:
    """L*, a* and b* as files of 8 bits have them."""
    return 100 + x, 118 + y // 2, 140 - x // 2
