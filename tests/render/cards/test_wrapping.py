"""Lines end where readers expect it: between words, and in Chinese and Japanese between letters, but never anywhere."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from render.cards.wrapping import units, wrapped
from storyboard.text.letters import clusters


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One more winter", ["One ", "more ", "winter"]),
        ("well-known sea", ["well-", "known ", "sea"]),
        ("3-4", ["3-4"]),
        ("a\u00a0b c", ["a\u00a0b ", "c"]),
        ("灯台守", ["灯", "台", "守"]),
        ("「海へ。」と", ["「海", "へ。」", "と"]),
        ("ちょっと待ってー", ["ちょっ", "と", "待っ", "てー"]),
        ("第1章 OK!", ["第", "1", "章 ", "OK!"]),
        ("한국어 제목", ["한국어 ", "제목"]),
        ("क्षत्रिय लेख", ["क्षत्रिय ", "लेख"]),
    ],
)
def test_where_a_line_may_end(text: str, parts: list[str]) -> None:
    """After each of these."""
    assert list(units(text)) == parts


def test_letters_keep_their_marks() -> None:
    """And what is joined to them."""
    assert clusters("e\u0301a") == ["e\u0301", "a"]
    assert clusters("👩\u200d🚀x") == ["👩\u200d🚀", "x"]


def test_lines_are_evened_out() -> None:
    """No last word stands alone where the words can be shared out."""
    assert wrapped("one two three four", 17, len) == ["one two", "three four"]


def test_a_clause_ends_its_line_where_it_can() -> None:
    """Before the lines are evened out letter by letter."""
    assert wrapped("最後の灯台守、そして海のむこうへ。", 12, len) == ["最後の灯台守、", "そして海のむこうへ。"]


@example("「 a", 1)
@example(" 、", 1)
@given(st.text("ab  、。「」灯台ー-é", max_size=60), st.integers(1, 30))
def test_breaking_loses_nothing_but_blanks(text: str, room: int) -> None:
    """No line is wider than the room but a unit that is so by itself, and every letter is in one of them."""
    lines = wrapped(text, room, len)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(len(line) <= room or len(list(units(line))) == 1 for line in lines)
    assert not any(line[:1] in set("、。」ー") for line in lines[1:])
    assert not any(line[-1:] == "「" for line in lines[:-1] if line)
