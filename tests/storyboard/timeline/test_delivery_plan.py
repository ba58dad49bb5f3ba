"""Where a delivery begins and ends, how many frames it shows, and what makes it another one."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.deliveries import ANCHORS
from storyboard.delivery_formats import AudioCodec, Quality, Reframe, VideoCodec
from storyboard.errors import CannotDeliver, Position
from tests.storyboard.timeline.delivery_cases import delivery, plan_of

RATES = (Fraction(24), Fraction(25), Fraction(24000, 1001), Fraction(30000, 1001), Fraction(60))


def test_a_delivery_is_called_after_its_episode() -> None:
    """EPISODE-NAME, with the ending of its kind."""
    assert plan_of(delivery(VideoCodec.AV1, name="phone")).file_name == "e01-phone.mp4"
    assert plan_of(delivery(VideoCodec.NONE, audio=AudioCodec.FLAC, name="radio")).file_name == "e01-radio.flac"


@pytest.mark.parametrize(
    ("begin", "end", "frames"),
    [
        (None, None, (0, 36)),
        (Decimal("0.5"), None, (12, 36)),
        (Decimal("0.51"), Decimal("1.01"), (12, 24)),
        ("lamp/001", None, (12, 36)),
        ("lamp/001", "lamp/001", (12, 24)),
        (Decimal(0), "lamp/000", (0, 12)),
    ],
)
def test_a_range_falls_on_frames(begin: Any, end: Any, frames: tuple[int, int]) -> None:
    """Seconds on the frame that begins nearest, shots on their first and after their last."""
    plan = plan_of(delivery(begin=begin, end=end), lengths=(12, 12, 12))
    assert (plan.begin, plan.end) == frames


@pytest.mark.parametrize(
    ("begin", "end", "told"),
    [
        (Decimal(2), None, "2 s is after the end of the cut, which lasts 1.5 s"),
        (None, Decimal("1.6"), "1.6 s is after the end of the cut"),
        ("lamp/009", None, "it begins or ends with lamp/009, which the cut goes without"),
        (Decimal("1.49"), Decimal("1.5"), "no frame of the cut lies between"),
        ("lamp/002", Decimal(1), "no frame of the cut lies between"),
    ],
)
def test_a_range_that_the_cut_has_not_is_refused(begin: Any, end: Any, told: str) -> None:
    """Only the cut knows how long it came out, and which shots it goes without."""
    wanted = delivery(begin=begin, end=end, name="teaser", at=Position("series.yaml", 7, 5))
    with pytest.raises(CannotDeliver) as refused:
        plan_of(wanted, lengths=(12, 12, 12))
    assert f"series.yaml:7:5: the delivery teaser cannot be made: {told}" in str(refused.value)


@given(st.sampled_from(RATES), st.fractions(1, 24, max_denominator=8), st.integers(1, 500))
def test_fewer_frames_a_second_last_as_long(rate: Fraction, fewer: Fraction, frames: int) -> None:
    """A GIF of another rate shows at least one frame, and lasts as long as what it shows, to a frame of its own."""
    plan = plan_of(delivery(VideoCodec.GIF, fps=fewer), lengths=(frames,), fps=rate)

    assert plan.frames >= 1
    assert 0 <= plan.frames / fewer - Fraction(frames - 1) / rate <= 1 / fewer
    assert plan_of(delivery(VideoCodec.GIF, fps=rate), lengths=(frames,), fps=rate).frames == frames


def test_only_what_crops_has_windows() -> None:
    """And only what pads has a smaller picture within."""
    points = (ANCHORS["left"], ANCHORS["left"], ANCHORS["right"])
    crop = plan_of(delivery(size=(40, 72), reframe=Reframe.CROP), lengths=(5, 6, 7), focus=points)
    assert crop.window == (40, 72)
    assert [(each.begin, each.end, each.x) for each in crop.windows] == [(0, 11, 0), (11, 18, 88)]
    padded = plan_of(delivery(size=(72, 72), reframe=Reframe.PAD), lengths=(5, 6, 7), focus=points)
    assert (padded.window, padded.windows, padded.inner) == (None, (), (72, 40))


@pytest.mark.parametrize(
    "other",
    [
        delivery(quality=Quality.HIGH),
        delivery(mbps=Decimal(2)),
        delivery(size=(64, 36)),
        delivery(VideoCodec.HEVC),
        delivery(begin=Decimal("0.1")),
        delivery(size=(40, 72), reframe=Reframe.CROP),
    ],
    ids=["quality", "rate", "size", "codec", "range", "window"],
)
def test_whatever_changes_the_picture_changes_its_recipe(other: Any) -> None:
    """And what does not, such as its name or its sound, leaves it."""
    one = plan_of(delivery())
    assert plan_of(other).picture_recipe != one.picture_recipe
    assert plan_of(delivery(name="other", audio=AudioCodec.OPUS)).picture_recipe == one.picture_recipe


def test_a_moved_focus_changes_only_what_crops() -> None:
    """What shows the whole picture has no use for it."""
    for wanted, same in ((delivery(size=(40, 72), reframe=Reframe.CROP), False), (delivery(), True)):
        one, other = (plan_of(wanted, focus=(ANCHORS[name],)) for name in ("left", "right"))
        assert (one.picture_recipe == other.picture_recipe) is same
