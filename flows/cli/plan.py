"""`tailframe plan`: what a run would make, why, and at what cost."""

from decimal import Decimal
from typing import TYPE_CHECKING, Annotated

import typer

from flows.cli.arguments import (
    AllowMissing,
    AsJson,
    Budget,
    Cascade,
    Episode,
    NewTake,
    Project,
    Provider,
    Shots,
    UntilBudget,
    shot_keys,
)
from flows.cli.opening import ledger_for_reading, reading

if TYPE_CHECKING:
    from flows.planning import Reading

Prompts = Annotated[bool, typer.Option("--prompts", "-v", help="Also print every final prompt and its references.")]


def plan(
    *,
    project: Project,
    episode: Episode,
    provider: Provider = None,
    shots: Shots = None,
    new_take: NewTake = False,
    cascade: Cascade = False,
    budget: Budget = None,
    until_budget: UntilBudget = False,
    allow_missing: AllowMissing = False,  # noqa: ARG001  buys nothing, and is taken so that `produce`'s flags all fit
    as_json: AsJson = False,
    prompts: Prompts = False,
) -> None:
    """Show what would be made, reused or resumed, why, and at what cost. Takes every flag of `produce`.

    Reads the ledger, writes nothing, asks no vendor and no web.

      tailframe plan my-series e01
      tailframe plan my-series e01 --shots lamp/010 --new-take -v
      tailframe plan my-series e01 --json | jq .estimated_cost_usd
    """
    from storyboard.plan import Choices

    choices = Choices(shots=shot_keys(shots), new_take=new_take, cascade=cascade)
    with ledger_for_reading(project) as ledger:
        read = reading(project, episode, ledger, choices=choices, provider=provider, budget_usd=budget)
    if as_json:
        import json

        from storyboard.plan_json import plan_json

        typer.echo(json.dumps(plan_json(read.plan), indent=2, ensure_ascii=False))
        return
    show(read, prompts=prompts)
    tell_budget(read.plan.estimated_cost_usd, budget, until_budget=until_budget)


def show(read: "Reading", *, prompts: bool = False) -> None:
    """Print the plan as a table, and its prompts where they are asked for."""
    from flows.cli.plan_table import print_plan, print_prompts
    from flows.cli.printing import results

    console = results()
    print_plan(console, read.plan)
    if prompts:
        print_prompts(console, read.plan)


def tell_budget(cost_usd: Decimal, budget: Decimal | None, *, until_budget: bool) -> None:
    """Say beforehand what `produce` would do under this budget."""
    if budget is None or cost_usd <= budget:
        return
    from flows.progress import dollars

    then = "makes what fits, in story order" if until_budget else "refuses (exit 3) before it claims anything"
    typer.echo(f"this is more than the budget of {dollars(budget)}: produce {then}", err=True)
