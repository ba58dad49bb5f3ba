"""Fills the texts of a card: names in braces by what the series says of them, lists by their rows."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storyboard.bind.prompt_template import BadTemplate, Vocabulary, mentions, render
from storyboard.bind.wordings import plain
from storyboard.card_piece import Align, Anchor, CardText, Rows
from storyboard.errors import Position
from storyboard.expand.bible_lookup import Bible
from storyboard.loading import Project
from storyboard.model import EpisodeFile, SceneModel, SeriesFile
from storyboard.model.cards import CreditItem, TextItem
from storyboard.shot import Shot

Blame = Callable[[Position, str], None]
"""Is told where something is wrong, and what."""

CARDS = Vocabulary(
    "Cards may hold names such as {{ episode.title }} and {# comments #}, and nothing else of Jinja2",
    "name that this card knows",
    "a card",
    keeps_lines=True,
)
MOST_LETTERS = 2_000
"""Letters of a paragraph at most, with its names filled in: many times what a picture has room for."""

_JOINING = "\u200c\u200d\u200e\u200f\u061c"
"""Not seen, and rightly there: they join letters or part them, and say which way a mark belongs."""


@dataclass(frozen=True, slots=True)
class Values:
    """What the texts of one card may show: names in braces (None: it has no value), and rows of lists."""

    names: Mapping[str, str | None]
    rows: Mapping[Rows, tuple[tuple[str, ...], ...]]


def values_of(
    series: SeriesFile, episode: EpisodeFile, bible: Bible, shots: Sequence[Shot], scene: SceneModel | None
) -> Values:
    """What may stand on a card of this episode; on a scene's, with what it is of."""
    number = re.findall("[0-9]+", episode.episode)
    names = {
        "series.title": series.title,
        "series.id": series.series,
        "episode.title": episode.title,
        "episode.id": episode.episode,
        "episode.number": str(int(number[-1])) if number else None,
        "episode.released": episode.released,
    }
    if scene is not None:
        location = bible.named.get(scene.location or scene.defaults.location or "")
        names |= {
            "scene.title": scene.title or scene.id,
            "scene.id": scene.id,
            "scene.location": location.label if location else None,
        }
    rows = {Rows.CREDITS: _credits((*episode.credits, *series.credits)), Rows.CAST: _cast(bible, shots)}
    return Values(names, rows)


def _credits(written: Sequence[CreditItem]) -> tuple[tuple[str, ...], ...]:
    """A row for each name; the role stands beside the first."""
    found: list[tuple[str, ...]] = []
    for item in written:
        for place, name in enumerate(item.name):
            found.append((name,) if item.role is None else (item.role if place == 0 else "", name))
    return tuple(found)


def _cast(bible: Bible, shots: Sequence[Shot]) -> tuple[tuple[str, ...], ...]:
    """Who is called in any of these shots, in the order of the bible."""
    called = {
        name.partition(".")[0]
        for shot in shots
        for name in [
            *(each.cast for each in shot.dialogue),
            *(each for text in (shot.prompt, shot.camera, shot.sound) for each in mentions(text)),
            *(each for beat in shot.beats for each in mentions(beat.prompt)),
        ]
    }
    return tuple((entry.label,) for name, entry in bible.named.items() if name in bible.cast and name in called)


@dataclass(frozen=True, slots=True)
class Filling:
    """The texts of one card being filled: from where they come, and who is told what is wrong."""

    project: Project
    values: Values
    fonts: tuple[str, ...]  # of texts that name none
    fonts_at: tuple[Position, ...]
    used_at: Position  # where the use of the card is written
    file: str | None  # the card's; None: it is a built-in one
    blame: Blame

    def text(self, item: TextItem, index: int, anchor: Anchor) -> CardText | None:
        """One text; None where it has nothing to say."""
        rows = self._rows(item, index)
        if not rows:
            return None
        fonts_at = tuple(self._at("texts", index, "font", place) for place in range(len(item.font or ())))
        return CardText(
            rows=tuple(tuple(map(str.upper, row)) for row in rows) if item.uppercase else rows,
            fonts=item.font or self.fonts,
            size=item.size,
            colour=item.colour,
            align=item.align or _as_anchored(anchor),
            width=item.width,
            line_spacing=item.line_spacing,
            tracking=item.tracking,
            gap=item.gap,
            shadow=item.shadow,
            at=self._at("texts", index, "text" if item.rows is None else "rows"),
            fonts_at=fonts_at if item.font else self.fonts_at,
        )

    def _at(self, *path: str | int) -> Position:
        return self.used_at if self.file is None else self.project.at(self.file, *path)

    def _rows(self, item: TextItem, index: int) -> tuple[tuple[str, ...], ...]:
        at = self._at("texts", index, "text")
        if item.rows is not None:
            rows = self.values.rows[item.rows]
        else:
            written = self._filled(item.text or "", at)
            rows = tuple((line.strip(),) for line in written.strip().splitlines()) if written else ()
        for cell in (cell for row in rows for cell in row):
            if len(cell) > MOST_LETTERS:
                self.blame(
                    at, f"this text has {len(cell):,} letters, and {MOST_LETTERS:,} is the most for one paragraph"
                )
                return ()
            if unfit := _unfit(cell):
                self.blame(at, f"this text holds {unfit}, which nobody sees; write it anew by hand")
                return ()
        return rows

    def _filled(self, template: str, at: Position) -> str | None:
        """The text with its names filled in; None where one of them has no value."""
        names = {name: value or "" for name, value in self.values.names.items()}
        try:
            wording = render(template, names, CARDS)
        except BadTemplate as bad:
            for finding in bad.findings:
                there = self.project.within(at, finding.text, finding.nth, finding.offset)
                self.blame(there, finding.message)
            return None
        missing = any(self.values.names[name] is None for name in mentions(wording))
        return None if missing else plain(wording)


def _as_anchored(anchor: Anchor) -> Align:
    return (Align.LEFT, Align.CENTER, Align.RIGHT)[int(anchor.across * 2)]


def _unfit(text: str) -> str:
    """The first sign that would turn letters round or is not seen, by number and name; empty where there is none."""
    for sign in text:
        if sign not in _JOINING and unicodedata.category(sign) in {"Cc", "Cf", "Cs", "Co", "Cn"}:
            return f"U+{ord(sign):04X} {unicodedata.name(sign, '')}".strip()
    return ""
