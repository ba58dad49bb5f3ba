"""Subtitles as a producer writes them: languages, limits, and whether they stand in the picture itself."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Self

from pydantic import AfterValidator, Field, StrictInt, StrictStr, WithJsonSchema, model_validator

from storyboard.languages import tag_problem
from storyboard.model.fields import PROSE, Number, Truth, Written, no_name_twice, wrong

LANGUAGE_TAG = r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*$"
"""What editors check of a language tag; `storyboard.languages` knows more."""

LANGUAGE_OR_NONE = r"^(none|[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8})*)$"
NO_LANGUAGE = "none"


def _tag(written: str) -> str:
    problem = tag_problem(written)
    if problem is not None:
        raise wrong(problem)
    return written


def _tag_or_none(written: str) -> str:
    return written if written == NO_LANGUAGE else _tag(written)


LanguageTag = Annotated[StrictStr, AfterValidator(_tag), WithJsonSchema({"type": "string", "pattern": LANGUAGE_TAG})]
"""A language as BCP 47 writes it."""

LanguageOrNone = Annotated[
    StrictStr, AfterValidator(_tag_or_none), WithJsonSchema({"type": "string", "pattern": LANGUAGE_OR_NONE})
]
FontSource = Annotated[StrictStr, Field(min_length=1, max_length=2_000, examples=["fonts/NotoSans-Regular.ttf"]), PROSE]


class SubtitleLimits(Written):
    """What a subtitle may hold, and how long it may stand."""

    max_line: Annotated[StrictInt, Field(ge=4, le=100)] | None = Field(
        None,
        description="Characters of a line at most. By default 42; 16 in Chinese and Korean, 13 in Japanese, where a "
        "sign of half width counts as a half. In a picture that is higher than wide three quarters of that.",
    )
    max_lines: Annotated[StrictInt, Field(ge=1, le=4)] | None = Field(
        None, description="Lines that stand together at most. By default 2."
    )
    max_cps: Annotated[Number, Field(ge=1, le=60)] | None = Field(
        None,
        description="Characters a second that can be read. By default 17; 12 in Chinese, Japanese and Korean. `check` "
        "and `plan` tell what stands too short for it.",
    )
    min_s: Annotated[Number, Field(gt=0, le=10)] | None = Field(
        None, description="Seconds that a subtitle stands at least, where its shot has them. By default 0.8."
    )
    max_s: Annotated[Number, Field(ge=1, le=60)] | None = Field(
        None, description="Seconds that it stands at most, where nobody knows how long it is heard. By default 7."
    )

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.min_s is not None and self.max_s is not None and self.min_s > self.max_s:
            raise wrong("must have a `min_s` that is not more than its `max_s`")
        return self


class SubtitleTexts(Written):
    """In which languages there are subtitles, and how they look where they stand in the picture."""

    languages: Annotated[tuple[LanguageTag, ...], Field(min_length=1, max_length=40), AfterValidator(no_name_twice)] | (
        None
    ) = Field(
        None,
        description="The languages, each by its BCP 47 tag: en, pt-BR, zh-Hant. Lines need `translations` into all but "
        "the series' own `language`. By default that one alone.",
    )
    burn_in: LanguageOrNone | None = Field(
        None, description="The language whose subtitles stand in the picture itself, for good. By default none."
    )
    font: FontSource | None = Field(
        None,
        description="Font for what is burnt in: path of a ttf, otf or ttc within the project. By default one that has "
        "the characters: the one that comes along, else the first of this machine.",
    )
    size: Annotated[Number, Field(ge=2, le=20)] | None = Field(
        None,
        description="Size of letters that are burnt in, in percent of the picture's shorter side. By default 5.",
    )
    speakers: Truth = Field(
        False, description="Whether who speaks is named where that changes, for viewers who cannot hear it."
    )
    by_language: Mapping[LanguageTag, SubtitleLimits] = Field(
        {}, description="Limits of single languages, where they differ."
    )


class Subtitles(SubtitleLimits, SubtitleTexts):
    """The words that are spoken, to be read: files beside the master, a track in it, and, if wanted, in the picture."""
