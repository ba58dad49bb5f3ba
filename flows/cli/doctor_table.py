"""What the doctor found, as a person reads it and as a script does."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from flows.terminal.consoles import cell
from render.providers.findings import Finding, Health

if TYPE_CHECKING:
    from flows.doctor import Part

__all__ = ["findings_json", "print_part", "print_sums"]

STYLES = {Health.GOOD: "green", Health.LOOK: "yellow", Health.WRONG: "bold red", Health.ABSENT: "dim"}
SHOWN = {Health.ABSENT: "–"}


def print_part(console: Console, part: "Part") -> None:
    """One line a finding, in columns that are the same for every part; the remedy beneath what is not good."""
    table = Table(box=None, show_header=False, padding=(0, 1, 0, 0), pad_edge=False)
    for width in (5, 11, 9):
        table.add_column(width=width, no_wrap=True, overflow="fold")
    table.add_column(overflow="fold")
    for finding in part.findings:
        state = cell(SHOWN.get(finding.health, finding.health.value), style=STYLES[finding.health])
        table.add_row(state, cell(part.name), cell(finding.what), _told(finding))
    console.print(table)


def _told(finding: Finding) -> Text:
    told = cell(finding.value, style="dim" if finding.health is Health.ABSENT else "")
    return told.append("\n").append_text(cell(finding.remedy, "yellow")) if finding.remedy else told


def print_sums(console: Console, parts: "Sequence[Part]") -> None:
    """How many of each."""
    count = _counted(parts)
    words = f"{count[Health.GOOD]} good, {count[Health.LOOK]} to look at, {count[Health.WRONG]} wrong"
    console.print(cell(words, style="bold"))


def findings_json(parts: "Sequence[Part]") -> dict[str, Any]:
    """The form that scripts read."""
    count = _counted(parts)
    told = [
        {
            "part": part.name,
            "what": each.what,
            "state": each.health.value,
            "value": each.value,
            "remedy": each.remedy or None,
        }
        for part in parts
        for each in part.findings
    ]
    return {health.value: count[health] for health in Health} | {"findings": told}


def _counted(parts: "Sequence[Part]") -> Counter[Health]:
    return Counter(each.health for part in parts for each in part.findings)
