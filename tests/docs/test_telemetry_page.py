"""The page of telemetry tells every span and every metric, as the code has them."""

from __future__ import annotations

import re

from render.telemetry.conventions import INHERITED, METRICS, STEPS
from tests.docs.pages import ROOT

PAGE = (ROOT / "docs" / "telemetry.md").read_text(encoding="utf-8")


def rows(section: str) -> list[str]:
    """The rows of the table in a section, without its head."""
    text = PAGE.partition(f"\n## {section}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| .*$", text, re.MULTILINE)[1:]


def listed(names: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "–"


def test_the_table_of_spans_is_the_codes() -> None:
    """A row a span, in order; what all of them inherit stands above it."""
    assert rows("Spans") == [f"| `{step.name}` | {step.means} | {listed(step.carries)} |" for step in STEPS]
    for name in INHERITED:
        assert f"`{name}`" in PAGE


def test_the_table_of_metrics_is_the_codes() -> None:
    """A row a metric, with its unit as UCUM writes it and all labels that its points may carry."""
    assert rows("Metrics") == [
        f"| `{each.name}` | {each.kind} | `{each.unit}` | {each.means} | {listed(each.labels)} |" for each in METRICS
    ]
