"""What is printed of a shot: its panel, with all that a producer wrote of it, as people read it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from storyboard.bind.wordings import plain
from storyboard.shot import Episode, Shot
from storyboard.text.decimals import plain_decimal
from storyboard.text.printable import one_line


class Standing(StrEnum):
    """How a shot stands, in the words that its panel says."""

    MADE = "made"
    STALE = "made for an earlier version"
    NOT_MADE = "not made yet"
    GONE = "its clip is missing"
    WAIVED = "waived"


class Part(StrEnum):
    """Which of a shot's texts a paragraph is."""

    PICTURE = "picture"
    CAMERA = "camera"
    DIALOGUE = "dialogue"
    SOUND = "sound"
    NOTES = "notes"


_TOLD = {
    Standing.NOT_MADE: "not made yet",
    Standing.GONE: "without a clip",
    Standing.STALE: "made for an earlier version",
    Standing.WAIVED: "waived",
}
"""What the summary counts."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One text of a panel. `label` is what stands before it: whose line it is, when a beat begins, "Camera"."""

    part: Part
    label: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One shot as it is printed."""

    key: str  # SCENE/SHOT
    scene: str
    scene_title: str  # empty where it has none
    length: str  # "4.5 s", "auto"
    standing: Standing
    paragraphs: tuple[Paragraph, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Board:
    """A whole episode as it is printed: what every page says at its head, and the panels in story order."""

    series: str  # its title
    episode: str  # its id and title
    summary: str  # "12 shots, 43.5 s, 2 not made yet"
    ratio: Fraction  # of the frames, width by height
    panels: tuple[Panel, ...]


def board_of(
    episode: Episode,
    standings: Mapping[str, Standing],
    lengths_s: Mapping[str, Fraction | None],
    noted: Mapping[str, Sequence[Paragraph]] = MappingProxyType({}),
) -> Board:
    """The episode for print. All mappings are by SCENE/SHOT; a length of None is not known yet, in seconds.

    `noted` is what people noted of the take that is shown, beside the producer's own notes.
    """
    panels = tuple(
        _panel(shot, standings[shot.key], lengths_s[shot.key], noted.get(shot.key, ())) for shot in episode.shots
    )
    return Board(
        series=one_line(episode.series_title),
        episode=f"{episode.episode}  {one_line(episode.title)}".strip(),
        summary=", ".join(_summary(panels, lengths_s)),
        ratio=Fraction(episode.master.width, episode.master.height),
        panels=panels,
    )


def seconds(length_s: Fraction | None) -> str:
    """A length as it is printed, to a hundredth of a second: "4.5 s"; "auto" where it is not known."""
    return "auto" if length_s is None else f"{plain_decimal(Decimal(round(length_s * 100)) / 100)} s"


def _summary(panels: tuple[Panel, ...], lengths_s: Mapping[str, Fraction | None]) -> Iterator[str]:
    count = len(panels)
    yield f"{count} {'shot' if count == 1 else 'shots'}"
    shown = [lengths_s[panel.key] for panel in panels if panel.standing is not Standing.WAIVED]
    known = sum((length_s for length_s in shown if length_s is not None), Fraction(0))
    yield seconds(known) + (" and more" if None in shown else "")
    for standing, words in _TOLD.items():
        if some := sum(panel.standing is standing for panel in panels):
            yield f"{some} {words}"


def _panel(shot: Shot, standing: Standing, length_s: Fraction | None, noted: Sequence[Paragraph]) -> Panel:
    return Panel(
        key=shot.key,
        scene=shot.scene,
        scene_title=one_line(shot.scene_title),
        length=seconds(length_s),
        standing=standing,
        paragraphs=tuple(each for each in (*_paragraphs(shot), *noted) if each.text),
    )


def _paragraphs(shot: Shot) -> Iterator[Paragraph]:
    """In the order in which they are read on a set: what is seen, how, what is said, what is heard, and the rest."""
    yield Paragraph(Part.PICTURE, "", one_line(plain(shot.prompt)))
    for beat in shot.beats:
        yield Paragraph(Part.PICTURE, f"at {plain_decimal(beat.at_s)} s", one_line(plain(beat.prompt)))
    yield Paragraph(Part.CAMERA, "Camera", one_line(plain(shot.camera)))
    for line in shot.dialogue:
        yield Paragraph(Part.DIALOGUE, one_line(line.label), one_line(line.text))
    yield Paragraph(Part.SOUND, "Sound", one_line(plain(shot.sound)))
    for number, text in enumerate(filter(None, map(one_line, shot.notes.split("\n\n")))):
        yield Paragraph(Part.NOTES, "" if number else "Notes", text)
