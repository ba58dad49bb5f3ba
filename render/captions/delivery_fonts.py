"""The font in which words are drawn into deliveries: the project's own wherever it names one that has the letters."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from render.captions.caption_fonts import BurnFont, caption_font, font_note
from storyboard.shot import Episode


def delivery_font(
    episode: Episode, texts: Sequence[str], language: str, files: Callable[[str], Path]
) -> tuple[BurnFont, str | None]:
    """The font for these texts of a language, and what to tell of it.

    That is the one of the series' subtitles, else the first of its cards that has all of their characters, else one of
    this machine. `files` gives the file of a source. Raises MediaError as `caption_font` does.
    """
    rules = episode.subtitles
    if rules is not None and rules.font is not None:
        font = caption_font(texts, files(rules.font), language)
        return font, font_note(font, texts)
    for source in _of_cards(episode):
        font = caption_font(texts, files(source), language)
        if not font.lacking(texts):
            return font, None
    return caption_font(texts, None, language), None


def _of_cards(episode: Episode) -> tuple[str, ...]:
    """The fonts of cards, the series' own first."""
    named = () if episode.subtitles is None else episode.subtitles.card_fonts
    used = (font for card in episode.cards for text in card.look.texts for font in text.fonts)
    return tuple(dict.fromkeys([*named, *used]))
