"""Whether what is written of subtitles goes together: the series' language, theirs, and the one that is burnt in."""

from __future__ import annotations

from collections.abc import Iterator

from storyboard.languages import like
from storyboard.loading.reference_checks import Contradiction
from storyboard.model import SeriesFile
from storyboard.model.subtitles import NO_LANGUAGE

_AT = ("delivery", "subtitles")


def subtitle_contradictions(series: SeriesFile) -> Iterator[Contradiction]:
    """Keys under `delivery: {subtitles: …}` that do not go with the rest of the series."""
    subtitles = series.delivery.subtitles
    if subtitles is None:
        return
    if series.language is None:
        yield Contradiction(
            _AT, "subtitles need to know in which language the lines are written; say it as `language: en` at the top"
        )
        return
    languages = subtitles.languages or (series.language,)
    if subtitles.burn_in is not None and subtitles.burn_in not in (NO_LANGUAGE, *languages):
        yield Contradiction((*_AT, "burn_in"), _not_one_of(subtitles.burn_in, languages))
    for tag in subtitles.by_language:
        if tag not in languages:
            yield Contradiction((*_AT, "by_language", tag), _not_one_of(tag, languages))


def _not_one_of(tag: str, languages: tuple[str, ...]) -> str:
    meant = like(tag, languages)
    return f"the subtitles are in {', '.join(languages)}, and not in {tag}{meant or '; add it to `languages`'}"
