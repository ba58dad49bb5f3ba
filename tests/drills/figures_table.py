"""Prints the table of docs/drills.md from what `make drills` wrote: `python -m tests.drills.figures_table`."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

HEAD = (
    "| what breaks | for | next step after | took | undisturbed | lost beyond it | runs of the series, of episodes |",
    "|---|---|---|---|---|---|---|",
)


def table(figures: Iterable[Mapping[str, Any]]) -> list[str]:
    """The lines of the table: the newest figures of each drill, in the order in which drills first ran."""
    newest = {each["drill"]: each for each in figures}
    return [*HEAD, *(_line(each) for each in newest.values())]


def _line(told: Mapping[str, Any]) -> str:
    step = "–" if told["first_step_s"] is None else f"{told['first_step_s']:g} s"
    seconds = [f"{told[name]:g} s" for name in ("took_s", "undisturbed_s", "lost_s")]
    lasted, runs = f"{told['fault_s']:g} s", f"{told['scheduled']}, {told['runs']}"
    return f"| {' | '.join([told['drill'], lasted, step, *seconds, runs])} |"


if __name__ == "__main__":
    lines = Path(sys.argv[1] if len(sys.argv) > 1 else "drills.jsonl").read_text(encoding="utf-8").splitlines()
    print("\n".join(table(json.loads(line) for line in lines)))
