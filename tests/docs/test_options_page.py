"""The operators' table of a run's options is the declaration's."""

from __future__ import annotations

import re

from flows.run.option_types import Option
from flows.run.options import OPTIONS
from tests.docs.pages import ROOT

PAGE = ROOT / "docs" / "operators.md"


def row(option: Option) -> str:
    """An option as the table has it."""
    flag = f"`{option.flag}{f' {option.metavar}' if option.metavar else ''}`" if option.flag else "–"
    flows = ", ".join(f"`{flow}`" for flow in option.flows)
    return f"| {flag} | `{option.parameter}` | {flows} | {option.means} |"


def test_the_table_of_options_is_the_declarations() -> None:
    """A row an option, in the order of forms and help, with the words that they show."""
    section = PAGE.read_text(encoding="utf-8").partition("### Options of a run")[2].partition("\n##")[0]
    told = re.findall(r"^\| (?:`--|–).*$", section, re.MULTILINE)
    assert told == [row(option) for option in OPTIONS]
