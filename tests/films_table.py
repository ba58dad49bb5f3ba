"""The table of films in docs/media.md, so that tests can hold it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.docs.pages import ROOT


@dataclass(frozen=True)
class Row:
    """One line: what comes, what is done with it, and the test that holds it."""

    what: str
    done: str
    proof: str


def films_table() -> tuple[Row, ...]:
    """Every row under the heading `Films`."""
    text = (ROOT / "docs" / "media.md").read_text(encoding="utf-8")
    _, _, section = text.partition("\n## Films\n")
    section = section.partition("\n## ")[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \| `(tests/[\w/.]+::\w+)` \|$", section, re.MULTILINE)
    assert len(rows) > 20, "the table of films is not read as it is written"
    return tuple(Row(*row) for row in rows)
