"""How far a frame is from a picture: small for the same however it was filled in, large for another."""

from __future__ import annotations

from pathlib import Path

import pytest
from PIL import Image, ImageFilter, ImageOps

from render.media.clip_checks import APART
from render.media.likeness import apart, difference
from render.media.tail_frame import extract_frame
from tests.clips import make_clip


def scene(width: int = 640, height: int = 360) -> Image.Image:
    """A picture with light, dark and colours everywhere."""
    bands = [Image.linear_gradient("L").rotate(turn).resize((width, height)) for turn in (0, 90, 180)]
    return Image.merge("RGB", bands)


def test_the_ends_of_the_scale() -> None:
    """The same is 0, black against white 1."""
    black, white = (Image.new("RGB", (64, 36), colour) for colour in ("black", "white"))
    assert difference(scene(), scene()) == 0
    assert difference(black, white) == 1


@pytest.mark.parametrize(
    "filled",
    [
        lambda picture: ImageOps.fit(picture, (640, 360)),
        lambda picture: ImageOps.pad(picture, (640, 360)),
        lambda picture: picture.resize((640, 360)),
        lambda picture: ImageOps.fit(picture, (320, 180)).filter(ImageFilter.GaussianBlur(1)),
    ],
    ids=["cropped", "padded", "stretched", "soft"],
)
def test_a_picture_of_another_shape_is_the_same_however_it_fills_the_clip(filled: object) -> None:
    """Nobody says which a vendor does."""
    assert callable(filled)
    square = scene(500, 500)
    assert difference(filled(square), square) < APART / 4


@pytest.mark.parametrize("other", [ImageOps.mirror, ImageOps.invert, lambda picture: picture.rotate(180)])
def test_another_picture_is_far(other: object) -> None:
    """The same colours elsewhere are another picture."""
    assert callable(other)
    assert difference(other(scene()), scene()) > APART


def test_a_clip_is_held_against_its_own_frames(tmp_path: Path) -> None:
    """Its first frame is what it begins on, whatever the encoder did; its last frame is another picture."""
    clip, first = make_clip(tmp_path / "clip.mp4", frames=24), tmp_path / "first.png"
    extract_frame(clip, 0, first)
    assert apart(clip, 0, first) < APART / 4
    Image.new("RGB", (320, 180), "white").save(first)
    assert apart(clip, None, first) > APART
