"""Holding a clip against its order: each finding, and nothing for a good clip."""

from __future__ import annotations

import dataclasses
from decimal import Decimal
from fractions import Fraction

import pytest

from render.media.clip_checks import check_clip
from storyboard.film_traits import Trait
from storyboard.request import BoundReference, Mode, Request
from storyboard.shot import MediaKind, Role
from storyboard.takes import ClipFacts

REQUEST = Request(
    series="s",
    shot="e01/lamp/010",
    provider="p",
    account="acme",
    model="m",
    mode=Mode.REFERENCE,
    prompt="",
    references=(),
    duration_s=Decimal("4.5"),
    billed_s=Decimal(5),
    resolution="720p",
    aspect_ratio="16:9",
    audio=True,
    seed=None,
    variation=0,
    wish="w",
    width=1280,
    height=720,
    fps=Fraction(24),
    estimated_usd=None,
)
CLIP = ClipFacts(
    sha256="0" * 64,
    bytes=1,
    width=1280,
    height=720,
    frames=120,
    fps=Fraction(24),
    duration_s=Decimal(5),
    audio_s=Decimal("5.02"),
)


def _codes(request: Request = REQUEST, **changes: object) -> list[str]:
    return [finding.code for finding in check_clip(dataclasses.replace(CLIP, **changes), request)]  # type: ignore[arg-type]


def test_ends_that_are_not_those_asked_for_are_findings() -> None:
    """Each by its own figure, with the picture that was sent; what is alike, or was not asked for, is none."""
    first, last = (
        BoundReference(token="", kind=MediaKind.IMAGE, role=role, name="x", source=f"{role}.png", sha256="0" * 64)
        for role in (Role.FIRST_FRAME, Role.LAST_FRAME)
    )
    literal = dataclasses.replace(REQUEST, mode=Mode.FIRST_FRAME, references=(first, last))
    assert _codes(literal, first_apart=Decimal("0.02"), last_apart=Decimal("0.04")) == []
    assert _codes(literal, first_apart=Decimal("0.05")) == ["begins_apart"]
    clip = dataclasses.replace(CLIP, first_apart=Decimal("0.01"), last_apart=Decimal("0.31"))
    (found,) = check_clip(clip, literal)
    assert (found.code, found.fatal) == ("ends_apart", False)
    assert found.message.startswith("it does not end on last_frame.png: they differ by 0.31 of 1, where 0.04 is alike")


def test_a_clip_as_ordered_has_no_findings() -> None:
    """Nothing is said of a good clip."""
    assert _codes() == []


@pytest.mark.parametrize(
    ("changes", "codes"),
    [
        ({"width": 1064, "height": 600}, ["other_size"]),
        ({"width": 640, "height": 360}, ["too_small"]),
        ({"width": 720, "height": 1280}, ["wrong_ratio"]),
        ({"duration_s": Decimal("4.0")}, ["too_short"]),
        ({"duration_s": Decimal("4.42"), "audio_s": Decimal("4.42")}, ["less_than_bought"]),
        ({"audio_s": None}, ["silent"]),
        ({"audio_s": Decimal("3.1")}, ["sound_ends_early"]),
        ({"frame_times_us": (0, 50_000)}, ["irregular"]),
        ({"frames": 1}, ["still"]),
        ({"traits": (Trait.HLG, Trait.WIDE)}, ["converted"]),
        ({"traits": (Trait.INTERLACED,)}, ["converted"]),
        ({"traits": (Trait.TURNED, Trait.CODEC)}, []),
    ],
)
def test_each_fault_is_found_once(changes: dict[str, object], codes: list[str]) -> None:
    """One fault, one finding, by its name."""
    assert _codes(**changes) == codes


@pytest.mark.parametrize("size", [(1264, 720), (1294, 720), (1248, 704), (1920, 1080)])
def test_a_size_of_the_name_that_was_bought_is_no_finding(size: tuple[int, int]) -> None:
    """Few vendors say which pixels `720p` has; a little off its usual size, or beyond it, is nobody's concern."""
    assert _codes(width=size[0], height=size[1]) == []


def test_two_missing_frames_are_held_and_not_a_finding() -> None:
    """The cut holds the last frame for up to two frames of the master."""
    short = dataclasses.replace(REQUEST, duration_s=Decimal(5))
    assert _codes(short, duration_s=Decimal(5) - Decimal(2) / 24) == []
    assert _codes(short, duration_s=Decimal(5) - Decimal(3) / 24) == ["too_short"]


def test_a_clip_without_sound_is_fine_where_none_was_asked() -> None:
    """Silence was ordered."""
    assert _codes(dataclasses.replace(REQUEST, audio=False), audio_s=None) == []


def test_a_length_left_to_the_vendor_is_never_too_short() -> None:
    """`auto` takes what comes."""
    assert _codes(dataclasses.replace(REQUEST, duration_s=None, billed_s=Decimal(15))) == []


def test_a_shape_left_to_the_vendor_is_a_finding_only_where_it_leaves_bars() -> None:
    """`auto` takes what comes; black beside the picture is said all the same."""
    free = dataclasses.replace(REQUEST, aspect_ratio="auto")
    assert _codes(free, width=1264, height=720) == []
    assert _codes(free, width=720, height=1280) == ["bars"]


def test_only_a_still_is_fatal() -> None:
    """Everything else can be cut, and the producer decides."""
    found = check_clip(dataclasses.replace(CLIP, frames=1, audio_s=None), REQUEST)
    assert [(finding.code, finding.fatal) for finding in found] == [("still", True), ("silent", False)]


def test_surround_is_said_to_be_mixed_down() -> None:
    """Whether or not sound was asked for; stereo, mono and what was never counted say nothing."""
    assert _codes(audio_channels=6) == ["surround"]
    assert _codes(dataclasses.replace(REQUEST, audio=False), audio_channels=6) == ["surround"]
    assert [_codes(audio_channels=channels) for channels in (None, 1, 2)] == [[], [], []]
