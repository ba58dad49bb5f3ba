"""Every file that a series or an episode names, with the path of the value that names it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from storyboard.model import CardFile, EpisodeFile, ReferenceItem, SeriesFile, ShotModel
from storyboard.model.delivery import MusicItem
from storyboard.model.sound import EffectItem, SpokenItem
from storyboard.shot import MediaKind
from storyboard.source import Path

ANY_KIND = frozenset(MediaKind)


@dataclass(frozen=True, slots=True)
class NamedSource:
    """A source, and what it may be."""

    source: str
    kinds: Set[MediaKind] = ANY_KIND
    links: bool = True  # whether an https URL will do
    font: bool = False  # whether it must be a font, and no medium


Named = tuple[Path, NamedSource]
"""The path of a value in its file, and the source that is written there."""


Listed = tuple[Path, Sequence[ReferenceItem]]
"""The path of what lists references, and the references."""


def series_references(series: SeriesFile) -> Iterator[Listed]:
    """Every list of references in the series bible."""
    for id_, member in series.cast.items():
        yield ("cast", id_), member.references
        for name, look in member.looks.items():
            yield ("cast", id_, "looks", name), look.references
    for id_, location in series.locations.items():
        yield ("locations", id_), location.references
    for id_, prop in series.props.items():
        yield ("props", id_), prop.references
    for id_, style in series.styles.items():
        yield ("styles", id_), style.references


def episode_references(episode: EpisodeFile) -> Iterator[Listed]:
    """Those of an episode's shots."""
    for s, scene in enumerate(episode.scenes):
        for i, shot in enumerate(scene.shots):
            yield ("scenes", s, "shots", i), shot.references


def series_sources(series: SeriesFile) -> Iterator[Named]:
    """The references of the series bible, fonts of cards and subtitles, and the room tone."""
    for owner, items in series_references(series):
        yield from _references(owner, items)
    yield from _fonts(("card_font",), series.card_font)
    subtitles = series.delivery.subtitles
    if subtitles is not None and subtitles.font is not None:
        yield ("delivery", "subtitles", "font"), NamedSource(subtitles.font, links=False, font=True)
    if series.mix.room_tone not in {"auto", "none"}:
        yield ("mix", "room_tone"), _sound(series.mix.room_tone)


def episode_sources(episode: EpisodeFile) -> Iterator[Named]:
    """The music of an episode and its scenes, the fonts of its cards, and the files of its shots."""
    yield from _music((), episode.music)
    for index, cue in enumerate(episode.cues):
        yield ("cues", index, "source"), _sound(cue.source)
    yield from _fonts(("card_font",), episode.card_font)
    for s, scene in enumerate(episode.scenes):
        yield from _music(("scenes", s), scene.music)
        for i, shot in enumerate(scene.shots):
            yield from _frames(("scenes", s, "shots", i), shot)
            yield from _references(("scenes", s, "shots", i), shot.references)
            yield from _sounds(("scenes", s, "shots", i), shot)


def card_sources(card: CardFile) -> Iterator[Named]:
    """The picture and the fonts of a card."""
    if card.background.picture is not None:
        picture = NamedSource(card.background.picture, frozenset({MediaKind.IMAGE}), links=False)
        yield ("background", "picture"), picture
    for index, item in enumerate(card.texts):
        yield from _fonts(("texts", index, "font"), item.font)


def _fonts(owner: Path, fonts: Sequence[str] | None) -> Iterator[Named]:
    """Each font of what may be written as one path or as a list of them."""
    for index, font in enumerate(fonts or ()):
        yield (*owner, index), NamedSource(font, font=True)


def _frames(owner: Path, shot: ShotModel) -> Iterator[Named]:
    for name, item in (("first_frame", shot.first_frame), ("last_frame", shot.last_frame)):
        if item is not None and item.source is not None:  # a shot's own frame names no file
            yield (*owner, name, "source"), NamedSource(item.source, frozenset({MediaKind.IMAGE}))


def _music(owner: Path, music: MusicItem | None) -> Iterator[Named]:
    if music is not None:
        yield (*owner, "music", "source"), _sound(music.source)


def _sounds(owner: Path, shot: ShotModel) -> Iterator[Named]:
    """The recordings of a shot's lines, and its effects."""
    listed: dict[str, Sequence[SpokenItem | EffectItem]] = {
        "dialogue": shot.dialogue,
        "narration": shot.narration,
        "effects": shot.effects,
    }
    for name, items in listed.items():
        for index, item in enumerate(items):
            if item.file is not None:
                yield (*owner, name, index, "file"), _sound(item.file)


def _sound(source: str) -> NamedSource:
    return NamedSource(source, frozenset({MediaKind.AUDIO}), links=False)


def _references(owner: Path, items: Sequence[ReferenceItem]) -> Iterator[Named]:
    for index, item in enumerate(items):
        if item.source is not None:  # an own take names no file
            yield (*owner, "references", index, "source"), NamedSource(item.source)
