"""A decoded frame as a player shows it: turned as the container asks, with square pixels, in the right colours."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from fractions import Fraction
from typing import TYPE_CHECKING, cast

from PIL import Image

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from typing_extensions import Buffer

BT709, UNSPECIFIED, BT601 = 1, 2, 6
"""Matrices as H.273 numbers them."""

_TURNS: Mapping[tuple[int, int, int, int], Image.Transpose] = {
    (-1, 0, 0, 1): Image.Transpose.FLIP_LEFT_RIGHT,
    (1, 0, 0, -1): Image.Transpose.FLIP_TOP_BOTTOM,
    (-1, 0, 0, -1): Image.Transpose.ROTATE_180,
    (0, 1, -1, 0): Image.Transpose.ROTATE_270,
    (0, -1, 1, 0): Image.Transpose.ROTATE_90,
    (0, 1, 1, 0): Image.Transpose.TRANSPOSE,
    (0, -1, -1, 0): Image.Transpose.TRANSVERSE,
}


def turn_of(frame: VideoFrame) -> tuple[int, int, int, int]:
    """How the container asks to turn the frame, as the signs of its display matrix; (1, 0, 0, 1) where it does not."""
    from av.sidedata.sidedata import SideDataContainer

    # Not `frame.side_data`: the frame would keep that, and that the frame, and both would stay, megabytes each, until
    # Python looked for such circles; it seldom does where so few objects are made.
    matrix = SideDataContainer(frame).get("DISPLAYMATRIX")  # type: ignore[call-arg]  # its stub leaves that out
    if matrix is None:
        return (1, 0, 0, 1)
    a, b, _, c, d, *_ = struct.unpack("<9i", memoryview(cast("Buffer", matrix))[:36])
    signs = cast("tuple[int, int, int, int]", tuple((n > 0) - (n < 0) for n in (a, b, c, d)))
    return signs if signs in _TURNS else (1, 0, 0, 1)


def displayed_size(width: int, height: int, pixel_ratio: Fraction, turn: tuple[int, int, int, int]) -> tuple[int, int]:
    """Width and height on screen of a coded frame: pixels made square at full height, then turned."""
    wide = max(1, round(width * pixel_ratio))
    return (wide, height) if turn[0] else (height, wide)


def assumed_matrix(width: int, height: int) -> int:
    """The matrix (H.273) that players assume where a clip names none: BT.709 above standard definition, else BT.601."""
    return BT709 if width >= 1280 or height > 576 else BT601


def displayed(frame: VideoFrame, pixel_ratio: Fraction) -> Image.Image:
    """The frame as a picture, exactly as a player shows it."""
    from av.video.reformatter import Interpolation

    if frame.colorspace == UNSPECIFIED:
        frame.colorspace = assumed_matrix(frame.width, frame.height)
    precise = Interpolation.BICUBIC | Interpolation.ACCURATE_RND | Interpolation.FULL_CHR_H_INT
    rgb = frame.reformat(format="rgb24", interpolation=precise)
    picture = cast("Image.Image", rgb.to_image())  # type: ignore[no-untyped-call]
    turn = turn_of(frame)
    square = displayed_size(frame.width, frame.height, pixel_ratio, (1, 0, 0, 1))
    if square != picture.size:
        picture = picture.resize(square, Image.Resampling.BICUBIC)
    return picture.transpose(_TURNS[turn]) if turn in _TURNS else picture
