"""Asks a person as `tailframe produce` does, and makes what was agreed to without Prefect and without the cut."""

from __future__ import annotations

from pathlib import Path

from flows.cli.consent import agree
from flows.run.session import RunOptions
from render.claim_errors import BudgetRefused, Unpriced
from tests.flows.mortal import produce


def ask_and_make(project: Path) -> int:
    """Ask about e01, make it, and say how its shots stand."""
    run_options = RunOptions(episode="e01")
    agreed = agree(project, run_options, yes=False)
    if agreed is None:
        return 1
    try:
        told = produce(project, agreed.of(run_options), cut=False)
    except (BudgetRefused, Unpriced) as refusal:
        print(f"refused: {refusal}")
        return 3
    print(told["states"])
    return int(told["exit_code"])
