"""How a model wants its prompts written, as data: the form of a beat, of a spoken line, and of what must not be there.

A form is a template and who says that the model wants it so. Another form changes prompts and fingerprints, never what
a producer wishes, so nothing is bought again for it. Templates are checked where they are defined: a wrong one raises
ValueError, with all that it may hold.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from string import Formatter

from storyboard.shot import Unwanted
from storyboard.text.decimals import plain_decimal

TAILFRAMES_OWN = "Tailframe's own, where nobody says otherwise"
"""The source of a form that stands on no vendor's page, and that nobody has reported on."""


class Clock(StrEnum):
    """How a time within a shot is written."""

    SECONDS = "seconds"  # 2.5
    MINUTES = "minutes"  # 0:02.5


def _fields(template: str, *, needed: set[str], allowed: set[str]) -> set[str]:
    """The fields of a template. Raises ValueError where one is missing, unknown, there twice, or more than a name."""
    shown = ", ".join(f"{{{name}}}" for name in sorted(allowed))
    try:
        parts = list(Formatter().parse(template))
    except ValueError as error:
        raise ValueError(f"{template!r} is no template ({error}); it may hold {shown}") from None
    names = [name for _, name, _, _ in parts if name is not None]
    plain = not any(layout or conversion for _, _, layout, conversion in parts)
    if not plain or len(set(names)) < len(names) or not needed <= set(names) <= allowed:
        wanted = ", ".join(f"{{{name}}}" for name in sorted(needed))
        raise ValueError(f"{template!r} must hold {wanted} once each, and nothing in braces beside {shown}")
    return set(names)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """A template, who says that a model wants it so ("users report …" is a source too), and the month of that."""

    template: str
    source: str = TAILFRAMES_OWN
    as_of: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BeatForm(Form):
    """A beat: `{start}`, `{end}` (the next beat's start, or the shot's end) and `{text}`.

    `open_template`, without `{end}`, is for the last beat of a shot whose length the vendor chooses; it is needed
    exactly where the template has an `{end}`.
    """

    open_template: str = ""
    clock: Clock = Clock.SECONDS

    def __post_init__(self) -> None:
        used = _fields(self.template, needed={"start", "text"}, allowed={"start", "end", "text"})
        if bool(self.open_template) != ("end" in used):
            raise ValueError(f"open_template is needed exactly where the template has an {{end}}: {self.template!r}")
        if self.open_template:
            _fields(self.open_template, needed={"start", "text"}, allowed={"start", "text"})

    def write(self, text: str, start_s: Decimal, end_s: Decimal | None) -> str:
        """One beat. `end_s` is None where nobody knows when it ends."""
        start = clock_time(start_s, self.clock)
        if end_s is not None:
            return self.template.format(start=start, end=clock_time(end_s, self.clock), text=text)
        return (self.open_template or self.template).format(start=start, text=text)


@dataclass(frozen=True, slots=True, kw_only=True)
class DialogueForm(Form):
    """A spoken line: `{speaker}` and `{line}`."""

    def __post_init__(self) -> None:
        _fields(self.template, needed={"speaker", "line"}, allowed={"speaker", "line"})

    def write(self, speaker: str, line: str) -> str:
        """One line."""
        return self.template.format(speaker=speaker, line=line)


@dataclass(frozen=True, slots=True, kw_only=True)
class WithoutForm(Form):
    """A thing that must not be in the clip: `{unwanted}`, a sentence for each of them."""

    def __post_init__(self) -> None:
        _fields(self.template, needed={"unwanted"}, allowed={"unwanted"})

    def write(self, unwanted: Unwanted) -> str:
        """One thing's sentence."""
        return self.template.format(unwanted=UNWANTED[unwanted])


UNWANTED: Mapping[Unwanted, str] = {
    Unwanted.CAPTIONS: "burnt-in captions or subtitles",
    Unwanted.MUSIC: "music",
}
"""What stands for `{unwanted}`."""

PROSE_BEATS = BeatForm(template="From {start} s: {text}")
MARKED_BEATS = BeatForm(
    template="[{start}-{end}] {text}",
    open_template="[{start}-end] {text}",
    clock=Clock.MINUTES,
    source="users report that the successor of Seedance 2.0 follows marks better than times in prose",
    as_of="2026-10",
)
SPOKEN_LINES = DialogueForm(template='{speaker} says: "{line}"')
PLAIN_WITHOUT = WithoutForm(template="No {unwanted}.")


@dataclass(frozen=True, slots=True, kw_only=True)
class PromptForms:
    """How one model wants its prompts written."""

    beat: BeatForm = PROSE_BEATS
    dialogue: DialogueForm = SPOKEN_LINES
    without: WithoutForm = PLAIN_WITHOUT


DEFAULT_FORMS = PromptForms()


def clock_time(seconds: Decimal, clock: Clock) -> str:
    """A time within a shot, exact to its last decimal: `2.5` or `0:02.5`."""
    if clock is Clock.SECONDS:
        text = plain_decimal(seconds)
        return text if "." in text else f"{text}.0"
    minutes, rest = divmod(seconds, 60)
    whole, _, fraction = plain_decimal(rest).partition(".")
    return f"{minutes:.0f}:{whole:0>2}{'.' if fraction else ''}{fraction}"
