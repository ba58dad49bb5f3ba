"""A producer's camera words become the move that they name."""

from __future__ import annotations

import itertools

import pytest

from render.animatic.camera import Size, read_move, read_size


@pytest.mark.parametrize("words", ["slow push in", "Dolly in", "zoom in on the letter", "the camera creeps closer"])
def test_pushing_in_comes_nearer(words: str) -> None:
    """Every way to say it ends nearer than it began."""
    move = read_move(words, 0.5)
    assert move.at(1).zoom > move.at(0).zoom


@pytest.mark.parametrize("words", ["pull out", "slow dolly back", "reveal the harbour"])
def test_pulling_out_ends_wider(words: str) -> None:
    """Every way to say it ends wider than it began."""
    move = read_move(words, 0.5)
    assert move.at(1).zoom < move.at(0).zoom


@pytest.mark.parametrize(
    ("words", "axis", "direction"),
    [("pan left", "x", -1), ("slow pan to the right", "x", 1), ("tilt up", "y", -1), ("crane down", "y", 1)],
)
def test_pans_and_tilts_go_where_they_say(words: str, axis: str, direction: int) -> None:
    """Left and up are toward the frame's origin."""
    move = read_move(words, 0.5)
    assert (getattr(move.at(1), axis) - getattr(move.at(0), axis)) * direction > 0


def test_static_stands_still_and_silence_drifts() -> None:
    """Only the word itself stops the camera; without words it drifts, so that a still never looks frozen."""
    assert read_move("static, medium shot", 0.5).at(0) == read_move("static", 0.5).at(1)
    assert read_move("", 0.2).at(0) != read_move("", 0.2).at(1)


def test_a_move_has_no_jerk() -> None:
    """Neighbouring frames of a five-second move differ by a fraction of a percent, and always onward."""
    zooms = [read_move("push in", 0.5).at(frame / 119).zoom for frame in range(120)]
    steps = [after - before for before, after in itertools.pairwise(zooms)]
    assert 0 < min(steps) <= max(steps) < 0.003


@pytest.mark.parametrize(
    ("words", "size"),
    [("extreme close-up", Size.CLOSE), ("wide, static", Size.WIDE), ("two-shot", Size.MEDIUM), ("push in", None)],
)
def test_framings_are_read_from_their_words(words: str, size: Size | None) -> None:
    """A framing that is named is used; one that is not is left to the composer."""
    assert read_size(words) is size
