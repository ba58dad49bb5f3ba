"""The decision what is copied: pure, so every case is a few values."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.cut.cut_plan import CutPlan, Piece, missing_frames, plan_cut, timeline_of
from render.media.signature import StreamSignature
from storyboard.takes import ClipFacts
from tests.render.cut.pieces import MASTER

VENDOR = StreamSignature(
    codec="h264",
    profile="High",
    level=12,
    width=160,
    height=90,
    fps=Fraction(24),
    time_base=Fraction(1, 12288),
    pix_fmt="yuv420p",
    pixel_ratio=Fraction(1),
    colours=(1, 1, 1, 1),
    parameter_sets="a" * 64,
    turn=(1, 0, 0, 1),
    index=0,
    start=Fraction(0),
)
OTHER = dataclasses.replace(VENDOR, parameter_sets="b" * 64)
HOUSE = dataclasses.replace(VENDOR, parameter_sets="c" * 64)
CLIP = ClipFacts(sha256="0" * 64, bytes=1, width=160, height=90, frames=48, fps=Fraction(24), duration_s=Decimal(2))


def _piece(key: str, frames: int = 48, clip: ClipFacts | None = CLIP) -> Piece:
    return Piece(key=key, frames=frames, path=Path(key), clip=clip)


def _plan(pieces: Sequence[Piece], signatures: Mapping[str, StreamSignature]) -> CutPlan:
    return plan_cut(pieces, timeline_of(pieces, MASTER.fps), signatures, MASTER, HOUSE)


def _made(plan: CutPlan, pieces: Sequence[Piece]) -> set[str]:
    """The pieces that are not copied."""
    made = [segment for number, segment in enumerate(plan.segments) if number not in plan.copied]
    return {pieces[part.piece].key for segment in made for part in segment.parts}


def test_whole_clips_of_one_encoder_are_copied() -> None:
    """Nothing is encoded."""
    plan = _plan([_piece("a"), _piece("b")], {"a": VENDOR, "b": VENDOR})
    assert (plan.untouched, plan.notes) == (True, ())


def test_two_encoders_are_all_conformed() -> None:
    """One clip that does not agree makes every clip a house piece: a mixture cannot be copied."""
    pieces = [_piece("a"), _piece("b"), _piece("c")]
    plan = _plan(pieces, {"a": VENDOR, "b": VENDOR, "c": OTHER})
    assert _made(plan, pieces) == {"a", "b", "c"}


def test_a_slate_is_never_conformed_and_makes_the_others_agree_with_it() -> None:
    """A slate comes from the house encoder; beside it a vendor's clip must be conformed."""
    pieces = [_piece("a"), _piece("gap", clip=None)]
    plan = _plan(pieces, {"a": VENDOR, "gap": HOUSE})
    assert _made(plan, pieces) == {"a"}


def test_clips_from_the_house_encoder_stand_beside_slates_as_they_are() -> None:
    """An animatic with gaps is copied whole."""
    plan = _plan([_piece("a"), _piece("gap", clip=None)], {"a": HOUSE, "gap": HOUSE})
    assert plan.untouched


@pytest.mark.parametrize(
    "change",
    [
        {"width": 176},
        {"fps": Fraction(25)},
        {"pixel_ratio": Fraction(4, 3)},
        {"turn": (0, 1, -1, 0)},
        {"codec": "hevc"},
        {"pix_fmt": "yuv444p"},
        {"start": Fraction(1, 24)},
        {"colours": (2, 1, 1, 1)},
        {"colours": (1, 9, 9, 16)},
        {"colours": (1, 9, 9, 18)},
        {"colours": (1, 6, 6, 6)},
        {"colours": (1, 1, 12, 1)},
        {"interlaced": True},
    ],
)
def test_clips_that_agree_but_are_not_in_the_masters_format_are_conformed(change: dict[str, object]) -> None:
    """Agreement is not enough: the master's format is written, never guessed from clips."""
    encoded = dataclasses.replace(VENDOR, **change)  # type: ignore[arg-type]
    assert not _plan([_piece("a"), _piece("b")], {"a": encoded, "b": encoded}).untouched


@pytest.mark.parametrize("colours", [(1, 1, 1, 1), (0, 2, 2, 2), (1, 2, 2, 2), (1, 1, 2, 2)])
def test_clips_in_the_masters_colours_or_that_do_not_say_are_copied(colours: tuple[int, int, int, int]) -> None:
    """What vendors send today: BT.709, stated in full, in part or not at all."""
    encoded = dataclasses.replace(VENDOR, colours=colours)
    assert _plan([_piece("a"), _piece("b")], {"a": encoded, "b": encoded}).untouched


@pytest.mark.parametrize("frames", [47, 49])
def test_a_clip_that_is_not_used_whole_is_conformed(frames: int) -> None:
    """Trimmed or held, its last picture is not where the clip ends."""
    assert not _plan([_piece("a", frames=frames)], {"a": VENDOR}).untouched


def test_irregular_clips_are_conformed() -> None:
    """Their frames do not stand on the master's grid."""
    clip = dataclasses.replace(CLIP, frame_times_us=tuple(range(0, 48 * 41_000, 41_000)))
    assert not _plan([_piece("a", clip=clip)], {"a": VENDOR}).untouched


@pytest.mark.parametrize(
    ("frames", "note"),
    [
        (48, ()),
        (49, ("a is 1 frame short: its last frame is held",)),
        (50, ("a is 2 frames short: its last frame is held",)),
        (60, ("a is 12 frames short: its last frame is held, which shows: make it again, or shorten it",)),
    ],
)
def test_a_short_clip_is_named_in_the_notes(frames: int, note: tuple[str, ...]) -> None:
    """Up to two frames are held and said; more is said louder."""
    assert _plan([_piece("a", frames=frames)], {"a": VENDOR}).notes == note
    assert missing_frames(_piece("a", frames=frames), MASTER) == max(0, frames - 48)


@given(st.lists(st.tuples(st.integers(1, 60), st.sampled_from([VENDOR, OTHER, HOUSE]), st.booleans()), min_size=1))
def test_what_is_copied_side_by_side_always_agrees(made: list[tuple[int, StreamSignature, bool]]) -> None:
    """However pieces are mixed: all pictures that reach the join have one signature, and every frame has its place."""
    pieces = [_piece(str(n), frames, None if slate else CLIP) for n, (frames, _, slate) in enumerate(made)]
    signatures = {str(n): HOUSE if slate else encoded for n, (_, encoded, slate) in enumerate(made)}
    made = _made(_plan(pieces, signatures), pieces)
    assert len({HOUSE if piece.key in made else signatures[piece.key] for piece in pieces}) == 1
    timeline = timeline_of(pieces, MASTER.fps)
    assert timeline.frames == sum(piece.frames for piece in pieces)
    assert [span.start for span in timeline.spans] == [
        sum(piece.frames for piece in pieces[:n]) for n in range(len(pieces))
    ]
