"""Language tags, and what follows from them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.languages import is_iso_639_2, is_right_to_left, is_traditional_chinese, iso_639_2, tag_problem


@pytest.mark.parametrize(
    "tag", ["en", "pt-BR", "zh-Hant", "zh-Hant-TW", "de-1996", "sl-rozaj", "fil", "yue", "en-x-foo"]
)
def test_tags_of_bcp_47_are_taken(tag: str) -> None:
    """With script, region, variant, and what is private."""
    assert tag_problem(tag) is None


@pytest.mark.parametrize(
    ("tag", "meant"),
    [
        ("en_US", "write en-US"),
        ("EN", "write en"),
        ("zh-hant", "write zh-Hant"),
        ("deu", "write de"),
        ("ger", "write de"),
        ("jp", "write ja"),
        ("english", "write en"),
        ("xx", "which ISO 639 does not have"),
        ("e", "is no language tag"),
        ("en--US", "is no language tag"),
        ("", "is no language tag"),
    ],
)
def test_what_is_no_tag_is_told_with_what_was_meant(tag: str, meant: str) -> None:
    """Countries, names and old codes are what people write."""
    assert meant in (tag_problem(tag) or "")


@given(st.text(max_size=12))
def test_any_text_is_a_tag_or_is_told(text: str) -> None:
    """And a tag is safe in the name of a file."""
    problem = tag_problem(text)
    assert problem or all(letter.isascii() and (letter.isalnum() or letter == "-") for letter in text)


@pytest.mark.parametrize(
    ("tag", "letters"),
    [("en", "eng"), ("de-AT", "deu"), ("zh-Hant", "zho"), ("fil", "fil"), ("fr", "fra"), ("gsw", "gsw"), ("x", "und")],
)
def test_mp4_knows_languages_by_three_letters(tag: str, letters: str) -> None:
    """Those of ISO 639-2/T."""
    assert iso_639_2(tag) == letters


def test_matroska_has_some_letters_of_its_own() -> None:
    """Those of ISO 639-2/B are the same languages."""
    assert is_iso_639_2("deu", "de")
    assert is_iso_639_2("ger", "de-AT")
    assert is_iso_639_2(None, "x")
    assert not is_iso_639_2("eng", "de")
    assert not is_iso_639_2(None, "de")


def test_direction_and_characters_follow_from_script_and_region() -> None:
    """The script where one is named, else what is usual."""
    assert [is_right_to_left(tag) for tag in ("ar", "he-IL", "az-Arab", "ar-Latn", "en")] == [
        True,
        True,
        True,
        False,
        False,
    ]
    chinese = [is_traditional_chinese(tag) for tag in ("zh-Hant", "zh-TW", "yue", "zh", "zh-Hans-TW")]
    assert chinese == [True, True, True, False, False]
