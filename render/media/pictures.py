"""Opens still pictures with Pillow: only formats that references may have, and never one too large to hold."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from PIL import (
    Image,
    ImageOps,
    JpegImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    UnidentifiedImageError,
    WebPImagePlugin,
)

from render.errors import MediaError
from render.media.colours import LYING, as_shown, orientation
from render.media.containers import container_of
from render.media.picture_parts import look_through

MOST_PIXELS = 80_000_000
"""Pixels of the largest picture that is opened: twice what any vendor takes."""

Image.MAX_IMAGE_PIXELS = None
"""This bound stands in place of Pillow's own, which begins with a warning on whatever terminal there is."""

warnings.filterwarnings("ignore", category=UserWarning, module=r"PIL\.")
"""What Pillow warns of in damaged files is told by the error that follows, or concerns nobody who looks at pictures."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_READY = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Loaded for certain: where one of the formats is not, Pillow loads all of its fifty plugins, which takes a while."""

_DAMAGE = (OSError, ValueError, SyntaxError, EOFError, IndexError, KeyError, TypeError, OverflowError, UserWarning)
"""What Pillow's decoders raise for bytes that are no whole picture."""

_DNG_VERSION, _REDUCED = 50706, 254  # tags of a TIFF


def open_picture(path: Path) -> Image.Image:
    """The picture, not decoded yet. The caller closes it. Raises MediaError where it is none, or far too large."""
    try:
        picture = Image.open(path, formats=_FORMATS)
    except (UnidentifiedImageError, *_DAMAGE) as error:
        raise MediaError(f"{path.name} cannot be read as an image: {error}", "Save it again as PNG or JPEG") from error
    try:
        _refuse(picture, path)
    except MediaError:
        picture.close()
        raise
    return picture


@contextmanager
def looking_at(path: Path) -> Iterator[Image.Image]:
    """The picture, open. What Pillow cannot do with it within the block becomes a MediaError that names the file."""
    with open_picture(path) as picture:
        try:
            yield picture
        except _DAMAGE as error:
            raise MediaError(
                f"{path.name} cannot be read as an image: it is cut off or damaged ({error})",
                "Copy it again, or save it again as PNG or JPEG",
            ) from error


def _refuse(picture: Image.Image, path: Path) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise MediaError(
            f"{path.name} has {picture.width}x{picture.height} pixels, more than {MOST_PIXELS:,}", "Scale it down"
        )
    if isinstance(picture, TiffImagePlugin.TiffImageFile):
        tags = picture.tag_v2
        if _DNG_VERSION in tags or tags.get(_REDUCED, 0) & 1:
            raise MediaError(
                f"{path.name} is a camera's raw file, of which only a small preview could be read",
                "Develop it, and export it as JPEG or PNG",
            )


def decoded(path: Path, *, about: int | None = None) -> Image.Image:
    """The picture as viewers show it, in RGB or RGBA: see `render.media.colours`.

    With `about`, JPEGs are decoded only as large as is needed for so many pixels a side, which is faster. MediaError
    where the file is no whole picture.
    """
    with looking_at(path) as picture:
        if about is not None:
            picture.draft(None, (about, about))
        return as_shown(picture, path)


def laid_on(picture: Image.Image, ground: tuple[int, int, int]) -> Image.Image:
    """An RGB or RGBA picture in RGB: what is see-through shows the ground, and never the colour beneath it."""
    if picture.mode != "RGBA":
        return picture
    paper = Image.new("RGB", picture.size, ground)
    paper.paste(picture, mask=picture.getchannel("A"))
    return paper


def fitted(picture: Image.Image, box: tuple[int, int]) -> Image.Image:
    """The picture at the largest size that fits into a box of so many pixels; one that fits already is not touched."""
    return ImageOps.contain(picture, box, Image.Resampling.LANCZOS)


def decode_whole(path: Path) -> None:
    """Decode the picture that would be sent, to its last byte. Raises MediaError where it is cut off or damaged."""
    look_through(path, container_of(path))
    decoded(path)


def shown_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as a viewer shows them, which turns a picture as its EXIF data asks."""
    return (picture.height, picture.width) if orientation(picture) in LYING else picture.size


def speaks_of_itself(picture: Image.Image) -> bool:
    """Whether a file without parts (GIF, BMP, TIFF, AVIF) holds more than its picture: EXIF data, a comment."""
    try:
        return bool(picture.getexif()) or not {"xmp", "comment"}.isdisjoint(picture.info)
    except _DAMAGE:
        return True
