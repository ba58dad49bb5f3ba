"""A plan as a person reads it: one row a shot, what falls away beneath it, and the price at the end."""

from collections import Counter
from decimal import Decimal
from typing import TYPE_CHECKING

from rich.console import Console
from rich.padding import Padding
from rich.table import Table

from flows.run.stale_words import told_since
from flows.terminal.consoles import cell
from storyboard.text.decimals import plain_decimal
from storyboard.text.dollars import usd, usd_or_unknown

if TYPE_CHECKING:
    from storyboard.plan.episode_plan import Plan, PlannedShot

__all__ = ["at_most", "print_plan", "print_prompts"]

_STYLES = {
    "generate": "yellow",
    "reuse": "green",
    "resume": "cyan",
    "stale": "magenta",
    "blocked": "red",
    "unknown": "red",
    "refused": "red",
    "waived": "dim",
}


def print_plan(console: Console, plan: "Plan") -> None:
    """The table, then one line that sums it up and one about what is stale."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading in ("shot", "action", "vendor", "length", "cost", "why"):
        right, folds = heading in {"length", "cost"}, heading in {"vendor", "why"}
        table.add_column(
            heading, justify="right" if right else "left", no_wrap=not folds, overflow="fold" if folds else "ellipsis"
        )
    for shot in plan.shots:
        _add(table, shot)
    console.print(table)
    console.print(cell(_sums(plan), style="bold"))
    for told in (*plan.doubts, *plan.notes):
        console.print(cell(told))
    if any(shot.action == "stale" for shot in plan.shots):
        console.print(
            cell(f"making the stale shots again (--cascade): {usd_or_unknown(plan.stale_cost_usd)} more, at most")
        )


def _add(table: Table, shot: "PlannedShot") -> None:
    model = f"{shot.provider} {shot.model}" if shot.provider and shot.model != shot.provider else shot.provider or ""
    to_pay = shot.action == "generate" or (shot.action == "resume" and shot.estimated_cost_usd != 0)
    cost = usd_or_unknown(shot.estimated_cost_usd) if to_pay else ""
    dim = "" if shot.asked else "dim"
    table.add_row(
        cell(shot.key, style=dim),
        cell(str(shot.action), style=_STYLES.get(str(shot.action), "") if shot.asked else "dim"),
        cell(model or "", style=dim),
        cell(_length(shot), style=dim),
        cell(cost if shot.asked else "", style=dim),
        cell(_why(shot) if shot.asked else f"not asked for; {_why(shot)}", style=dim),
    )
    if shot.asked:
        for line in _remarks(shot):
            table.add_row("", "", "", "", "", cell(line, style="dim"))


def _why(shot: "PlannedShot") -> str:
    return f"{shot.reason}{told_since(shot.stale_since, shot.stale_edit)}"


def _length(shot: "PlannedShot") -> str:
    used = "auto" if shot.duration_s is None else f"{plain_decimal(shot.duration_s)} s"
    if shot.action != "generate" or shot.billed_s is None or shot.billed_s == shot.duration_s:
        return used
    return f"{used} of {plain_decimal(shot.billed_s)} s"


def _remarks(shot: "PlannedShot") -> list[str]:
    """What a producer should know before paying for this shot."""
    dropped = [f"not sent: {gone.role} {gone.name} ({gone.why})" for gone in shot.dropped]
    return [*dropped, *shot.notes]


def _sums(plan: "Plan") -> str:
    counts = Counter(str(shot.action) for shot in plan.shots if shot.asked)
    actions = ", ".join(f"{count} {action}" for action, count in counts.items()) or "nothing asked for"
    return f"{plan.series} {plan.episode}: {actions}; {at_most(plan.estimated_cost_usd, plan.unpriced_shots)}"


def at_most(cost_usd: Decimal | None, unpriced: int) -> str:
    """`$3.40 at most, and 2 without a known price`: a sum of nothing is not told beside prices that nobody knows."""
    known = [] if unpriced and not cost_usd else [f"{usd(cost_usd or Decimal(0))} at most"]
    return ", and ".join([*known, *([f"{unpriced} without a known price"] if unpriced else [])])


def print_prompts(console: Console, plan: "Plan") -> None:
    """Each final prompt, exactly as the vendor would get it, and what its tokens stand for."""
    for shot in plan.shots:
        if not shot.asked or not shot.prompt:
            continue
        console.print()
        console.print(cell(f"{shot.key} ({shot.provider})", style="bold"))
        console.print(Padding(cell(shot.prompt, lines=True), (0, 0, 0, 2), expand=False))
        for reference in shot.references:
            line = f"{reference.token} {reference.role}: {reference.name} ({reference.source})"
            console.print(Padding(cell(line, style="dim"), (0, 0, 0, 2), expand=False))
