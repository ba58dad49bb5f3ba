"""What the cut knows of the lines of dialogue: their translations and places, and the rules of their subtitles."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from fractions import Fraction

from storyboard.errors import Position
from storyboard.expand.bible_lookup import SERIES_FILE
from storyboard.expand.inheritance import Place
from storyboard.languages import like
from storyboard.loading import Project
from storyboard.model import DialogueLine, Subtitles
from storyboard.model.subtitles import NO_LANGUAGE, SubtitleLimits
from storyboard.shot import Line, MasterFormat, Translation
from storyboard.subtitle_rules import Limits, SubtitlePlace, SubtitleRules, usual_limits


def subtitle_rules(project: Project, master: MasterFormat) -> SubtitleRules | None:
    """How subtitles are to be made, with every default filled in; None where none are."""
    written, own = project.series.delivery.subtitles, project.series.language
    if written is None or own is None:
        return None
    languages = written.languages or (own,)
    return SubtitleRules(
        languages=languages,
        limits={tag: _limits(written, tag, upright=master.height > master.width) for tag in {own, *languages}},
        speakers=written.speakers,
        burn_in=None if written.burn_in == NO_LANGUAGE else written.burn_in,
        font=written.font,
        card_fonts=project.series.card_font or (),
        at=project.at(SERIES_FILE, "delivery", "subtitles", "font"),
        **({} if written.size is None else {"size": written.size}),
    )


def with_places(line: Line, item: DialogueLine, place: Place, index: int, cut_s: Fraction | None) -> Line:
    """The line with what its subtitles are made of, and where each of them is written."""
    at = ("dialogue", index)
    return replace(
        line,
        translations={
            tag: Translation(text, place.at(*at, "translations", tag)) for tag, text in item.translations.items()
        },
        at_s=None if _is_beyond(item, cut_s) else item.at,
        subtitle=item.subtitle or SubtitlePlace.BOTTOM,
        at=place.at(*at, "line"),
    )


def mistakes_of(item: DialogueLine, place: Place, index: int, cut_s: Fraction | None) -> Iterator[tuple[Position, str]]:
    """What is wrong with the places and the translations of a line. `cut_s`: of its shot in the cut, where known."""
    at = ("dialogue", index)
    if _is_beyond(item, cut_s):
        ends = f"the shot ends at {float(cut_s or 0):g} s in the cut"
        yield place.at(*at, "at"), f"this line is heard at {item.at} s, and {ends}; begin it earlier"
    known = _languages(place.project)
    for tag in item.translations:
        if tag not in known:
            yield place.at(*at, "translations", tag), no_subtitles_in(tag, known)


def _is_beyond(item: DialogueLine, cut_s: Fraction | None) -> bool:
    return item.at is not None and cut_s is not None and item.at >= cut_s


def _languages(project: Project) -> tuple[str, ...]:
    """Into which lines may be translated."""
    subtitles, own = project.series.delivery.subtitles, project.series.language
    listed = (subtitles.languages or ()) if subtitles else ()
    return tuple(dict.fromkeys([*listed, *([own] if own else [])]))


def no_subtitles_in(tag: str, known: Sequence[str]) -> str:
    """What is said of a language that is none of the subtitles', and what to write instead."""
    meant, listed = like(tag, known), ", ".join(known)
    where = f"`delivery: {{subtitles: {{languages: […]}}}}` of {SERIES_FILE}"
    if not known:
        return f"there are no subtitles in {tag}, nor in any language; list their languages as {where}"
    return f"there are no subtitles in {tag}{meant or f', and there are in {listed}; add it to {where}'}"


def _limits(written: Subtitles, tag: str, *, upright: bool) -> Limits:
    """The nearest number wins: the language's own, that of all, what is usual."""
    limits = usual_limits(tag, upright=upright)
    for level in (written, written.by_language.get(tag)):
        if level is not None:
            said = {name: getattr(level, name) for name in SubtitleLimits.model_fields}
            limits = replace(limits, **{name: value for name, value in said.items() if value is not None})
    return limits
