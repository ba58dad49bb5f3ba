"""Reads a project's folder: which files there are, and what each of them becomes."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from storyboard.errors import InvalidProject, Mistake, Position
from storyboard.loading.cross_checks import Finding, card_findings, episode_findings, series_findings
from storyboard.loading.draft import Draft
from storyboard.loading.project import SERIES_FILE, Project, Sheet, card_file, episode_file
from storyboard.model import CardFile, EpisodeFile, SeriesFile
from storyboard.model.fields import LETTERS, SLUG
from storyboard.paths import ProjectFolder, is_hidden, is_url
from storyboard.source import Document, Positions, read, unusable
from storyboard.text.confusables import none_of_them

_CARDS, _EPISODES = "cards", "episodes"
_PLACEHOLDERS: dict[str, object] = {"version": 1, "title": "?", "prompt": "?", "line": "?"}


def load_project(root: Path) -> Project:
    """The project in this folder. Raises InvalidProject with every mistake in any of its files."""
    project, mistakes = load_leniently(root)
    if mistakes or project is None:
        raise InvalidProject(mistakes)
    return project


def load_leniently(root: Path) -> tuple[Project | None, tuple[Mistake, ...]]:
    """What is sound of the project in this folder, and every mistake; None where there is no usable series."""
    missing = _no_project(root)
    if missing is not None:
        return None, (missing,)
    loading = _Loading(ProjectFolder(root))
    series = loading.series()
    episodes = dict(loading.episodes())
    cards = dict(loading.cards())
    mistakes = tuple(sorted(set(loading.mistakes)))
    if series is None:
        return None, mistakes
    project = Project(root, series, episodes, loading.sheets, cards=cards)
    return replace(project, respelled=loading.respelled(project.sources())), mistakes


def _no_project(root: Path) -> Mistake | None:
    try:
        problem = _not_a_project(root)
    except OSError as error:
        problem = f"{root} cannot be read: {error.strerror or error}"
    return Mistake(Position(SERIES_FILE), problem) if problem else None


def _not_a_project(root: Path) -> str | None:
    named = os.fsencode(root.absolute())
    if not _is_utf8(named):
        shown = named.decode(errors="backslashreplace")
        return f"the name of the folder {shown} is not UTF-8, and media tools cannot open what is in it; rename it"
    if not root.exists():
        return f"there is no folder {root}"
    if not root.is_dir():
        return f"{root} is a file; name the folder that holds {SERIES_FILE}"
    if (root / SERIES_FILE).exists():
        return None
    if (root / "series.yml").exists():
        return f"rename series.yml to {SERIES_FILE}"
    return f"{root} is not a project: it has no {SERIES_FILE}. `tailframe new` makes a project"


def _is_utf8(name: bytes) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True


@dataclass(slots=True)
class _Loading:
    """One reading of one folder; gathers mistakes and sheets from every file."""

    folder: ProjectFolder
    mistakes: list[Mistake] = field(default_factory=list)
    sheets: dict[str, Sheet] = field(default_factory=dict)

    def series(self) -> SeriesFile | None:
        draft = Draft(self._read(SERIES_FILE), SeriesFile, {**_PLACEHOLDERS, "series": "untitled"})
        finished = draft.finish(lambda series, positions: series_findings(series, positions, self.folder))
        self.mistakes += draft.mistakes
        if finished is None:
            return None
        series, self.sheets[SERIES_FILE] = finished
        return series

    def episodes(self) -> Iterator[tuple[str, EpisodeFile]]:
        found = False
        for id_ in self._names_in(_EPISODES, "an episode"):
            found = True
            episode = self._episode(id_)
            if episode is not None:
                yield id_, episode
        if not found:
            self._note(_EPISODES, "there are no episodes; write the first one as episodes/e01.yaml")

    def cards(self) -> Iterator[tuple[str, CardFile | None]]:
        """Every card by its name; None where nothing of its file can be used, which is noted."""
        for name in self._names_in(_CARDS, "a card"):
            yield name, self._card(card_file(name))

    def respelled(self, sources: Iterable[str]) -> dict[str, str]:
        """The paths that their folders spell otherwise than the YAML does."""
        spelled = {source: self.folder.on_disk(source) for source in sources if not is_url(source)}
        return {source: name for source, name in spelled.items() if name not in (None, source)}

    def _episode(self, id_: str) -> EpisodeFile | None:
        name = episode_file(id_)
        draft = Draft(self._read(name), EpisodeFile, {**_PLACEHOLDERS, "episode": id_})

        def rules(episode: EpisodeFile, positions: Positions) -> Iterator[Finding]:
            yield from _named_otherwise(episode, id_, positions)
            yield from episode_findings(episode, positions, self.folder)

        finished = draft.finish(rules)
        self.mistakes += draft.mistakes
        if finished is None:
            return None
        episode, self.sheets[name] = finished
        return episode

    def _card(self, name: str) -> CardFile | None:
        draft = Draft(self._read(name), CardFile, {"version": 1})
        finished = draft.finish(lambda card, positions: card_findings(card, positions, self.folder))
        self.mistakes += draft.mistakes
        if finished is None:
            return None
        card, self.sheets[name] = finished
        return card

    def _names_in(self, folder: str, what: str) -> Iterator[str]:
        """The names of the YAML files in a folder of the project; what is named wrongly is noted."""
        if self.folder.leads_out(folder):
            self._note(folder, "this is a link that leads out of the project; copy the folder into it")
            return
        try:
            files = sorted((self.folder.root / folder).iterdir())
        except FileNotFoundError:
            return
        except OSError as error:
            self._note(folder, f"the folder cannot be read: {error.strerror or error}")
            return
        for file in files:
            name = f"{folder}/{file.name}"
            if is_hidden(file.name) or file.suffix.lower() not in (".yaml", ".yml"):
                continue
            if not re.fullmatch(SLUG, file.stem):
                self._note(name, f"{what}'s file is named by {LETTERS}, then .yaml{none_of_them(file.stem)}")
            elif file.suffix != ".yaml":
                self._note(name, f"rename this file to {file.stem}.yaml")
            else:
                yield file.stem

    def _read(self, name: str) -> Document:
        if self.folder.leads_out(name):
            return unusable(name, "this is a link that leads out of the project; copy the file into it")
        return read(self.folder.root / name, name)

    def _note(self, file: str, message: str) -> None:
        self.mistakes.append(Mistake(Position(file), message))


def _named_otherwise(episode: EpisodeFile, id_: str, positions: Positions) -> Iterator[Finding]:
    if episode.episode != id_:
        message = (
            f"the episode is {episode.episode!r} but its file is {id_}.yaml; "
            f"write `episode: {id_}`, or rename the file to {episode.episode}.yaml"
        )
        yield Finding(("episode",), positions.value(("episode",)), message)
