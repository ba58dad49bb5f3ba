"""Asks a person as `tailframe produce` does, and makes what was agreed to without Prefect and without the cut."""

from __future__ import annotations

from pathlib import Path

from flows.cli.run_flow import agree
from flows.run.session import RunOptions
from render.errors import BudgetRefused, Unpriced
from storyboard.plan.episode_plan import Choices
from tests.flows.mortal import produce


def ask_and_make(project: Path) -> int:
    """Ask about e01, make it, and say how its shots stand."""
    agreed = agree(project, "e01", Choices(), provider=None, budget_usd=None, yes=False)
    if agreed is None:
        return 1
    run_options = RunOptions(
        episode="e01",
        snapshot=agreed.snapshot,
        agreed_usd=agreed.usd,
        unpriced=agreed.unpriced,
        anew=agreed.anew,
    )
    try:
        told = produce(project, run_options, cut=False)
    except (BudgetRefused, Unpriced) as refusal:
        print(f"refused: {refusal}")
        return 3
    print(told["states"])
    return int(told["exit_code"])
