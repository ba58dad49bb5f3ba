"""Colour profiles of pictures: which there is, whether it is sRGB by another name, and what it makes of the pixels.

A picture says what its numbers mean by an ICC profile, or shorter, by code points (H.273) or by the primaries and the
gamma of PNG. The short forms are written as ICC profiles here, so that LittleCMS reads all of them alike.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO

from PIL import Image, ImageCms

from render.errors import MediaError

NEARLY = 2
"""Of 255: a profile that moves no colour further than this is sRGB, whatever it calls itself."""

Curve = float | tuple[float, float, float, float, float]
"""How light follows from a number: a gamma, or g, a, b, c, d of ICC's third parametric curve."""

SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)
_SPACES = {"RGB": b"RGB ", "L": b"GRAY", "CMYK": b"CMYK", "LAB": b"Lab "}
_D65 = (0.3127, 0.3290)
_PRIMARIES: dict[int, tuple[float, ...]] = {
    1: (*_D65, 0.640, 0.330, 0.300, 0.600, 0.150, 0.060),
    5: (*_D65, 0.640, 0.330, 0.290, 0.600, 0.150, 0.060),
    6: (*_D65, 0.630, 0.340, 0.310, 0.595, 0.155, 0.070),
    9: (*_D65, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046),
    11: (0.314, 0.351, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
    12: (*_D65, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060),
}
_NAMED = {1: "BT.709", 5: "BT.601", 6: "BT.601", 9: "BT.2020", 11: "DCI-P3", 12: "Display P3"}
_GAMMAS: dict[int, float] = {4: 2.2, 5: 2.8, 8: 1.0}
HDR = {16: "PQ", 18: "HLG"}
"""Transfer characteristics of high dynamic range, as H.273 numbers them."""

_BRADFORD = ((0.8951, 0.2664, -0.1614), (-0.7502, 1.7135, 0.0367), (0.0389, -0.0685, 1.0296))
_D50 = (0.9642, 1.0, 0.8249)

Matrix = Sequence[Sequence[float]]


@dataclass(frozen=True, slots=True)
class Profile:
    """An ICC profile, and how people call it."""

    icc: bytes
    name: str

    @property
    def space(self) -> bytes:
        """What its numbers are: b"RGB ", b"GRAY", b"CMYK" or b"Lab "."""
        return self.icc[16:20]

    @property
    def hdr(self) -> str | None:
        """The high dynamic range that it describes, None for what a screen shows as it is."""
        for at in range(132, 132 + 12 * min(100, int.from_bytes(self.icc[128:132], "big")), 12):
            name, offset, _ = struct.unpack(">4sII", self.icc[at : at + 12].ljust(12, b"\0"))
            if name == b"cicp":
                return HDR.get(self.icc[offset + 9 : offset + 10].ljust(1, b"\0")[0])
        return None


def named(icc: bytes) -> Profile:
    """A profile as it was found. Raises ValueError where it is none."""
    return Profile(icc, _described(icc))


def by_code_points(primaries: int, transfer: int) -> Profile | None:
    """The profile that H.273's numbers stand for, None where they say nothing that is known."""
    chromaticities = _PRIMARIES.get(primaries)
    if chromaticities is None:
        return None
    return Profile(written(chromaticities, _GAMMAS.get(transfer, SRGB_CURVE)), _NAMED[primaries])


def by_gamma(gamma: float, chromaticities: Sequence[float] | None) -> Profile:
    """The profile of a PNG that gives its gamma (0.45455 as encoded), and perhaps its white and primaries."""
    curve: Curve = SRGB_CURVE if abs(gamma - 0.45455) < 0.005 else 1 / gamma
    return Profile(written(chromaticities or _PRIMARIES[1], curve), f"gamma {1 / gamma:.2f}")


@lru_cache(maxsize=64)
def is_srgb(profile: Profile) -> bool:
    """Whether the profile leaves every colour (nearly) as it would be without one."""
    if profile.space == b"GRAY":
        plain = Image.new("L", (256, 1))
        plain.putdata(range(256))
    else:
        plain = Image.new("RGB", (729, 1))
        plain.putdata([(n // 81 * 31, n // 9 % 9 * 31, n % 9 * 31) for n in range(729)])
    shown, same = in_srgb(plain, profile), plain.convert("RGB")
    apart = (abs(one - other) for one, other in zip(shown.tobytes(), same.tobytes(), strict=True))
    return max(apart) <= NEARLY


def fits(profile: Profile, mode: str) -> bool:
    """Whether a profile speaks of such pixels; grey ones may be described by a profile of colours."""
    return profile.space == _SPACES.get(mode) or (mode == "L" and profile.space == b"RGB ")


def refuse_useless(profile: Profile, mode: str) -> None:
    """Raise ValueError where the profile cannot turn such pixels into sRGB. Faster than trying on a picture."""
    in_srgb(Image.new(mode, (1, 1)), profile, ImageCms.Flags.NOOPTIMIZE)


def in_srgb(picture: Image.Image, profile: Profile, flags: ImageCms.Flags = ImageCms.Flags.NONE) -> Image.Image:
    """The picture (RGB, L, CMYK or LAB) in sRGB, by the profile. Raises ValueError where the profile cannot do that."""
    pixels = picture.convert("RGB") if picture.mode == "L" and profile.space == b"RGB " else picture
    try:
        described = ImageCms.ImageCmsProfile(BytesIO(profile.icc))
        return _transformed(pixels, described, flags)
    except (ImageCms.PyCMSError, OSError, TypeError) as error:
        raise ValueError(f"the colour profile {profile.name!r} cannot be used: {error}") from error


def from_lab(picture: Image.Image) -> Image.Image:
    """A picture in L*a*b* (D50) in sRGB."""
    return _transformed(picture, ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")), ImageCms.Flags.NONE)


def _transformed(picture: Image.Image, described: ImageCms.ImageCmsProfile, flags: ImageCms.Flags) -> Image.Image:
    """Relative to the white of each, black to black, as programs for pictures do it unless told otherwise."""
    shown = ImageCms.profileToProfile(
        picture,
        described,
        ImageCms.createProfile("sRGB"),
        renderingIntent=ImageCms.Intent.RELATIVE_COLORIMETRIC,
        outputMode="RGB",
        flags=flags | ImageCms.Flags.BLACKPOINTCOMPENSATION,
    )
    if shown is None:
        raise MediaError("LittleCMS gave no picture", "Install Pillow's own wheel")
    return shown


def _described(icc: bytes) -> str:
    try:
        words = ImageCms.getProfileDescription(ImageCms.ImageCmsProfile(BytesIO(icc)))
    except (ImageCms.PyCMSError, OSError, TypeError, struct.error) as error:
        raise ValueError(f"its colour profile cannot be read: {error}") from error
    return " ".join(words.split())[:60] or "a profile without a name"


def written(chromaticities: Sequence[float], curve: Curve) -> bytes:
    """An ICC profile of three primaries: x and y of white, red, green and blue, and one curve for all of them."""
    columns = _colourants(chromaticities)
    tags = {
        b"wtpt": _xyz(_D50),
        b"rXYZ": _xyz([row[0] for row in columns]),
        b"gXYZ": _xyz([row[1] for row in columns]),
        b"bXYZ": _xyz([row[2] for row in columns]),
        b"rTRC": _parametric(curve),
        b"gTRC": _parametric(curve),
        b"bTRC": _parametric(curve),
    }
    table, body = struct.pack(">I", len(tags)), b""
    start = 132 + 12 * len(tags)
    for name, content in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(content))
        body += content
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"", 0x04200000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">3i", *(_fixed(each) for each in _D50))
    return head.ljust(128, b"\0") + table + body


def _colourants(chromaticities: Sequence[float]) -> Matrix:
    """The matrix from linear RGB to XYZ at D50, where ICC's profiles meet."""
    xyz = [_to_xyz(*chromaticities[at : at + 2]) for at in (0, 2, 4, 6)]
    white, primaries = xyz[0], _transposed(xyz[1:])
    scale = _applied(_inverse(primaries), white)
    there = _applied(_BRADFORD, white)
    here = _applied(_BRADFORD, _D50)
    bend = [[_BRADFORD[row][column] * here[row] / there[row] for column in range(3)] for row in range(3)]
    adapted = _product(_inverse(_BRADFORD), bend)
    return _product(adapted, [[each * scale[column] for column, each in enumerate(row)] for row in primaries])


def _to_xyz(x: float, y: float) -> tuple[float, float, float]:
    if not (0 < x < 1 and 0 < y < 1):
        raise ValueError("its primaries are no colours")
    return x / y, 1.0, (1 - x - y) / y


def _xyz(values: Sequence[float]) -> bytes:
    return b"XYZ " + bytes(4) + struct.pack(">3i", *(_fixed(each) for each in values))


def _parametric(curve: Curve) -> bytes:
    kind, numbers = (3, curve) if isinstance(curve, tuple) else (0, (curve,))
    return b"para" + bytes(4) + struct.pack(f">HH{len(numbers)}i", kind, 0, *(_fixed(each) for each in numbers))


def _fixed(number: float) -> int:
    return round(number * 65536)


def _transposed(matrix: Matrix) -> Matrix:
    return [list(row) for row in zip(*matrix, strict=True)]


def _applied(matrix: Matrix, vector: Sequence[float]) -> list[float]:
    return [sum(a * b for a, b in zip(row, vector, strict=True)) for row in matrix]


def _product(one: Matrix, other: Matrix) -> Matrix:
    return _transposed([_applied(one, column) for column in _transposed(other)])


def _inverse(matrix: Matrix) -> Matrix:
    """By cofactors. Raises ValueError where there is none."""
    (a, b, c), (d, e, f), (g, h, i) = matrix
    across = ((e * i - f * h, c * h - b * i, b * f - c * e), (f * g - d * i, a * i - c * g, c * d - a * f))
    last = (d * h - e * g, b * g - a * h, a * e - b * d)
    whole = a * across[0][0] + b * across[1][0] + c * last[0]
    if abs(whole) < 1e-9:
        raise ValueError("its primaries are no three colours")
    return [[each / whole for each in row] for row in (*across, last)]
