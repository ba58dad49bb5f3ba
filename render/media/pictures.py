"""Opens still pictures with Pillow: only formats that references may have, and never one too large to hold."""

from __future__ import annotations

from pathlib import Path

from PIL import ExifTags, Image, JpegImagePlugin, PngImagePlugin, UnidentifiedImageError, WebPImagePlugin

from render.errors import MediaError

MOST_PIXELS = 80_000_000
"""Twice what any vendor takes."""

Image.MAX_IMAGE_PIXELS = None
"""This bound stands in place of Pillow's own, which begins with a warning on whatever terminal there is."""

_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_READY = (JpegImagePlugin, PngImagePlugin, WebPImagePlugin)
"""Loaded for certain: where one of the formats is not, Pillow loads all of its fifty plugins, which takes a while."""

_LYING = frozenset({5, 6, 7, 8})  # EXIF orientations that swap width and height


def open_picture(path: Path) -> Image.Image:
    """The picture, not decoded yet. The caller closes it. MediaError where it is none, or far too large."""
    try:
        picture = Image.open(path, formats=_FORMATS)
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise MediaError(f"{path.name} cannot be read as an image: {error}. Save it again as PNG or JPEG") from error
    if picture.width * picture.height > MOST_PIXELS:
        picture.close()
        raise MediaError(
            f"{path.name} has {picture.width}x{picture.height} pixels, more than {MOST_PIXELS:,}. Scale it down"
        )
    return picture


def shown_size(picture: Image.Image) -> tuple[int, int]:
    """Width and height as a viewer shows them, which turns a picture as its EXIF data asks."""
    if picture.getexif().get(ExifTags.Base.Orientation) in _LYING:
        return picture.height, picture.width
    return picture.width, picture.height
