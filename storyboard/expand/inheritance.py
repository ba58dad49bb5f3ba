"""Defaults fall from series to episode to scene to shot. The nearest wins, and it is known where it was written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from storyboard.errors import Mistake, Position
from storyboard.loading import Project
from storyboard.model import EpisodeFile, SceneModel, ShotModel
from storyboard.shot_key import local_key

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """One place that may set a value: something written, and where."""

    written: Any
    file: str
    path: Path


@dataclass(frozen=True, slots=True)
class Inherited:
    """A value and where it was written; `own` if the shot says it itself."""

    value: Any
    file: str
    path: Path
    own: bool


@dataclass(frozen=True, slots=True)
class Place:
    """One shot in the project: its models, where they are written, and what falls down to it."""

    project: Project
    episode: EpisodeFile
    scene: SceneModel
    shot: ShotModel
    scene_index: int
    shot_index: int
    index: int  # in the story

    @property
    def key(self) -> str:
        """`SCENE/SHOT`."""
        return local_key(self.scene.id, self.shot.id)

    @property
    def file(self) -> str:
        """The episode's file."""
        return self.project.episode_file(self.episode.episode)

    @property
    def path(self) -> Path:
        """Where in the file the shot is written."""
        return ("scenes", self.scene_index, "shots", self.shot_index)

    def at(self, *within: str | int) -> Position:
        """Where a part of the shot is written; the shot itself where it does not say it."""
        return self.project.at(self.file, *self.path, *within)

    def mistake(self, at: Position, message: str) -> Mistake:
        """A mistake in this shot, or in what falls down to it."""
        return self.project.mistake(at, message)

    def inherit(self, name: str) -> Inherited:
        """The nearest value of an inheritable field; None, at the shot, where nobody says anything."""
        return self._nearest(name, self._levels())

    def inherit_transition(self) -> Inherited:
        """The way into this shot: its scene's own leads into the first of its shots alone, and nothing that falls down
        leads into the first of the episode, which follows no other."""
        own, scene, *rest = self._levels()
        levels = [own] if self.shot_index else [own, scene]
        return self._nearest("transition", levels + rest if self.index else levels)

    def _nearest(self, name: str, levels: Iterable[Level]) -> Inherited:
        for level in levels:
            value = getattr(level.written, name, None)
            if value is not None:
                return Inherited(value, level.file, (*level.path, name), level.path == self.path)
        return Inherited(None, self.file, self.path, own=True)

    def value(self, name: str, otherwise: Any) -> Any:
        """The nearest value of an inheritable field, or what holds where nobody says anything."""
        value = self.inherit(name).value
        return otherwise if value is None else value

    def inherited_at(self, name: str) -> Position:
        """Where the nearest value of a field is written."""
        found = self.inherit(name)
        return self.project.at(found.file, *found.path)

    def _levels(self) -> Iterator[Level]:
        scene = ("scenes", self.scene_index)
        yield Level(self.shot, self.file, self.path)
        yield Level(self.scene, self.file, scene)
        yield Level(self.scene.defaults, self.file, (*scene, "defaults"))
        yield Level(self.episode, self.file, ())
        yield Level(self.episode.defaults, self.file, ("defaults",))
        yield Level(self.project.series.defaults, "series.yaml", ("defaults",))


def places(project: Project, episode: EpisodeFile) -> tuple[Place, ...]:
    """Every shot of an episode, in story order."""
    found: list[Place] = []
    for s, scene in enumerate(episode.scenes):
        found += [Place(project, episode, scene, shot, s, i, len(found) + i) for i, shot in enumerate(scene.shots)]
    return tuple(found)
