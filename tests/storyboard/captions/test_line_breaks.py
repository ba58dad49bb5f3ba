"""Where texts are parted into captions, and captions into lines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.captions.caption_text import clean, length
from storyboard.captions.line_breaks import captions_of
from storyboard.captions.phrases import Break, phrases
from storyboard.subtitle_rules import Limits, usual_limits

LANGUAGES = ("en", "de", "fr", "ja", "zh-Hans", "zh-Hant", "ko", "th", "ar", "he")


@pytest.mark.parametrize(
    ("language", "text", "captions"),
    [
        ("en", "One more winter.", [["One more winter."]]),
        (
            "en",
            "I will go to the market and buy some bread for all of us.",
            [["I will go to the market", "and buy some bread for all of us."]],
        ),
        (
            "en",
            "The old keeper, who had lived there for forty years, would not leave the island — not for anything.",
            [
                ["The old keeper,", "who had lived there for forty years,"],
                ["would not leave the island —", "not for anything."],
            ],
        ),
        (
            "de",
            "Wenn das Licht heute Nacht ausgeht, findet kein Schiff mehr den Weg zurück in den Hafen.",
            [["Wenn das Licht heute Nacht ausgeht,"], ["findet kein Schiff mehr", "den Weg zurück in den Hafen."]],
        ),
        (
            "fr",
            "Tu m’as dit que la lampe brûlait toute la nuit ! Alors pourquoi fait-il si noir ?",
            [["Tu m’as dit que la lampe brûlait toute", "la nuit ! Alors pourquoi fait-il si noir ?"]],
        ),
        (
            "ja",
            "灯台の光が消えたら、船は誰にも見つけられない。",
            [["灯台の光が消えたら、", "船は誰にも見つけられない。"]],
        ),
        ("ja", "iPhone 15を持っていますか？", [["iPhone 15を", "持っていますか？"]]),
        (
            "zh-Hans",
            "灯塔的光如果灭了，船就再也找不到回家的路了。",
            [["灯塔的光如果灭了，", "船就再也找不到回家的路了。"]],
        ),
        ("zh-Hant", "燈塔的光如果滅了，船就再也找不到路了。", [["燈塔的光如果滅了，", "船就再也找不到路了。"]]),
        (
            "ko",
            "등대의 불이 꺼지면 배들은 길을 찾지 못할 거야.",
            [["등대의 불이 꺼지면 배들은", "길을 찾지 못할 거야."]],
        ),
    ],
)
def test_lines_end_where_editors_end_them(language: str, text: str, captions: list[list[str]]) -> None:
    """After signs, before conjunctions, never after an article; the lower line rather the longer."""
    assert [list(each) for each in captions_of(text, language, usual_limits(language))] == captions


def test_a_name_stays_with_its_title_and_a_number_with_what_it_counts() -> None:
    """However well the halves would balance."""
    (lines,) = captions_of("Nobody on the island ever saw Dr. Smith again after that", "en", Limits())
    assert not lines[0].endswith("Dr.")
    (lines,) = captions_of("They came back over the sea after some 40 years of waiting", "en", Limits())
    assert not lines[0].endswith("40")


def test_not_every_full_stop_after_a_short_word_is_a_titles() -> None:
    """ "I." and "No." end sentences."""
    ends = [each.after for each in phrases("So was I. No. Then J. R. and Mr. Voss came.", "en", 42)]
    assert [ends[place] for place in (2, 3)] == [Break.SENTENCE, Break.SENTENCE]
    assert {ends[place] for place in (5, 6, 8)} == {Break.POOR}


def test_a_line_break_that_is_written_is_kept() -> None:
    """It is where a translator wants the line to end."""
    assert captions_of("Wait.\nNo, go.", "en", Limits()) == (("Wait.", "No, go."),)
    assert captions_of("one\ntwo\nthree", "en", Limits()) == (("one", "two"), ("three",))


def test_a_french_blank_before_a_sign_never_ends_a_line() -> None:
    """With the blank that may not be parted, and with an ordinary one."""
    for blank in ("\u00a0", "\u202f", " "):
        (lines,) = captions_of(f"Alors pourquoi fait-il si noir ici ce soir{blank}?", "fr", Limits(max_line=40))
        assert lines[-1].endswith(f"soir{blank}?")


def test_japanese_lines_begin_with_no_small_kana_and_no_closing_sign() -> None:
    """Also where there is no phrase short enough."""
    text = "ちょっとちょっとちょっとちょっとちょっとちょっと」。"
    for lines in captions_of(text, "ja", Limits(max_line=5)):
        for each in lines:
            assert each[0] not in "っょ」。"


@given(st.text(max_size=300), st.sampled_from(LANGUAGES), st.integers(4, 50), st.integers(1, 3))
def test_nothing_is_lost_or_added_however_a_text_is_parted(text: str, language: str, most: int, rows: int) -> None:
    """Put together again, without its blanks, it is what was written; no caption has more lines than it may."""
    limits = Limits(max_line=most, max_lines=rows)
    captions = captions_of(text, language, limits)
    assert all(1 <= len(each) <= rows for each in captions)
    assert _letters("".join(line for each in captions for line in each)) == _letters(clean(text))
    assert all(line == line.strip() and line and "\n" not in line for each in captions for line in each)


@given(st.lists(st.sampled_from(["a", "of", "harbour,", "ships", "and", "night."]), max_size=60), st.integers(9, 44))
def test_no_line_is_longer_than_it_may_be_where_words_are_short(words: list[str], most: int) -> None:
    """Only a word that is itself longer could make one."""
    for lines in captions_of(" ".join(words), "en", Limits(max_line=most)):
        assert all(length(each, "en") <= most for each in lines)


def _letters(text: str) -> str:
    return "".join(text.split()).replace("\u200b", "")
