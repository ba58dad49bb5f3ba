"""`tailframe status`: how every shot stands, its takes, the money, and what to type next."""

from collections.abc import Collection, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from flows.cli.arguments import AsJson, MaybeEpisode, Project
from flows.cli.plan_ahead import tell_elsewhere
from flows.cli.project_access import reading, series_of
from flows.terminal.printing import say_json

if TYPE_CHECKING:
    from rich.console import Console

    from flows.run.planned_episode import PlannedEpisode
    from flows.run.shot_status import EpisodeStatus
    from flows.run.workspace import Workspace
    from render.ledger import BudgetLine, LedgerReader

__all__ = ["print_tables", "statuses"]


def status(*, project: Project, episode: MaybeEpisode = None, as_json: AsJson = False) -> None:
    """Show every shot, its takes, the money spent and reserved, and what to type next. Reads only.

    tailframe status my-series
    tailframe status my-series e01 --json
    """
    from flows.run.workspace import workspace_of
    from flows.terminal.consoles import results

    with workspace_of(project).reading() as workspace:
        found = statuses(workspace, project, episode)
        if as_json:
            _print_json(project, episode, [status for _, status in found])
            return
        print_tables(results(), project, workspace, [status for _, status in found])
    for read, _ in found:
        tell_elsewhere(read, project)


def statuses(
    workspace: "Workspace[LedgerReader | None]", project: Path, episode: str | None
) -> "list[tuple[PlannedEpisode, EpisodeStatus]]":
    """How one episode stands, or each of the series, as things are now."""
    from flows.run.every_episode import episodes_of

    return [_status_of(workspace, each) for each in ([episode] if episode else episodes_of(project))]


def _status_of(workspace: "Workspace[LedgerReader | None]", episode: str) -> "tuple[PlannedEpisode, EpisodeStatus]":
    from decimal import Decimal

    from flows.run.episode_approvals import episode_approvals
    from flows.run.ledger_facts import shots_of
    from flows.run.shot_status import episode_status
    from render.ledger import queries, shot_queries

    read, ledger = reading(workspace, episode, to_work=False), workspace.ledger
    standings = episode_approvals(read, ledger)
    if ledger is None:
        return read, episode_status(read, (), (Decimal(0), Decimal(0)), lambda _: False, approvals=standings)
    series = read.episode.series
    used = frozenset(shot.take for shot in read.plan.shots if shot.take is not None)
    takes = ledger.read(shot_queries.takes_of_shots, series, shots_of(read.episode), used)
    money = ledger.read(queries.money, series, episode)
    notes = ledger.read(queries.notes, series)
    return read, episode_status(read, takes, money, workspace.store.has, notes=notes, approvals=standings)


def _print_json(project: Path, episode: str | None, found: "list[EpisodeStatus]") -> None:
    from flows.run.shot_status import status_json

    every = [status_json(each) for each in found]
    answer = every[0] if episode else {"series": series_of(project), "episodes": every}
    say_json(answer)


def print_tables(
    console: "Console",
    project: Path,
    workspace: "Workspace[LedgerReader | None]",
    found: "Sequence[EpisodeStatus]",
    *,
    most: int | None = None,
) -> None:
    """The tables of these episodes, what to do next, and the money. With `most`, about so many lines: see `watch`."""
    from flows.cli.status_table import print_money, print_next, print_status
    from flows.run.next_steps import next_steps
    from render.ledger import queries

    ledger, series = workspace.ledger, series_of(project)
    hold = None if ledger is None else ledger.read(queries.held, series)
    for each in found:
        print_status(console, each, most=most)
        print_next(console, next_steps(each, project, hold=hold, cut=_is_cut(workspace, each.episode)))
    if ledger is not None:
        caps = _caps_of(ledger.read(queries.caps, series), [each.episode for each in found])
        print_money(console, caps, ledger.read(queries.alarms), hold)


def _caps_of(lines: "Iterable[BudgetLine]", episodes: "Collection[str]") -> "list[BudgetLine]":
    """Those that hold for orders of these episodes today: other episodes and days say nothing of them."""
    today = datetime.now(UTC).date().isoformat()
    hold = {("day", today), *(("episode", episode) for episode in episodes)}
    return [line for line in lines if line.scope == "series" or (line.scope, line.key) in hold]


def _is_cut(workspace: "Workspace[LedgerReader | None]", episode: str) -> bool:
    return (workspace.places.output(episode) / f"{episode}.mp4").exists()


COMMANDS = (status,)
