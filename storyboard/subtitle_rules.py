"""How an episode's subtitles are to be made, with every default filled in. Pure.

The defaults are those that broadcasters and streaming services ask of subtitles: two lines of 42 letters, 17 letters a
second; in Chinese, Japanese and Korean fewer, as each sign says more. A sign of full width counts as one there, one of
half width as a half.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from enum import StrEnum

from storyboard.errors import Position
from storyboard.languages import primary

FULL_WIDTH = frozenset({"ja", "ko", "zh"})
"""Languages whose signs take the width of two letters."""

_MOST_IN_LINE = {"ja": 13, "ko": 16, "zh": 16}
_MOST_A_SECOND = Decimal(12)
_UPRIGHT = Decimal("0.75")
"""How much of a line's letters stands side by side in a picture that is higher than wide."""


class SubtitlePlace(StrEnum):
    """Where the subtitle of a line stands in the picture, or that it has none."""

    BOTTOM = "bottom"
    TOP = "top"
    NONE = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a subtitle may hold, and how long it may stand. `max_cps` counts characters a second."""

    max_line: int = 42
    max_lines: int = 2
    max_cps: Decimal = Decimal(17)
    min_s: Decimal = Decimal("0.8")
    max_s: Decimal = Decimal(7)


@dataclass(frozen=True, slots=True, kw_only=True)
class SubtitleRules:
    """The subtitles of a series: in which languages, within which limits, and what becomes of them.

    `languages` are BCP 47 tags, the first of which is shown first in lists; `limits` has those of each. `size` is that
    of letters that are burnt in, in percent of the picture's shorter side.
    """

    languages: tuple[str, ...]
    limits: Mapping[str, Limits] = field(default_factory=dict, hash=False)
    speakers: bool = False  # whether each line begins with who speaks
    burn_in: str | None = None  # the language that stands in the picture itself
    font: str | None = None  # path within the project; None: one that has the signs
    card_fonts: tuple[str, ...] = ()  # those of the series' cards, for words in deliveries where `font` is None
    size: Decimal = Decimal(5)
    at: Position | None = field(default=None, compare=False)  # of the font, or of all of it

    def of(self, language: str) -> Limits:
        """The limits of one language."""
        return self.limits.get(language) or usual_limits(language)


def usual_limits(language: str, *, upright: bool = False) -> Limits:
    """What holds for a language where a producer says nothing. `upright`: in a picture that is higher than wide."""
    own = primary(language)
    limits = Limits()
    if own in FULL_WIDTH:
        limits = replace(limits, max_line=_MOST_IN_LINE[own], max_cps=_MOST_A_SECOND)
    return replace(limits, max_line=round(limits.max_line * _UPRIGHT)) if upright else limits
