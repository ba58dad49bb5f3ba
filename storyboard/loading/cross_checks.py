"""What must hold beyond the shape of a single value: ids used once, files that exist, one place for one default."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from storyboard.errors import Position
from storyboard.loading.named_files import (
    Named,
    NamedSource,
    card_sources,
    episode_references,
    episode_sources,
    series_references,
    series_sources,
)
from storyboard.loading.reference_checks import Contradiction, contradictions
from storyboard.loading.subtitle_checks import subtitle_contradictions
from storyboard.model import CardFile, EpisodeFile, SeriesFile
from storyboard.paths import ProjectFolder
from storyboard.source import Path, Positions


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong with the value at a path. Without that value the rest is sound."""

    path: Path
    at: Position
    message: str


def series_findings(series: SeriesFile, positions: Positions, folder: ProjectFolder) -> Iterator[Finding]:
    """What is wrong with a series whose shape is right."""
    yield from _names_used_twice(series, positions)
    yield from _bad_sources(series_sources(series), positions, folder)
    yield from _contradictory(contradictions(series_references(series)), positions)
    yield from _contradictory(subtitle_contradictions(series), positions)


def episode_findings(episode: EpisodeFile, positions: Positions, folder: ProjectFolder) -> Iterator[Finding]:
    """What is wrong with an episode whose shape is right."""
    scenes = [(("scenes", index), scene.id) for index, scene in enumerate(episode.scenes)]
    yield from _ids_used_twice("scene", scenes, positions)
    for s, scene in enumerate(episode.scenes):
        shots = [(("scenes", s, "shots", index), shot.id) for index, shot in enumerate(scene.shots)]
        yield from _ids_used_twice("shot", shots, positions)
    yield from _written_in_two_places(episode, positions)
    yield from _bad_sources(episode_sources(episode), positions, folder)
    yield from _contradictory(contradictions(episode_references(episode)), positions)


def card_findings(card: CardFile, positions: Positions, folder: ProjectFolder) -> Iterator[Finding]:
    """What is wrong with a card whose shape is right."""
    yield from _bad_sources(card_sources(card), positions, folder)
    for index, item in enumerate(card.texts):
        if card.roll is not None and index and item.at is not None:
            path = ("texts", index, "at")
            message = "as this card rolls, its texts stand below one another; `at` goes with the first alone"
            yield Finding(path, positions.key(path), message)


def _names_used_twice(series: SeriesFile, positions: Positions) -> Iterator[Finding]:
    first: dict[str, Path] = {}
    for kind in ("cast", "props", "locations"):
        for name in getattr(series, kind):
            path = (kind, name)
            if name in first:
                before = first[name]
                message = (
                    f"{name!r} is also the name of one of the {before[0]}, at {positions.key(before)}; "
                    "prompts call cast, props and locations by name, so each name is used once"
                )
                yield Finding(path, positions.key(path), message)
            first.setdefault(name, path)


def _ids_used_twice(what: str, ids: Iterable[tuple[Path, str]], positions: Positions) -> Iterator[Finding]:
    first: dict[str, Position] = {}
    for path, id_ in ids:
        at = positions.value((*path, "id"))
        if id_ in first:
            yield Finding(path, at, f"the {what} id {id_!r} is used twice; the first is at {first[id_]}")
        first.setdefault(id_, at)


def _written_in_two_places(episode: EpisodeFile, positions: Positions) -> Iterator[Finding]:
    owners: list[tuple[Path, object]] = [((), episode)]
    owners += [(("scenes", index), scene) for index, scene in enumerate(episode.scenes)]
    for path, owner in owners:
        for key in ("location", "style"):
            if getattr(owner, key, None) is None or getattr(getattr(owner, "defaults", None), key, None) is None:
                continue
            inner = (*path, "defaults", key)
            message = f"{key!r} is written twice, here and at {positions.key((*path, key))}; keep one of them"
            yield Finding(inner, positions.key(inner), message)


def _bad_sources(sources: Iterable[Named], positions: Positions, folder: ProjectFolder) -> Iterator[Finding]:
    for path, named in sources:
        problem = _problem(named, folder)
        if problem is not None:
            yield Finding(path, positions.value(path), problem)


def _problem(named: NamedSource, folder: ProjectFolder) -> str | None:
    if named.font:
        return folder.font_problem(named.source)
    return folder.problem(named.source, named.kinds, links=named.links)


def _contradictory(found: Iterable[Contradiction], positions: Positions) -> Iterator[Finding]:
    for each in found:
        yield Finding(each.path, positions.value(each.path), each.message)
