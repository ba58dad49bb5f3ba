"""Runs a flow for a person at a terminal: consent before paying, news while it runs, results at the end."""

import asyncio
import sys
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

__all__ = ["agree", "carry_out", "print_result", "run_flow"]


def agree(
    project: Path,
    episode: str,
    choices: "Choices",
    *,
    provider: str | None,
    budget_usd: Decimal | None,
    yes: bool,
    until_budget: bool = False,
) -> bool:
    """Whether this run may spend what it will: free runs always may, paid ones are asked about with the price first.

    With `until_budget` the price is that of what fits under the caps. Without a terminal nobody can be asked:
    UsageError, unless `yes` or a budget answers beforehand.
    """
    with ledger_for_reading(project) as ledger:
        read = reading(project, episode, ledger, choices=choices, provider=provider, budget_usd=budget_usd)
        lines = ledger.budgets(read.episode.series) if ledger else ()
    cost, unpriced = read.plan.estimated_cost_usd, read.plan.unpriced_shots
    if until_budget:
        cost, unpriced = within_caps(read, lines)
    if yes or not (cost or unpriced):
        return True
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        if budget_usd is not None:
            return True
        raise UsageError(
            f"this would cost {_price(cost, unpriced)}, and there is no terminal to ask at. Say --yes, or set the "
            "most it may spend with --budget USD"
        )
    show(read)
    tell_budget(read, lines, until_budget=until_budget)
    if typer.confirm(f"Spend {_price(cost, unpriced)}?", err=True):
        return True
    typer.echo("nothing was made and nothing was spent", err=True)
    return False


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

    desk = Desk(watcher=watcher)
    token = DESK.set(desk)
    try:
        state = asyncio.run(getattr(made, flow)(**parameters, return_state=True))
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
