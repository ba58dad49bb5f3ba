"""Translations, places and rules of subtitles, from what is written to what the cut works with."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from storyboard.errors import InvalidProject, Position
from storyboard.identity import wish
from storyboard.loading import load_project
from storyboard.shot import Line
from storyboard.subtitle_rules import SubtitlePlace, SubtitleRules
from tests.projects import EPISODE_HEAD, SERIES_HEAD, scene, shot, write_project
from tests.storyboard.expand.expanding import expanded, mistakes

FONT = {"fonts/Sans.ttf": b"\x00\x01\x00\x00 a font"}


def rules(tmp_path: Path, *, files: Any = None, **subtitles: Any) -> SubtitleRules:
    """What becomes of these keys under `delivery: {subtitles: …}`."""
    delivery = {"subtitles": subtitles}
    made = expanded(tmp_path, series={"language": "en", "delivery": delivery}, files=files).subtitles
    assert made is not None
    return made


def spoken(tmp_path: Path, **keys: Any) -> Line:
    """A line that is written with these keys."""
    series = {"language": "en", "delivery": {"subtitles": {"languages": ["en", "de"]}}}
    line = {"cast": "mara", "line": "One more winter.", **keys}
    return (
        expanded(tmp_path, scene("lamp", shot("010", duration=3, dialogue=[line])), series=series).shots[0].dialogue[0]
    )


def wrong(tmp_path: Path, series: str) -> list[str]:
    """What is said of a series, position and sentence."""
    with pytest.raises(InvalidProject) as caught:
        load_project(write_project(tmp_path, series=SERIES_HEAD + series, files=FONT))
    return [f"{each.at}: {each.message}" for each in caught.value.mistakes if each.at.file == "series.yaml"]


def test_limits_are_each_languages_own() -> None:
    """What is usual is known without any project."""
    made = SubtitleRules(languages=("en", "ja", "zh-Hant", "ko"))
    assert [(each, made.of(each).max_line, made.of(each).max_cps) for each in made.languages] == [
        ("en", 42, 17),
        ("ja", 13, 12),
        ("zh-Hant", 16, 12),
        ("ko", 16, 12),
    ]


def test_the_nearest_limit_wins(tmp_path: Path) -> None:
    """A language's own, then that of all, then what is usual."""
    made = rules(tmp_path, languages=["en", "ja"], max_cps=15, by_language={"ja": {"max_cps": 10, "max_lines": 1}})
    assert (made.of("en").max_cps, made.of("en").max_line, made.of("en").max_lines) == (15, 42, 2)
    assert (made.of("ja").max_cps, made.of("ja").max_line, made.of("ja").max_lines) == (10, 13, 1)


def test_lines_are_shorter_in_an_upright_picture(tmp_path: Path) -> None:
    """Fewer letters fit side by side."""
    delivery = {"master": {"width": 360, "height": 640}, "subtitles": {"languages": ["en", "ja"]}}
    made = expanded(tmp_path, series={"language": "en", "delivery": delivery}).subtitles
    assert made is not None
    assert [made.of(each).max_line for each in made.languages] == [32, 10]


def test_subtitles_are_in_the_series_language_where_none_is_named(tmp_path: Path) -> None:
    """And burnt in where that is asked for."""
    made = rules(tmp_path, burn_in="en", font="fonts/Sans.ttf", files=FONT)
    assert (made.languages, made.burn_in, made.font, made.size) == (("en",), "en", "fonts/Sans.ttf", Decimal(5))


def test_a_font_is_a_file_of_the_project(tmp_path: Path) -> None:
    """A run freezes it with everything else."""
    series = {"language": "en", "delivery": {"subtitles": {"font": "fonts/Sans.ttf"}}}
    assert "fonts/Sans.ttf" in load_project(write_project(tmp_path, series=series, files=FONT)).files()


def test_a_line_has_its_translations_and_its_place(tmp_path: Path) -> None:
    """Each with where it is written, line breaks and all."""
    line = spoken(tmp_path, translations={"de": "Noch ein\nWinter."}, at=1.5, subtitle="top")
    assert line.translations["de"].text == "Noch ein\nWinter."
    assert line.translations["de"].at is not None
    assert (line.at_s, line.subtitle) == (Decimal("1.5"), SubtitlePlace.TOP)
    assert spoken(tmp_path / "again").subtitle is SubtitlePlace.BOTTOM


def test_nothing_of_it_is_part_of_the_wish(tmp_path: Path) -> None:
    """A translation, or another place, buys no shot again."""
    series = {"language": "en", "delivery": {"subtitles": {"languages": ["en", "de"]}}}
    more = {"translations": {"de": "Noch ein Winter."}, "at": 0.5, "subtitle": "none"}
    wishes = set()
    for number, keys in enumerate(({}, more)):
        line = {"cast": "mara", "line": "One more winter.", **keys}
        made = expanded(
            tmp_path / str(number), scene("lamp", shot("010", dialogue=[line])), series=series if keys else None
        )
        wishes.add(wish(made.shots[0], {}))
    assert len(wishes) == 1


LINE = (
    EPISODE_HEAD
    + '        prompt: "{{ mara }} waits"\n        duration: 2\n        dialogue:\n          - cast: mara\n'
)


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("            line: Yes.\n            at: 2\n", ":13:17: this line is heard at 2 s, and the shot ends at 2 s"),
        ("            line: Yes.\n            translations: {d: Ja.}\n", ":13:28: the key 'd' is no language tag"),
        (
            "            line: Yes.\n            translations: {deu: Ja.}\n",
            "the key 'deu' is not how this tag is written; write de",
        ),
        (
            "            line: Yes.\n            translations: {de-AT: Ja.}\n",
            "there are no subtitles in de-AT; did you mean 'de'?",
        ),
        (
            "            line: Yes.\n            translations: {fr: Oui.}\n",
            "add it to `delivery: {subtitles: {languages",
        ),
        ("            line: Yes.\n            subtitle: tob\n", "'subtitle' cannot be 'tob'; did you mean 'top'?"),
    ],
)
def test_what_is_wrong_with_a_line_is_told_where_it_is_written(tmp_path: Path, written: str, told: str) -> None:
    """With what was meant."""
    series = {"language": "en", "delivery": {"subtitles": {"languages": ["en", "de"]}}}
    (said,) = mistakes(tmp_path, LINE + written, series=series)
    assert told in said


def test_a_translation_without_any_subtitles_is_told(tmp_path: Path) -> None:
    """It would be shown to nobody."""
    (said,) = mistakes(tmp_path, LINE + "            line: Yes.\n            translations: {de: Ja.}\n")
    assert "there are no subtitles in de, nor in any language" in said


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("delivery: {subtitles: {}}\n", "series.yaml:4:23: subtitles need to know in which language"),
        (
            "language: english\n",
            "series.yaml:4:11: 'language' is no language tag, such as en, pt-BR or zh-Hant; write en",
        ),
        (
            "language: en\ndelivery: {subtitles: {languages: [en, de], burn_in: de-AT}}\n",
            "series.yaml:5:54: the subtitles are in en, de, and not in de-AT; did you mean 'de'?",
        ),
        (
            "language: en\ndelivery: {subtitles: {by_language: {ja: {max_line: 12}}}}\n",
            "the subtitles are in en, and not in ja; add it to `languages`",
        ),
        ("language: en\ndelivery: {subtitles: {min_s: 5, max_s: 2}}\n", "`min_s` that is not more than its `max_s`"),
        ("language: en\ndelivery: {subtitles: {languages: [de, de]}}\n", "names 'de' twice"),
        (
            "language: en\ndelivery: {subtitles: {font: fonts/Sanz.ttf}}\n",
            "series.yaml:5:30: there is no file 'fonts/Sanz.ttf'; did you mean 'fonts/Sans.ttf'?",
        ),
        (
            "language: en\ndelivery: {subtitles: {font: references/cast/mara.png}}\n",
            "is no font file. Valid suffixes are: .ttf, .otf, .ttc",
        ),
        (
            "language: en\ndelivery: {subtitles: {font: https://fonts.example/a.ttf}}\n",
            "must be a font file of the project",
        ),
    ],
)
def test_what_is_wrong_with_subtitles_is_told_where_it_is_written(tmp_path: Path, written: str, told: str) -> None:
    """Keys that do not go together, and fonts that are none."""
    (said,) = wrong(tmp_path, written)
    assert told in said


def test_positions_of_lines_are_their_texts(tmp_path: Path) -> None:
    """An editor opens the file there."""
    at = spoken(tmp_path).at
    assert isinstance(at, Position)
    assert at.file == "episodes/e01.yaml"
