"""How far a clip's frame is from the picture that it was asked to be, as one number from 0 to 1."""

from __future__ import annotations

import tempfile
from decimal import Decimal
from pathlib import Path

from PIL import Image, ImageChops, ImageOps, ImageStat

from render.media.pictures import decoded, laid_on
from render.media.tail_frame import extract_frame

_SIDE = 128  # pixels of the longer side at which two pictures are compared: grain and ringing are nobody's concern


def apart(clip: Path, index: int | None, picture: Path) -> Decimal:
    """How far this decoded frame of a clip (None: its last) is from a picture, to four places.

    It is the mean difference a pixel and channel in sRGB, both scaled down: 0 is the same, 1 black against white. As
    nobody says how a vendor fills a clip with a picture of another shape, the nearest of cropped, padded and stretched
    counts. Raises MediaError.
    """
    with tempfile.TemporaryDirectory() as folder:
        taken = Path(folder) / "frame.png"
        extract_frame(clip, index, taken)
        frame = laid_on(decoded(taken), (0, 0, 0))
    return Decimal(f"{difference(frame, laid_on(decoded(picture), (255, 255, 255))):.4f}")


def difference(frame: Image.Image, picture: Image.Image) -> float:
    """The same of two pictures in RGB."""
    share = _SIDE / max(frame.size)
    size = max(1, round(frame.width * share)), max(1, round(frame.height * share))
    small = frame.resize(size)
    ways = (ImageOps.fit(picture, size), ImageOps.pad(picture, size), picture.resize(size))
    return min(sum(ImageStat.Stat(ImageChops.difference(small, each)).mean) for each in ways) / (3 * 255)
