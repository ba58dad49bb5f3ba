"""Reads what commands need of a project: its plan, its shots, its series."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

from flows.errors import UsageError
from flows.run.asked_takes import expanded, known_shot, takes_meant
from flows.terminal.printing import tell

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader, Take
    from storyboard.model import SeriesFile
    from storyboard.plan.episode_plan import Choices

__all__ = [
    "expanded",
    "file_to_write",
    "known_shot",
    "person",
    "reading",
    "series_of",
    "takes_asked_for",
    "written_series",
]


def reading(
    workspace: "Workspace[LedgerReader | None]",
    episode: str,
    *,
    choices: "Choices | None" = None,
    provider: str | None = None,
    budget_usd: Decimal | None = None,
    frozen: Path | None = None,
    anew: bool = False,
    network: bool = False,
    to_work: bool = True,
) -> "PlannedEpisode":
    """The episode and its plan, of the files in `frozen` where some of the project's were frozen there.

    What stands in archives is found out unless all is to be paid for `anew`; in a bucket only with `network`.
    See `flows.run.planning.read_plan` for what it raises.
    """
    from flows.run.dated_plan import dated
    from flows.run.planning import archives_of, read_plan
    from storyboard.shot import Caps

    read = read_plan(
        frozen or workspace.root,
        episode,
        ledger=workspace.ledger,
        store=workspace.store,
        environment=workspace.environment,
        choices=choices,
        provider=provider,
        caps=Caps(run=budget_usd),
        told=tell,
        archives=None if anew else archives_of(workspace.places, workspace.root, network=network),
        to_work=to_work,
    )
    return dated(read, workspace.ledger, edited_in=None if frozen is not None else workspace.root)


def person() -> str:
    """Who types: their name on this machine, and the machine's. A user without a name has a number."""
    import getpass
    import os
    import socket

    try:
        name = getpass.getuser()
    except (KeyError, OSError):
        name = f"user {os.getuid()}"
    return f"{name} on {socket.gethostname()}"


def file_to_write(named: Path | None, usual: Path, project: Path, ending: str) -> Path:
    """Where a command writes a file: as `--output` names it, else at its usual place in the project.

    Raises UsageError for a name of another ending, and LeadsOut where the usual place lies behind a link that leads
    out of the project.
    """
    from storyboard.paths import refuse_link_out

    if named is None:
        refuse_link_out(project.absolute(), usual)
    elif named.suffix.lower() != ending:
        raise UsageError(
            f"--output {named} is no {ending}, and nothing else is written", f"Let its name end in {ending}"
        )
    return named or usual


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
    return takes_meant(project, episode, keys)


def series_of(project: Path) -> str:
    """The series' id, by which the ledger knows it."""
    return written_series(project).series


def written_series(project: Path) -> "SeriesFile":
    """The series as it is written now. Raises InvalidProject."""
    from storyboard.loading import load_project

    return load_project(project).series
