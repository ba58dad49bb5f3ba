"""Lines fit their room, whatever is written in them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.animatic.lettering import ELLIPSIS, line_mask, shorten, width, wrap
from storyboard.text.printable import one_line

LONG = "One more winter is all that anyone ever asks of a lamp, of a keeper, or of the sea itself. " * 4


def test_a_long_line_wraps_and_says_that_more_follows() -> None:
    """At most so many lines, each within the room, the last with an ellipsis."""
    lines = wrap(LONG, 20, 400, 3)
    assert len(lines) == 3
    assert lines[-1].endswith(ELLIPSIS)
    assert all(width(line, 20) <= 400 for line in lines)


def test_wrapping_loses_no_word_where_there_is_room() -> None:
    """With lines enough, the words come out as they went in."""
    assert " ".join(wrap(LONG, 12, 300, 99)) == LONG.strip()


@pytest.mark.parametrize("word", ["W" * 200, "汉" * 120, "Я" * 200])
def test_a_word_wider_than_the_room_is_broken(word: str) -> None:
    """Text without spaces cannot leave the frame."""
    assert all(width(line, 16) <= 200 for line in wrap(word, 16, 200, 4))


@given(st.text(max_size=80), st.integers(min_value=60, max_value=300))
def test_any_text_can_be_lettered(text: str, room: int) -> None:
    """No text crashes the lettering, and what is shortened fits."""
    line = shorten(one_line(text), 12, room)
    assert width(line, 12) <= max(room, width(ELLIPSIS, 12) + 260)
    assert line_mask(line, 12).width >= 1


def test_a_mask_shows_its_letters() -> None:
    """What is lettered leaves ink, and an empty line leaves none."""
    assert line_mask("lamp/010", 20).getextrema() == (0, 255)
    assert line_mask("", 20).getextrema() == (0, 0)
