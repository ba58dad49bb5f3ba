"""docs/drills.md is held against the drills."""

from __future__ import annotations

import re

from tests.docs.pages import ROOT

PAGE = (ROOT / "docs/drills.md").read_text(encoding="utf-8")
DRILLS = ROOT / "tests/drills"


def test_no_figures_are_of_a_drill_that_there_is_not() -> None:
    """And there are some."""
    source = "".join(file.read_text(encoding="utf-8") for file in sorted(DRILLS.glob("test_*.py")))
    names = set(re.findall(r'Drill\(studio, f?"[^"]+", f?"([^"]+)"', source))
    clocks = {name.replace("{clock}", clock) for name in names if "{clock}" in name for clock in ("+1h", "-1h")}
    table = PAGE.partition("## How long it takes")[2].partition("\n## ")[0]
    told = set(re.findall(r"^\| ([^|]+?) \| [\d.]+ s ", table, re.MULTILINE))
    assert told
    assert told <= {name for name in names if "{" not in name} | clocks
