"""The checks of deliveries that are no film but an animated picture: GIF and WebP, opened as viewers do."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from render.errors import UnfitDelivery
from storyboard.delivery_formats import VideoCodec
from storyboard.timeline.delivery_plan import DeliveryPlan

_TICK_S = {VideoCodec.GIF: Fraction(1, 100), VideoCodec.WEBP: Fraction(1, 1000)}
"""In what lengths of frames are counted."""


def checked_pictures(plan: DeliveryPlan, file: Path) -> Iterator[str]:
    """What was looked at and is right, in words. Raises UnfitDelivery.

    A WebP joins neighbours that are alike into one, so of it the whole length is counted, and frames are at most those
    of the plan. One in which nothing moves at all is a still picture, and says no length.
    """
    picture = plan.picture
    assert picture is not None
    try:
        size, lengths = _decoded(file)
    except (OSError, EOFError, ValueError, UnidentifiedImageError) as error:
        raise UnfitDelivery(plan.name, f"it does not decode to its end: {error}") from error
    yield "decodes"
    if picture.codec is VideoCodec.WEBP and lengths == [0]:
        lengths = [round(1000 * plan.frames / picture.fps)]
    joined = picture.codec is VideoCodec.WEBP and len(lengths) < plan.frames
    if len(lengths) != plan.frames and not joined:
        raise UnfitDelivery(plan.name, f"it came out with {len(lengths)} frames instead of {plan.frames}")
    lasts, wanted = Fraction(sum(lengths), 1000), plan.frames / picture.fps
    if abs(lasts - wanted) > 2 * _TICK_S[picture.codec]:
        raise UnfitDelivery(plan.name, f"it lasts {float(lasts):.3f} s instead of {float(wanted):.3f}")
    yield "frames"
    if size != (picture.width, picture.height):
        raise UnfitDelivery(plan.name, f"it is {size} pixels instead of {(picture.width, picture.height)}")
    yield "size"


def _decoded(file: Path) -> tuple[tuple[int, int], list[int]]:
    """Its size, and how long each frame lasts in milliseconds, after every one was decoded."""
    lengths = []
    with Image.open(file) as picture:
        for number in range(getattr(picture, "n_frames", 1)):
            picture.seek(number)
            picture.load()
            lengths.append(round(picture.info.get("duration", 0)))
        return picture.size, lengths
