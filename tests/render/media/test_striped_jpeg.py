"""A picture that is written in strips is the one that was drawn."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from render.media.striped_jpeg import write_strips
from tests.thinning import examples


def picture(width: int, height: int) -> Image.Image:
    """Noise of many colours, which no two rows share."""
    channels = [Image.effect_noise((width, height), 40 + 20 * each) for each in range(3)]
    return Image.merge("RGB", channels).resize((width, height))


@settings(max_examples=examples(60), deadline=None)
@given(st.integers(1, 70), st.lists(st.integers(1, 90), min_size=1, max_size=12))
def test_it_shows_what_one_encode_of_the_whole_shows(
    tmp_path_factory: pytest.TempPathFactory, width: int, heights: list[int]
) -> None:
    """To the pixel, however the strips are cut: blocks lie where they lay."""
    folder = tmp_path_factory.mktemp("strips")
    whole = picture(width, sum(heights))
    tops = [sum(heights[:place]) for place in range(len(heights))]
    strips = (whole.crop((0, top, width, top + high)) for top, high in zip(tops, heights, strict=True))
    write_strips(strips, whole.height, folder / "strips.jpg", quality=86)
    whole.save(folder / "whole.jpg", format="JPEG", quality=86, subsampling="4:2:0")
    with Image.open(folder / "strips.jpg") as found, Image.open(folder / "whole.jpg") as wanted:
        assert found.size == whole.size
        assert ImageChops.difference(found.convert("RGB"), wanted.convert("RGB")).getbbox() is None


def test_ffmpeg_reads_it_too(tmp_path: Path) -> None:
    """Another decoder than the one that it was tried with: no warning, every row."""
    import av

    whole = picture(64, 400)
    write_strips([whole.crop((0, 0, 64, 7)), whole.crop((0, 7, 64, 400))], 400, tmp_path / "strips.jpg", quality=86)
    with av.open(str(tmp_path / "strips.jpg")) as container:
        frames = list(container.decode(video=0))
    assert [(frame.width, frame.height) for frame in frames] == [(64, 400)]
