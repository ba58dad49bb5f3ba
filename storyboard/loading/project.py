"""A loaded project: its models, and where everything in them is written."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from storyboard.errors import Mistake, Position
from storyboard.loading.named_files import card_sources, episode_sources, series_sources
from storyboard.model import CardFile, EpisodeFile, SeriesFile
from storyboard.paths import is_url
from storyboard.source import Positions, Text

SERIES_FILE = "series.yaml"
_MOST_LINES_SEARCHED = 2_000


@dataclass(frozen=True, slots=True)
class Sheet:
    """One YAML file of a project: its text, and where its values stand."""

    text: Text
    positions: Positions


@dataclass(frozen=True, slots=True)
class Project:
    """A series and its episodes, as written. Files are named relative to `root`, with forward slashes."""

    root: Path
    series: SeriesFile
    episodes: Mapping[str, EpisodeFile]
    sheets: Mapping[str, Sheet] = field(repr=False)
    respelled: Mapping[str, str] = field(default_factory=dict)  # paths, by how the YAML spells them
    cards: Mapping[str, CardFile | None] = field(default_factory=dict)  # by name; None: its file cannot be used

    def at(self, file: str, *path: str | int) -> Position:
        """Where the value at this path is written, or the nearest existing one that holds it."""
        sheet = self.sheets.get(file)
        return sheet.positions.value(path) if sheet else Position(file)

    def excerpt(self, position: Position) -> str:
        """The line of a position."""
        sheet = self.sheets.get(position.file)
        return sheet.text.excerpt(position) if sheet else ""

    def within(self, start: Position, text: str, nth: int = 0, offset: int = 0) -> Position:
        """Where a part of a value is written, from the value's beginning on, however its YAML is wrapped.

        It begins `offset` characters into the `nth` (from 0) of these texts; where there is none, there is the start.
        """
        seen = 0
        for line in range(start.line, start.line + _MOST_LINES_SEARCHED) if text else ():
            written = self.excerpt(Position(start.file, line, 1_000_000))
            column = written.find(text, start.column - 1 if line == start.line else 0)
            while column >= 0:
                if seen == nth:
                    return Position(start.file, line, column + 1 + offset)
                seen, column = seen + 1, written.find(text, column + 1)
        return start

    def mistake(self, at: Position, message: str) -> Mistake:
        """A mistake in one of the files, with its line."""
        return Mistake(at, message, self.excerpt(at))

    def episode_file(self, episode_id: str) -> str:
        """The file that an episode is written in: `episodes/e01.yaml`."""
        return episode_file(episode_id)

    def files(self) -> tuple[str, ...]:
        """Every file of the folder that the project uses, as its folder spells it, sorted: YAML and what it names."""
        local = (self.on_disk(source) for source in self.sources() if not is_url(source))
        return tuple(sorted({*self.sheets, *local}))

    def on_disk(self, source: str) -> str:
        """A path that the YAML names, as its folder spells it: letters with marks are one sign or two."""
        return self.respelled.get(source, source)

    def sources(self) -> Iterator[str]:
        """Every path and link that the YAML names."""
        for _, item in series_sources(self.series):
            yield item.source
        for episode in self.episodes.values():
            for _, item in episode_sources(episode):
                yield item.source
        for card in self.cards.values():
            for _, item in card_sources(card) if card else ():
                yield item.source


def episode_file(episode_id: str) -> str:
    """The file that an episode is written in."""
    return f"episodes/{episode_id}.yaml"


def card_file(name: str) -> str:
    """The file that a card is written in."""
    return f"cards/{name}.yaml"
