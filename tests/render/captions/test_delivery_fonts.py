"""Words in deliveries stand in the project's own font wherever it names one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from render.captions.caption_fonts import caption_font
from render.captions.delivery_fonts import delivery_font
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.shot import Episode

LAUNDRETTE = Path("projects/laundrette")
TILT_NEON = "fonts/TiltNeon-Regular.ttf"


@pytest.fixture(scope="module")
def episode() -> Episode:
    """One whose series names a font for its cards alone."""
    return expand(load_project(LAUNDRETTE), "e01")


def family(episode: Episode, text: str, files: Path = LAUNDRETTE) -> str:
    """In which font it would be drawn."""
    return delivery_font(episode, [text], "de", lambda source: files / source)[0].family


def test_the_font_of_the_subtitles_comes_first_then_that_of_the_cards(episode: Episode, tmp_path: Path) -> None:
    """The series' own, also where the episode shows no card, or a card's that alone names one."""
    rules = episode.subtitles
    assert rules is not None
    assert (rules.font, rules.card_fonts) == (None, (TILT_NEON,))
    assert family(episode, "Grüße vom Mond") == "Tilt Neon"
    assert family(replace(episode, cards=()), "Grüße vom Mond") == "Tilt Neon"
    assert family(replace(episode, subtitles=replace(rules, card_fonts=())), "Grüße") == "Tilt Neon"

    own = caption_font(["A"], None)
    (tmp_path / "own.ttf").write_bytes(own.content)
    named = replace(episode, subtitles=replace(rules, font="own.ttf"))
    assert family(named, "Grüße", tmp_path) == own.family != "Tilt Neon"
    font, note = delivery_font(named, ["灯"], "zh", lambda source: tmp_path / source)
    assert (font.family, "no glyph for 灯" in (note or "")) == (own.family, True)


def test_a_font_of_cards_without_the_letters_is_left_out(episode: Episode) -> None:
    """Nobody named it for these words; so another one of this machine draws them."""
    assert family(episode, "Луна") == caption_font(["Луна"], None, "ru").family != "Tilt Neon"
