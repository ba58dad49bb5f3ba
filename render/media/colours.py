"""Makes of a decoded picture what viewers show: 8 bits a channel, in sRGB, upright; see-through where it is.

A file may hold grey of 16 bits, inks, a profile of its own, a turn in its EXIF data. Whoever reads the bare pixels (a
vendor's model does) sees another picture than the producer; `unlike_srgb` says why, and `as_shown` is what they saw.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import cast

from PIL import ExifTags, Image, ImageMath, TiffImagePlugin, features

from render.errors import MediaError
from render.media.containers import AVIF, PNG, container_of
from render.media.icc_profiles import (
    HDR,
    Profile,
    by_code_points,
    by_gamma,
    fits,
    from_lab,
    in_srgb,
    is_srgb,
    named,
    refuse_useless,
)
from render.media.picture_parts import bit_depth, code_points

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
LYING = frozenset({5, 6, 7, 8})
"""EXIF orientations that swap width and height."""

_CEILINGS = (1, 255, 65_535, 2_147_483_647)
_GREY = frozenset({"1", "L", "LA", "La", "I", "F"})
_KINDS = {"CMYK": "CMYK colours", "LAB": "Lab colours", "YCbCr": "YCbCr colours"}


def orientation(picture: Image.Image) -> int:
    """How the EXIF data ask to turn the picture, 1 to 8; 1 where they do not, or cannot be read."""
    try:
        turn = picture.getexif().get(ExifTags.Base.Orientation, 1)
    except (ValueError, SyntaxError, KeyError, TypeError, struct.error):
        return 1
    return turn if turn in _TURNS else 1


def unlike_srgb(picture: Image.Image, path: Path) -> tuple[str, ...]:
    """Why the bare pixels are not the picture that viewers show, as what the picture "has"; nothing where they are.

    Raises MediaError for high dynamic range, and for numbers of which nothing says what is white.
    """
    reasons: list[str] = []
    frames = getattr(picture, "n_frames", 1)
    if frames > 1 and picture.format != "MPO":  # beside the picture, phones keep a map of its light in the same file
        reasons.append(f"{frames} frames or pages, of which the first is sent")
    if orientation(picture) != 1:
        reasons.append("a turn in its EXIF data, which is applied")
    reasons += _of_depth(picture, path)
    if picture.mode in _KINDS:
        reasons.append(_KINDS[picture.mode])
    if picture.has_transparency_data:
        reasons.append("transparency, which becomes white")
    return (*reasons, *_of_profile(picture, path))


def _of_depth(picture: Image.Image, path: Path) -> list[str]:
    if picture.mode in {"I", "F"}:
        return [f"numbers that are taken as 0 (black) to {_ceiling(picture, path):,} (white)"]
    if picture.mode == "1":
        return ["1 bit a pixel"]
    bits = bit_depth(path) if picture.format == "PNG" else _tiff_depth(picture)
    return [f"{bits} bits a channel"] if bits > 8 else []


def _tiff_depth(picture: Image.Image) -> int:
    """Bits of one sample; other formats than TIFF and PNG come from Pillow with 8."""
    if not isinstance(picture, TiffImagePlugin.TiffImageFile):
        return 8
    bits: tuple[int, ...] = picture.tag_v2.get(ExifTags.Base.BitsPerSample, (8,))
    return max(bits)


def _of_profile(picture: Image.Image, path: Path) -> list[str]:
    try:
        profile = _profile_of(picture, path)
    except ValueError as error:
        return [f"a profile that is not used ({error})"]
    return [f"the colours of {profile.name}"] if profile else []


def as_shown(picture: Image.Image, path: Path) -> Image.Image:
    """The picture in RGB, or RGBA where it may be see-through: 8 bits a channel, in sRGB, upright.

    `picture` was opened from `path`. Raises what Pillow raises for damaged files, and MediaError as `unlike_srgb`.
    """
    try:
        profile = _profile_of(picture, path)
    except ValueError:
        profile = None  # viewers pass over it as well, and `unlike_srgb` says so
    picture.load()
    pixels, alpha = _layers(_in_eight_bits(picture, path))
    shown = from_lab(pixels) if pixels.mode == "LAB" and profile is None else None
    if profile is not None:
        shown = in_srgb(pixels, profile)
    shown = shown or pixels.convert("RGB")
    if alpha is not None:
        shown.putalpha(alpha)
    turn = _TURNS.get(orientation(picture))
    return shown.transpose(turn) if turn is not None else shown


def _profile_of(picture: Image.Image, path: Path) -> Profile | None:
    """The profile that the pixels need to become sRGB; None where they are in sRGB, or nothing says what they are.

    Raises ValueError where it cannot be used for such pixels, MediaError for high dynamic range.
    """
    profile = _named_profile(picture, path)
    if profile is None:
        return None
    if profile.hdr:
        raise _too_bright(path, profile.hdr)
    mode = _pixels_of(picture)
    if not fits(profile, mode):
        raise ValueError(f"{profile.name} describes no {mode} pixels")
    if mode in {"RGB", "L"}:
        return None if is_srgb(profile) else profile
    refuse_useless(profile, mode)
    return profile


def _named_profile(picture: Image.Image, path: Path) -> Profile | None:
    """By code points, by an ICC profile, by PNG's sRGB mark, or by its gamma: the first that is there counts."""
    icc, info = picture.info.get("icc_profile"), picture.info
    container = container_of(path)
    points = code_points(path, container)
    if points and points[1] in HDR:
        raise _too_bright(path, HDR[points[1]])
    if not icc and points is None and not info.get("gamma"):
        return None
    _need_littlecms(path)
    if points and (container is PNG or not icc) and (found := by_code_points(*points)):
        return found
    if icc:
        return named(icc)
    if container is AVIF or "srgb" in info or not info.get("gamma"):
        return None
    return by_gamma(info["gamma"], info.get("chromaticity"))


def _too_bright(path: Path, kind: str) -> MediaError:
    return MediaError(
        f"{path.name} is a picture of high dynamic range ({kind}), which cannot be shown as it is",
        "Export it for standard screens (SDR, sRGB), as JPEG or PNG",
    )


def _need_littlecms(path: Path) -> None:
    if not features.check("littlecms2"):
        raise MediaError(
            f"{path.name} has a colour profile, and the Pillow on this machine was built without LittleCMS to read it",
            "Install Pillow's own wheel, or save the picture in sRGB",
        )


def _pixels_of(picture: Image.Image) -> str:
    """The mode of a picture's pixels without transparency, once they have 8 bits."""
    if picture.mode in _GREY or picture.mode.startswith("I;16"):
        return "L"
    return picture.mode if picture.mode in {"CMYK", "LAB"} else "RGB"


def _in_eight_bits(picture: Image.Image, path: Path) -> Image.Image:
    """Scaled, not clipped: of 16 bits, 65535 becomes 255."""
    if picture.mode.startswith("I;16"):
        deep = picture.convert("I")
        grey = _scaled(deep, 65_535)
        clear = picture.info.get("transparency")
        if isinstance(clear, int):
            grey.putalpha(_unlike(deep, clear))
        return grey
    if picture.mode in {"I", "F"}:
        return _scaled(picture, _ceiling(picture, path))
    clear = picture.info.get("transparency")
    if picture.mode == "RGB" and isinstance(clear, tuple) and max(clear) > 255:
        picture.info["transparency"] = tuple(each >> 8 for each in clear)  # of 16 bits, as its pixels were
    return picture


def _unlike(picture: Image.Image, number: int) -> Image.Image:
    """A mask of the pixels (of mode I) that are not this number."""
    mask = ImageMath.lambda_eval(lambda it: it["convert"]((it["all"] != number) * 255, "L"), all=picture)
    return cast("Image.Image", mask)


def _scaled(picture: Image.Image, ceiling: int) -> Image.Image:
    """Numbers from 0 to `ceiling` as grey from 0 to 255, rounded."""
    return picture.point(lambda value: value * (255 / ceiling) + 0.5).convert("L")


def _ceiling(picture: Image.Image, path: Path) -> int:
    """What number is white, where a file does not say: the least of the usual ones that none exceeds."""
    low, high = cast("tuple[float, float]", picture.getextrema())
    ceiling = next((each for each in _CEILINGS if high <= each), None)
    if ceiling is None or not low >= 0:
        raise MediaError(
            f"{path.name} holds numbers from {low:g} to {high:g}, and nothing says which of them is white",
            "Save it with 8 or 16 bits a channel",
        )
    return ceiling


def _layers(picture: Image.Image) -> tuple[Image.Image, Image.Image | None]:
    """The pixels (RGB, L, CMYK or LAB), and how much of each is seen where that is not all."""
    if picture.has_transparency_data:
        grey = picture.mode in {"1", "L", "LA", "La"}
        whole = picture.convert("LA" if grey else "RGBA")
        return whole.convert("L" if grey else "RGB"), whole.getchannel("A")
    mode = _pixels_of(picture)
    return (picture if picture.mode == mode else picture.convert(mode)), None
