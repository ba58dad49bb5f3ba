"""What can be asked of a ledger about blobs: which it names anywhere, and what recipes gave. Plain SQL, in pages."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Table, Text

from render.ledger.queries import rows_in
from render.ledger.reader import ReadTransaction
from render.ledger.row_values import some_moment
from render.ledger.tables import derived, metadata
from storyboard.takes import TakeState

DIGEST: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
"""What may be the name of a blob, wherever it stands in a text."""

_PAGE: Final = 2_000  # rows of one answer
_RECIPES: Final = "SELECT key, sha256, coalesce(used_at, at) AS wanted_at FROM derived WHERE key"
_AT_VENDORS: Final = (TakeState.SUBMITTING, TakeState.SUBMITTED, TakeState.GENERATED, TakeState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class RecipeRow:
    """What a recipe gave, and when it was last wanted (made, where nobody wanted it since)."""

    key: str
    sha256: str
    wanted_at: datetime


def named_digests(tx: ReadTransaction, among: Container[str]) -> set[str]:
    """Of these blobs, those that the ledger names in any text of any table, whatever for; recipes are no such texts.

    Nothing is believed of where names stand: a table that is added later counts by itself.
    """
    found: set[str] = set()
    for table in metadata.sorted_tables:
        if table is not derived:
            for row in _every_row(tx, table):
                texts = (text for text in row.values() if isinstance(text, str))
                found.update(name for text in texts for name in DIGEST.findall(text) if name in among)
    return found


def every_recipe(tx: ReadTransaction) -> Iterator[RecipeRow]:
    """All that recipes gave, by key."""
    last = ""
    while page := tx.rows(f"{_RECIPES} > :last ORDER BY key LIMIT {_PAGE}", last=last):
        yield from map(_recipe, page)
        last = str(page[-1]["key"])


def recipes_of(tx: ReadTransaction, keys: Collection[str]) -> tuple[RecipeRow, ...]:
    """What these recipes gave; those that were never made are absent."""
    return tuple(map(_recipe, rows_in(tx, _RECIPES, keys)))


def snapshot_names(tx: ReadTransaction) -> frozenset[str]:
    """Every snapshot that the ledger knows, of all series."""
    return frozenset(str(row["id"]) for row in tx.rows("SELECT id FROM snapshots"))


def run_names(tx: ReadTransaction) -> frozenset[str]:
    """Every run that the ledger knows, of all series."""
    return frozenset(str(row["id"]) for row in tx.rows("SELECT id FROM runs"))


def at_vendors_since(tx: ReadTransaction) -> datetime | None:
    """When the oldest order left whose end is not written down, clip and all; None where there is no such order."""
    states = ", ".join(f"'{state.value}'" for state in _AT_VENDORS)
    sql = f"SELECT min(coalesce(submitted_at, created_at)) AS since FROM takes WHERE state IN ({states})"  # noqa: S608
    (row,) = tx.rows(sql)
    return None if row["since"] is None else some_moment(row["since"])


def _every_row(tx: ReadTransaction, table: Table) -> Iterator[Mapping[str, Any]]:
    """The texts of all rows: in pages by their key, so that rows which come meanwhile push none out of sight."""
    columns = [column.name for column in table.columns if isinstance(column.type, Text)]
    keys = [column.name for column in table.primary_key.columns]
    selected = f"SELECT {', '.join(dict.fromkeys([*keys, *columns]))} FROM {table.name}"  # noqa: S608
    if len(keys) > 1:
        yield from tx.rows(selected)
        return
    page = tx.rows(f"{selected} ORDER BY {keys[0]} LIMIT {_PAGE}")
    while page:
        yield from page
        page = tx.rows(f"{selected} WHERE {keys[0]} > :last ORDER BY {keys[0]} LIMIT {_PAGE}", last=page[-1][keys[0]])


def _recipe(row: Mapping[str, Any]) -> RecipeRow:
    return RecipeRow(str(row["key"]), str(row["sha256"]), some_moment(row["wanted_at"]))
