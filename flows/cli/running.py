"""Runs a flow for a person at a terminal: consent before paying, news while it runs, results at the end."""

import sys
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import typer

from flows.cli.exits import ExitCode, UsageError
from flows.cli.opening import ledger_for_reading, reading
from flows.cli.plan import show, tell_budget, within_caps

if TYPE_CHECKING:
    from flows.server import PrefectServer
    from flows.session import Result
    from render.bench import Watcher
    from storyboard.plan import Choices

__all__ = ["Consent", "agree", "carry_out", "print_result", "run_flow"]


_NOTHING = "nothing was made and nothing was spent"


@dataclass(frozen=True, slots=True)
class Consent:
    """What somebody agreed to."""

    anew: bool = False  # also to pay for what is out at another account


def agree(
    project: Path,
    episode: str,
    choices: "Choices",
    *,
    provider: str | None,
    budget_usd: Decimal | None,
    yes: bool,
    until_budget: bool = False,
    anew: bool = False,
) -> Consent | None:
    """What this run may do: free runs always may, paid ones are asked about with the price first. None: nothing.

    With `until_budget` the price is that of what fits under the caps. Without a terminal nobody can be asked:
    UsageError, unless `yes` or a budget answers beforehand. Neither answers whether to pay anew for an order that is
    out at another account: only `anew` does.
    """
    from render.elsewhere import told_elsewhere

    with ledger_for_reading(project) as ledger:
        read = reading(project, episode, ledger, choices=choices, provider=provider, budget_usd=budget_usd)
        lines = ledger.budgets(read.episode.series) if ledger else ()
    cost, unpriced = read.plan.estimated_cost_usd, read.plan.unpriced_shots
    if until_budget:
        cost, unpriced = within_caps(read, lines)
    told = "" if anew else told_elsewhere([shot for shot in read.plan.shots if shot.asked])
    if told:
        anew = _pays_anew(told)
        if not anew:
            return None
    if yes or not (cost or unpriced):
        return Consent(anew=anew)
    if not _at_a_terminal():
        if budget_usd is not None:
            return Consent(anew=anew)
        raise UsageError(
            f"this would cost {_price(cost, unpriced)}, and there is no terminal to ask at. Say --yes, or set the "
            "most it may spend with --budget USD"
        )
    show(read)
    tell_budget(read, lines, until_budget=until_budget)
    if typer.confirm(f"Spend {_price(cost, unpriced)}?", err=True):
        return Consent(anew=anew)
    typer.echo(_NOTHING, err=True)
    return None


def _pays_anew(told: str) -> bool:
    """Ask whether shots are paid for again whose orders are out elsewhere. UsageError where nobody can be asked."""
    if not _at_a_terminal():
        raise UsageError(
            f"{told}. Nothing is ordered twice by itself, and there is no terminal to ask at: ask that account again "
            "to go on with what is out, or pay anew with --anew"
        )
    typer.echo(f"{told}. Asked as that account again, the run goes on with what is out.", err=True)
    if typer.confirm("Pay anew?", err=True):
        return True
    typer.echo(_NOTHING, err=True)
    return False


def _at_a_terminal() -> bool:
    return sys.stdin.isatty() and sys.stderr.isatty()


def _price(cost_usd: Decimal | None, unpriced: int) -> str:
    from flows.progress import dollars

    known = f"up to {dollars(cost_usd or Decimal(0))}"
    if not unpriced:
        return known
    return f"{known} and an unknown price for {unpriced} {'shot' if unpriced == 1 else 'shots'}"


def run_flow(server: "PrefectServer", flow: Literal["produce", "preview"], **parameters: Any) -> int:
    """Run one of `flows.produce`'s flows to its end, tell its news, and print what it made. Returns the exit code."""
    with server.connected():
        from flows.progress import reporting

        with reporting(parameters["episode"]) as reporter:
            result = carry_out(flow, reporter, **parameters)
        return print_result(result)


def carry_out(flow: Literal["produce", "preview", "rehearse"], watcher: "Watcher", **parameters: Any) -> "Result":
    """Run one of those flows to its end on the server that is connected. Raises whatever ended it before its result."""
    import flows.produce as made
    from flows.desk import DESK, Desk
    from flows.signals import run_in_order

    desk = Desk(watcher=watcher)
    token = DESK.set(desk)
    try:
        state = run_in_order(getattr(made, flow)(**parameters, return_state=True), watcher.note)
    finally:
        DESK.reset(token)
    if desk.error is not None:
        raise desk.error
    if desk.result is None:
        raise RuntimeError(f"Prefect ended the flow before it began: {state.name}: {state.message}")
    return desk.result


def print_result(result: "Result") -> int:
    """Print where the master is, and say what is left to do. Returns the run's exit code."""
    if result.assembly is not None:
        typer.echo(result.assembly.master.path)
    if result.exit_code != ExitCode.DONE and result.message:
        typer.echo(result.message, err=True)
    return result.exit_code
