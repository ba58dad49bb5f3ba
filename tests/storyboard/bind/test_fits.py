"""A fit brings a file within a vendor's limits, keeps its shape, and is named for all that it does."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.bind.fits import CannotFit, Fit, fit_for, parse_fit
from storyboard.capabilities import MediaLimits
from storyboard.film_traits import Trait
from storyboard.framing import Framing, frame_size, framing
from storyboard.shot import MasterFormat, MediaKind, Window
from tests.storyboard.stories import facts, reference

SIDES = st.integers(100, 9000)
VIDEO = MediaLimits(
    count=3,
    formats=("mp4", "mov"),
    max_bytes=50_000_000,
    min_side=300,
    max_side=6000,
    min_pixels=409_600,
    max_pixels=927_408,
    min_ratio=Fraction(2, 5),
    max_ratio=Fraction(5, 2),
    min_s=Decimal(2),
    max_s=Decimal(15),
    total_s=Decimal(15),
    min_fps=Fraction(24),
    max_fps=Fraction(60),
)


@given(SIDES, SIDES, st.decimals(2, 60, places=2), st.integers(1, 240))
def test_what_fits_is_within_every_limit(width: int, height: int, seconds: Decimal, fps: int) -> None:
    """Whatever clip comes in, the one that goes out is of a size, length and rate that the vendor takes."""
    clip = reference(source="references/x.mov", kind=MediaKind.VIDEO)
    known = facts(clip, width=width, height=height, duration_s=seconds, fps=Fraction(fps))
    try:
        fit = fit_for(known, VIDEO)
    except CannotFit:
        return  # refused before anything is paid, which is as good
    size = fit.size if fit and fit.size else (width, height)
    assert 409_600 <= size[0] * size[1] <= 927_408
    assert min(size) >= 300
    assert max(size) <= 6000
    assert abs(Fraction(*size) / Fraction(width, height) - 1) < Fraction(1, 50)
    assert (fit.seconds if fit and fit.seconds else seconds) <= 15
    assert 24 <= (fit.fps if fit and fit.fps else fps) <= 60


@given(
    st.sampled_from(list(MediaKind)),
    st.none() | st.tuples(SIDES, SIDES),
    st.none() | st.sampled_from([Fraction(24), Fraction(24000, 1001)]),
    st.none() | st.decimals("0.1", 100, places=2),
    st.none() | st.integers(1, 10**9),
)
def test_a_fit_can_be_read_back_from_its_name(
    kind: MediaKind,
    size: tuple[int, int] | None,
    fps: Fraction | None,
    seconds: Decimal | None,
    max_bytes: int | None,
) -> None:
    """The name is the whole recipe, also one that an earlier version gave, which cut the first seconds."""
    fit = Fit(
        kind=kind, format="mp4", plain=kind is MediaKind.VIDEO, size=size, fps=fps, seconds=seconds, max_bytes=max_bytes
    )
    assert parse_fit(str(fit)) == fit
    if seconds is not None:
        part = replace(fit, seconds=None, window=Window(seconds / 4, seconds))
        assert parse_fit(str(part)) == part


def test_a_film_that_is_not_ordinary_is_never_sent_as_it_is() -> None:
    """Its size, length and rate may be taken; its colours or its turn would be read otherwise by everyone."""
    clip = reference(source="references/x.mp4", kind=MediaKind.VIDEO)
    assert fit_for(facts(clip), VIDEO) is None
    assert str(fit_for(facts(clip, traits=(Trait.HLG,)), VIDEO)) == "video:mp4:50000000bytes:plain"


@pytest.mark.parametrize(
    "name", ["", "image", "smell:png", "image:png:huge", "image:png:1x2x3", "audio:wav:a-bs", "audio:wav:1-s"]
)
def test_what_is_no_fit_is_refused(name: str) -> None:
    """A name that nobody here gave is not acted on."""
    with pytest.raises(ValueError, match=r".+"):
        parse_fit(name)


@pytest.mark.parametrize(
    ("resolution", "ratio", "size"),
    [
        ("480p", "16:9", (854, 480)),
        ("720p", "16:9", (1280, 720)),
        ("1080p", "16:9", (1920, 1080)),
        ("4k", "16:9", (3840, 2160)),
        ("720p", "9:16", (720, 1280)),
        ("720p", "1:1", (720, 720)),
        ("720p", "21:9", (1680, 720)),
        ("480p", "4:3", (640, 480)),
    ],
)
def test_a_resolution_is_its_shorter_side(resolution: str, ratio: str, size: tuple[int, int]) -> None:
    """And every side is even."""
    assert frame_size(resolution, ratio) == size


@pytest.mark.parametrize(
    ("size", "how"),
    [
        ((1280, 720), Framing.WHOLE),
        ((1920, 1080), Framing.WHOLE),
        ((854, 480), Framing.WHOLE),
        ((864, 496), Framing.CROP),
        ((1112, 834), Framing.PAD),
        ((720, 1280), Framing.PAD),
        ((1470, 630), Framing.PAD),
    ],
)
def test_a_little_is_cropped_and_more_is_padded(size: tuple[int, int], how: Framing) -> None:
    """Four hundredths of the width are given up; anything more would cost too much of the picture."""
    assert framing(*size, MasterFormat(1280, 720, Fraction(24))) is how
