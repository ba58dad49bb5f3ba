"""What a caption is, what a track of them is, and what can be wrong with one. Values without any effect."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction

from storyboard.errors import Position


@dataclass(frozen=True, slots=True)
class Interval:
    """A stretch of time, in seconds after a shot's picture begins in the cut."""

    start_s: Fraction
    end_s: Fraction

    @property
    def length_s(self) -> Fraction:
        """How long it is."""
        return self.end_s - self.start_s


@dataclass(frozen=True, slots=True)
class Heard:
    """Where a line is known to be heard, in seconds after its shot's picture begins in the cut.

    `length_s` is that of the line's file; None where only the beginning is written.
    """

    start_s: Fraction
    length_s: Fraction | None = None


@dataclass(frozen=True, slots=True)
class Words:
    """What is said in one language, and where that is written."""

    text: str
    at: Position | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenLine:
    """A line of dialogue or narration as captions need it. `words` has it by language, as far as it is translated."""

    shot: str  # SCENE/SHOT in which it begins
    speaker: str
    words: Mapping[str, Words]
    at: Position | None = None
    heard: Heard | None = None
    top: bool = False  # whether it stands at the top of the picture


@dataclass(frozen=True, slots=True, kw_only=True)
class Caption:
    """Words in the picture, from frame `start` of the master to before frame `end`."""

    language: str
    start: int
    end: int
    lines: tuple[str, ...]  # in logical order, from the top
    speakers: tuple[str, ...]
    at: tuple[Position | None, ...]  # where the text of each of them is written
    shot: str
    top: bool = False

    @property
    def text(self) -> str:
        """Its lines as one text."""
        return "\n".join(self.lines)

    @property
    def frames(self) -> int:
        """For how many frames it stands."""
        return self.end - self.start


class Fault(StrEnum):
    """What can be wrong with a caption."""

    TOO_FAST = "too_fast"  # more letters a second than can be read
    TOO_SHORT = "too_short"  # gone before anybody looks
    TOO_LONG = "too_long"  # stays when it has long been read
    WIDE = "wide"  # a line longer than lines may be
    PAST_SHOT = "past_shot"  # stands in the picture of a later shot
    NO_ROOM = "no_room"  # not shown at all
    UNTRANSLATED = "untranslated"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionFinding:
    """One thing that a producer should know of a line in one language; `message` says what to do."""

    fault: Fault
    language: str
    shot: str
    at: Position | None
    message: str

    def __str__(self) -> str:
        return f"{self.at}: {self.message}" if self.at else f"{self.shot}: {self.message}"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptionTrack:
    """The captions of a master in one language, in order, none over another."""

    language: str
    fps: Fraction
    captions: tuple[Caption, ...]
    findings: tuple[CaptionFinding, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether every line is shown: one that is not is worse than none to a viewer who counts on them."""
        return not any(each.fault in {Fault.UNTRANSLATED, Fault.NO_ROOM} for each in self.findings)


def captions_within(captions: Iterable[Caption], start: int, end: int) -> tuple[Caption, ...]:
    """What stands in these frames of the master, counted from the first of them: the captions of one piece."""
    return tuple(
        replace(each, start=max(each.start, start) - start, end=min(each.end, end) - start)
        for each in captions
        if each.start < end and each.end > start
    )
