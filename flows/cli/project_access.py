"""Opens what a command needs of a project, and closes it again."""

import contextlib
import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.exits import UsageError
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from flows.run.planning import Reading
    from flows.settings import Workspace
    from render.ledger import Ledger, LedgerReader, Take
    from render.store import Store
    from storyboard.plan.episode_plan import Choices
    from storyboard.shot import Episode

__all__ = [
    "expanded",
    "known_shot",
    "ledger_for_reading",
    "ledger_for_writing",
    "places_of",
    "reading",
    "series_of",
    "store_of",
    "takes_asked_for",
]


def places_of(project: Path, *, misplaced: bool = False) -> "Workspace":
    """Where the project keeps what it makes, under this environment. See `own_places` for what it raises."""
    from flows.run.boundaries import own_places
    from flows.settings import read_settings

    return own_places(project, read_settings(), misplaced=misplaced)


def store_of(project: Path) -> "Store":
    """Where the project's clips and references are kept. Nothing is read or written yet."""
    from render.store import open_store

    places = places_of(project)
    return open_store(places.store_url, cache=places.private / "cache", within=places.within(places.store_url))


@contextlib.contextmanager
def ledger_for_reading(project: Path) -> "Iterator[LedgerReader | None]":
    """The project's ledger; None where nothing was ever made. Makes no file and writes nothing."""
    from render.ledger import open_ledger_read_only

    ledger = open_ledger_read_only(places_of(project).ledger)
    try:
        yield ledger
    finally:
        if ledger is not None:
            ledger.close()


@contextlib.contextmanager
def ledger_for_writing(project: Path) -> "Iterator[Ledger]":
    """The project's ledger, for a decision that a person made; made where nothing was ever decided or produced."""
    from flows.run_log import run_log
    from flows.settings import read_settings
    from render.ledger import open_ledger

    places = places_of(project)
    ledger = open_ledger(places.ledger)
    try:
        with run_log(places.logs, read_settings().tailframe_log):
            yield ledger
    finally:
        ledger.close()


def reading(
    project: Path,
    episode: str,
    ledger: "LedgerReader | None",
    *,
    choices: "Choices | None" = None,
    provider: str | None = None,
    budget_usd: Decimal | None = None,
    frozen: Path | None = None,
    anew: bool = False,
    network: bool = False,
    to_work: bool = True,
) -> "Reading":
    """The episode and its plan, of the files in `frozen` where some of the project's were frozen there.

    What stands in archives is found out unless all is to be paid for `anew`; in a bucket only with `network`.
    See `flows.run.planning.read_plan` for what it raises.
    """
    from flows.run.planning import archives_of, read_plan
    from storyboard.shot import Caps

    return read_plan(
        frozen or project,
        episode,
        ledger=ledger,
        store=store_of(project),
        environment=dict(os.environ),
        choices=choices,
        provider=provider,
        caps=Caps(run=budget_usd),
        told=tell,
        archives=None if anew else archives_of(places_of(project), project, network=network),
        to_work=to_work,
    )


def expanded(project: Path, episode: str) -> "Episode":
    """The episode with all its shots. Raises InvalidProject with every mistake."""
    from storyboard.expand.expansion import expand
    from storyboard.loading import load_project

    return expand(load_project(project), episode)


def known_shot(episode: "Episode", key: str) -> str:
    """EPISODE/SCENE/SHOT of a shot that the episode has. Raises NoSuchName with the nearest one."""
    from storyboard.errors import NoSuchName
    from storyboard.text.suggestions import suggestion

    keys = [shot.key for shot in episode.shots]
    if key not in keys:
        raise NoSuchName("shot", key, keys, suggestion(key, keys))
    return f"{episode.episode}/{key}"


def takes_asked_for(
    project: Path, episode: str | None, keys: frozenset[str] | None, command: str
) -> "Callable[[Take], bool]":
    """Whether a take is one of the episode or of these shots of it; without an episode every take of the series is.

    Raises NoSuchName for an episode or a shot that there is not, UsageError for shots without an episode.
    """
    if episode is None:
        if keys is not None:
            raise UsageError(f"--shots names shots of an episode: say which, as in tailframe {command} PROJECT EPISODE")
        return lambda _: True
    found = expanded(project, episode)
    if keys is None:
        return lambda take: take.shot.startswith(f"{episode}/")
    named = {known_shot(found, key) for key in keys}
    return lambda take: take.shot in named


def series_of(project: Path) -> str:
    """The series' id, by which the ledger knows it."""
    from storyboard.loading import load_project

    return load_project(project).series.series
