"""Colour profiles made by hand from published numbers, and the formulae by which colours become sRGB.

Nothing here is shared with what is tested: the matrices are those of the profiles' authors, the curves are written out.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Mapping
from itertools import product

Colour = tuple[int, int, int]

ADOBE = ((0.60974, 0.20528, 0.14919), (0.31111, 0.62567, 0.06322), (0.01947, 0.06087, 0.74457))
DISPLAY_P3 = ((0.51512, 0.29198, 0.15710), (0.24120, 0.69225, 0.06657), (-0.00105, 0.04189, 0.78407))
SRGB = ((0.43607, 0.38515, 0.14307), (0.22249, 0.71687, 0.06061), (0.01392, 0.09708, 0.71410))
"""From linear red, green and blue to XYZ at D50."""

_TO_SRGB = ((3.1338561, -1.6168667, -0.4906146), (-0.9787684, 1.9161415, 0.0334540), (0.0719453, -0.2289914, 1.4052427))
_D50 = (0.9642, 1.0, 0.8249)


def encoded(light: float) -> int:
    """Linear light, 0 to 1, as sRGB's number."""
    light = min(1.0, max(0.0, light))
    return round(255 * (12.92 * light if light <= 0.0031308 else 1.055 * light ** (1 / 2.4) - 0.055))


def linear(number: float) -> float:
    """sRGB's number, 0 to 255, as linear light."""
    share = number / 255
    return share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4


def from_space(colour: Colour, matrix: tuple[tuple[float, ...], ...], light: Callable[[float], float]) -> Colour:
    """A colour of another space of red, green and blue, in sRGB."""
    xyz = _times(matrix, [light(each) for each in colour])
    red, green, blue = (encoded(each) for each in _times(_TO_SRGB, xyz))
    return red, green, blue


def from_lab(lightness: float, a: float, b: float) -> Colour:
    """L* (0 to 100), a* and b* in sRGB."""
    middle = (lightness + 16) / 116
    parts = (middle + a / 500, middle, middle - b / 200)
    xyz = [white * (f**3 if f > 6 / 29 else (f - 4 / 29) * 108 / 841) for f, white in zip(parts, _D50, strict=True)]
    red, green, blue = (encoded(each) for each in _times(_TO_SRGB, xyz))
    return red, green, blue


def to_lab(colour: Colour) -> tuple[float, float, float]:
    """A colour in sRGB as L*, a*, b*."""
    xyz = _times(SRGB, [linear(each) for each in colour])
    x, y, z = (
        t ** (1 / 3) if t > (6 / 29) ** 3 else t * 841 / 108 + 4 / 29
        for t in (value / white for value, white in zip(xyz, _D50, strict=True))
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def matrix_profile(matrix: tuple[tuple[float, ...], ...], curve: bytes) -> bytes:
    """An ICC profile of a screen: three colourants and one curve."""
    columns = {name: _xyz([row[at] for row in matrix]) for at, name in enumerate((b"rXYZ", b"gXYZ", b"bXYZ"))}
    curves = dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    return _profile(b"mntr", b"RGB ", b"XYZ ", {b"wtpt": _xyz(_D50), **columns, **curves})


def grey_profile(curve: bytes) -> bytes:
    """An ICC profile of grey."""
    return _profile(b"mntr", b"GRAY", b"XYZ ", {b"wtpt": _xyz(_D50), b"kTRC": curve})


def gamma(power: float) -> bytes:
    """A curve of ICC's second version: one power."""
    return struct.pack(">4sIIH", b"curv", 0, 1, round(power * 256)) + bytes(2)


def srgb_curve() -> bytes:
    """sRGB's curve as 1024 samples."""
    samples = [round(linear(place * 255 / 1023) * 65535) for place in range(1024)]
    return struct.pack(">4sII1024H", b"curv", 0, 1024, *samples)


Inks = tuple[int, int, int, int]


def ink_profile(colours: Mapping[Inks, Colour]) -> bytes:
    """An ICC profile of a press: what colour (in sRGB) each of the sixteen full inks over one another gives."""
    table = b""
    for inks in product((0, 1), repeat=4):
        lightness, a, b = to_lab(colours[inks])
        table += struct.pack(
            ">3H", *(min(65280, round(each)) for each in (lightness * 652.8, (a + 128) * 256, (b + 128) * 256))
        )
    straight = struct.pack(">2H", 0, 65535)
    head = struct.pack(">4sI4B", b"mft2", 0, 4, 3, 2, 0) + struct.pack(">9i", *(65536 * (n % 4 == 0) for n in range(9)))
    lut = head + struct.pack(">2H", 2, 2) + straight * 4 + table + straight * 3
    return _profile(b"prtr", b"CMYK", b"Lab ", {b"wtpt": _xyz(_D50), b"A2B0": lut})


def _profile(kind: bytes, space: bytes, connection: bytes, tags: Mapping[bytes, bytes]) -> bytes:
    tags = {
        b"desc": struct.pack(">4sII", b"desc", 0, 5) + b"hand\0" + bytes(78),
        b"cprt": b"text\0\0\0\0none\0",
        **tags,
    }
    start, table, body = 132 + 12 * len(tags), struct.pack(">I", len(tags)), b""
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content + bytes(-len(content) % 4)
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x02400000, kind, space, connection)
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", *(round(each * 65536) for each in _D50))
    return head.ljust(128, b"\0") + table + body


def _xyz(values: list[float] | tuple[float, ...]) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(each * 65536) for each in values))


def _times(matrix: tuple[tuple[float, ...], ...], vector: list[float]) -> list[float]:
    return [sum(one * other for one, other in zip(row, vector, strict=True)) for row in matrix]
