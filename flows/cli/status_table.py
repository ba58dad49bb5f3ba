"""Status as a person reads it: a row a shot, the money, and whatever waits for a person."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from rich.console import Console
from rich.table import Table

from flows.cli.plan_table import at_most
from flows.run.approval_words import lines_of
from flows.run.stale_words import told_again, told_since
from flows.terminal.consoles import cell
from flows.terminal.progress import BAD, GOOD
from render.ledger.rows import sent_seed
from storyboard.text.dollars import usd

if TYPE_CHECKING:
    from flows.run.next_steps import NextStep
    from flows.run.shot_status import EpisodeStatus, ShotStatus
    from render.ledger import Alarm, BudgetLine, Hold

__all__ = ["print_money", "print_next", "print_status"]


def print_status(console: Console, status: "EpisodeStatus", *, most: int | None = None) -> None:
    """One episode: its shots, then a line of sums. Where they are more than `most`, first those that are not done."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("shot", "state", "takes", "vendor", "cost", "what to know"):
        table.add_column(
            heading, justify="right" if heading == "cost" else "left", no_wrap=heading not in {"takes", "what to know"}
        )
    shots = status.shots
    if most is not None and len(shots) > most:
        shots = tuple(shot for shot in shots if shot.state.value != "done")[:most]
    for shot in shots:
        _add(table, shot)
    console.print(table)
    if left := len(status.shots) - len(shots):
        console.print(cell(f"… and {left} more, for which there is no room", style="dim"))
    counts = Counter(shot.state.value for shot in status.shots)
    sums = ", ".join(f"{count} {state}" for state, count in counts.items())
    money = f"{usd(status.spent_usd)} spent, {usd(status.reserved_usd)} reserved"
    console.print(cell(f"{status.series} {status.episode}: {sums}; {money}{_to_make(status)}", style="bold"))
    for standing in status.approvals:
        for line in lines_of(standing):
            console.print(cell(line, style="red" if standing.waits else ""))


def print_next(console: Console, steps: "Sequence[NextStep]") -> None:
    """What to type next, and why."""
    for step in steps:
        console.print(cell(f"next: {step.why}"))
        console.print(cell(f"  {step.command}", style="cyan"))


def _to_make(status: "EpisodeStatus") -> str:
    """What the rest would cost; nothing where nothing is left that costs anything."""
    if not status.to_make:
        return ""
    known = "for " if status.to_make_usd else ""
    return f"; {status.to_make} to make, {known}{at_most(status.to_make_usd, status.unpriced)}"


def _add(table: Table, shot: "ShotStatus") -> None:
    state = shot.state.value
    style = "red" if state in BAD else "green" if state in GOOD else "cyan"
    takes = " ".join(f"{each.take.number}:{each.take.state.value}{'*' * each.circled}" for each in shot.takes)
    vendors = ", ".join(dict.fromkeys(each.take.provider for each in shot.takes))
    costs = [each.take.cost_usd for each in shot.takes if each.take.cost_usd is not None]
    table.add_row(
        cell(shot.key),
        cell(state, style=style),
        cell(takes),
        cell(vendors),
        cell(usd(sum(costs, start=costs[0] * 0)) if costs else ""),
        cell(_seed(shot) if state == "done" else f"{_why(shot)}{_again(shot)}"),
    )


def _seed(shot: "ShotStatus") -> str:
    """The seed of the take that the cut uses, by which it can be made again."""
    used = next((each.take for each in shot.takes if each.circled), None)
    seed = None if used is None else sent_seed(used.request_json)
    return "" if seed is None else f"seed {seed.value}{' (own)' if seed.own else ''}"


def _again(shot: "ShotStatus") -> str:
    """Since when a stale shot is that, and what it would cost to make again, alone."""
    if shot.state.value != "stale":
        return ""
    return f"{told_since(shot.stale_since, shot.stale_edit)}; {told_again(shot.stale_usd)}"


def _why(shot: "ShotStatus") -> str:
    last = shot.takes[-1].take if shot.takes else None
    return last.error_message if last is not None and last.error_message else shot.reason


def print_money(
    console: Console, budgets: "Sequence[BudgetLine]", alarms: "Sequence[Alarm]", hold: "Hold | None"
) -> None:
    """What is left of each cap, and what waits for a person."""
    for line in budgets:
        if line.cap_usd is None or line.left_usd is None or line.scope == "run":
            continue
        spent = f"{usd(line.spent_usd)} spent, {usd(line.reserved_usd)} reserved"
        console.print(cell(f"{line.scope} {line.key}: {usd(line.left_usd)} left of {usd(line.cap_usd)} ({spent})"))
    if hold is not None:
        what, how = ("everything ", " --all") if hold.everything else ("", "")
        since = f"{what}on hold by {hold.by} since {hold.at:%F %R}"
        console.print(cell(f"{since}: {hold.why}. Go on with: release{how}", style="red"))
    for alarm in alarms:
        stops = "; nothing more is ordered there until it is acknowledged" if alarm.stops_claims else ""
        console.print(cell(f"alarm {alarm.at:%F %R} {alarm.account}: {alarm.words}{stops}", style="red"))
