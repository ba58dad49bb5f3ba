"""What the doctor knows before it looks: the environment, a project if there is one, and which vendors it names."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.parse import urlsplit

from flows.errors import SettingsError
from flows.run.workspace import Workspace, unopened
from flows.settings import Places, Settings, places_of, read_settings
from storyboard.errors import InvalidProject
from storyboard.expand.expansion import expand
from storyboard.loading import load_project
from storyboard.model import SeriesFile

__all__ = ["DoctorContext", "Storyboards", "doctor_context"]

_SECRETS = ("_KEY", "_TOKEN", "_PASSWORD", "_SECRET")
_WITH_PASSWORD = ("_PROXY", "_URL")
_SHORTEST_SECRET = 8  # shorter ones are no secrets, and would be cut out of ordinary words


@dataclass(frozen=True, slots=True, kw_only=True)
class Storyboards:
    """What the doctor knows of a project's storyboards. All is empty but `mistakes` where they cannot be read."""

    series: str = ""
    episodes: int = 0
    shots: int = 0
    vendors: frozenset[str] = frozenset()  # that its shots name
    mistakes: int = 0
    written: SeriesFile | None = None  # the series itself


@dataclass(frozen=True, slots=True, kw_only=True)
class DoctorContext:
    """The environment, the settings and the project that checks look at, read once before they begin."""

    environment: Mapping[str, str]
    settings: Settings  # without what is wrong in the environment
    problems: Mapping[str, str]  # by variable
    project: Path | None
    storyboards: Storyboards

    @property
    def places(self) -> Places | None:
        """Where the project keeps what it makes; None where there is no project."""
        return None if self.project is None else self.workspace.places

    @property
    def workspace(self) -> Workspace[None]:
        """What opens these places, as a run would. Which of them there are, `ledger`, `store_url` and so on say."""
        root = self.project or Path()
        opened = unopened(root, self.settings, places_of(root, self.settings), self.environment)
        written = self.storyboards.written
        return opened if written is None else opened.for_series(written)

    @property
    def ledger(self) -> Path | str | None:
        """Where the ledger is, if the environment or a project says so; so with store and archive below."""
        return self.workspace.places.ledger if self._is_somewhere("tailframe_ledger_url") else None

    @property
    def store_url(self) -> str | None:
        """Where blobs are."""
        return self.workspace.places.store_url if self._is_somewhere("tailframe_store_url") else None

    @property
    def archive_url(self) -> str | None:
        """Where finished episodes go."""
        return self.workspace.places.archive_url if self._is_somewhere("tailframe_archive_url") else None

    def _is_somewhere(self, setting: str) -> bool:
        """Whether a place is known: its variable is not wrong, and names it, or there is a project."""
        return setting.upper() not in self.problems and bool(self.project or getattr(self.settings, setting))

    @property
    def secrets(self) -> Collection[str]:
        """Keys and passwords of the environment, which are cut out of whatever is told."""
        keys = [value for name, value in self.environment.items() if name.upper().endswith(_SECRETS)]
        named = [_password(value) for name, value in self.environment.items() if name.upper().endswith(_WITH_PASSWORD)]
        return [value for value in [*keys, *named] if len(value) >= _SHORTEST_SECRET]


def doctor_context(project: Path | None, environment: Mapping[str, str]) -> DoctorContext:
    """Read this process's environment and the project's storyboards. What is wrong in either is kept, not raised."""
    settings, problems = _settings()
    storyboards = Storyboards() if project is None else _storyboards(project)
    return DoctorContext(
        environment=environment, settings=settings, problems=problems, project=project, storyboards=storyboards
    )


def _password(address: str) -> str:
    """The password in an address; empty where it has none."""
    try:
        return urlsplit(address).password or ""
    except ValueError:
        return ""


def _settings() -> tuple[Settings, Mapping[str, str]]:
    try:
        return read_settings(), {}
    except SettingsError as error:
        return read_settings(without=error.problems), error.problems


def _storyboards(project: Path) -> Storyboards:
    try:
        read = load_project(project)
        episodes = [expand(read, episode) for episode in read.episodes]
    except InvalidProject as error:
        return Storyboards(mistakes=len(error.mistakes))
    shots = [shot for episode in episodes for shot in episode.shots]
    vendors = frozenset(name for shot in shots for name in shot.providers)
    counted = Storyboards(series=read.series.series, episodes=len(episodes), shots=len(shots), vendors=vendors)
    return replace(counted, written=read.series)
