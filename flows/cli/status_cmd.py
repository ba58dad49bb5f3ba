"""`tailframe status`: how every shot stands, its takes, and the money."""

from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, MaybeEpisode, Project
from flows.cli.plan_cmd import tell_elsewhere
from flows.cli.project_access import reading, series_of
from flows.terminal.printing import say_json

if TYPE_CHECKING:
    from flows.run.planned_episode import PlannedEpisode
    from flows.run.shot_status import EpisodeStatus
    from flows.run.workspace import Workspace
    from render.ledger import LedgerReader


def status(*, project: Project, episode: MaybeEpisode = None, as_json: AsJson = False) -> None:
    """Show every shot, its takes, and the money spent and reserved. Reads only.

    tailframe status my-series
    tailframe status my-series e01 --json
    """
    from flows.run.every_episode import episodes_of
    from flows.run.workspace import workspace_of

    with workspace_of(project).reading() as workspace:
        ids = [episode] if episode else episodes_of(project)
        found = [_status_of(workspace, each) for each in ids]
        if as_json:
            _print_json(project, episode, [status for _, status in found])
            return
        _print_tables(project, workspace.ledger, [status for _, status in found])
    for read, _ in found:
        tell_elsewhere(read, project)


def _status_of(workspace: "Workspace[LedgerReader | None]", episode: str) -> "tuple[PlannedEpisode, EpisodeStatus]":
    from decimal import Decimal

    from flows.run.shot_status import episode_status
    from render.ledger import queries

    read, ledger = reading(workspace, episode, to_work=False), workspace.ledger
    if ledger is None:
        return read, episode_status(read, (), (Decimal(0), Decimal(0)), lambda _: False)
    series = read.episode.series
    return read, episode_status(
        read, ledger.read(queries.takes, series), ledger.read(queries.money, series, episode), workspace.store.has
    )


def _print_json(project: Path, episode: str | None, found: "list[EpisodeStatus]") -> None:
    from flows.run.shot_status import status_json

    every = [status_json(each) for each in found]
    answer = every[0] if episode else {"series": series_of(project), "episodes": every}
    say_json(answer)


def _print_tables(project: Path, ledger: "LedgerReader | None", found: "list[EpisodeStatus]") -> None:
    from flows.cli.status_table import print_money, print_status
    from flows.terminal.consoles import results
    from render.ledger import queries

    console = results()
    for each in found:
        print_status(console, each)
    if ledger is not None:
        series = series_of(project)
        lines, alarms = ledger.read(queries.budgets, series), ledger.read(queries.alarms)
        print_money(console, lines, alarms, ledger.read(queries.held, series))


COMMANDS = (status,)
