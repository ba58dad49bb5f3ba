"""Looking into a SQLite ledger without leaving a trace: no lock, no side file, and no library to load.

A ledger in write-ahead mode that nobody has open is one file, and SQLite would make two more beside it only to read. So
such a file is opened as immutable; as soon as a writer shows (its log appears, the file changes), the query is asked
again in the ordinary way.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from render.errors import LedgerError
from render.ledger.reading import LedgerReader
from render.ledger.versions import check_version

_VERSION = "SELECT version_num FROM alembic_version"
_HAS_VERSION = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'alembic_version'"


class _Mark(NamedTuple):
    """What shows that a writer is, or was, at a ledger."""

    logged: bool
    changed_ns: int
    bytes: int


def peek(path: Path) -> LedgerReader | None:
    """A reader of this file; None where its tables were not made yet. Raises LedgerError for a later version.

    An older one is read as it is: the next run brings it up by itself, and what `plan` and `status` ask stands in it.
    """

    def fetch(sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        return _fetch(path, sql, values)

    if not fetch(_HAS_VERSION, {}):
        return None
    found = fetch(_VERSION, {})
    check_version(str(found[0]["version_num"]) if found else None, str(path), older_is_fine=True)
    return LedgerReader(fetch, close=lambda: None)


def _fetch(path: Path, sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
    try:
        found = _ask_untouched(path, sql, values)
        return _ask(path, "mode=ro", sql, values) if found is None else found
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path} cannot be read as a ledger: {error}. Restore it, or name another") from error


def _ask_untouched(path: Path, sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]] | None:
    """The answer, if nobody had the ledger open before, meanwhile and after; else None."""
    before = _mark(path)
    if before.logged:
        return None
    try:
        found = _ask(path, "mode=ro&immutable=1", sql, values)
    except sqlite3.DatabaseError:
        if _mark(path) == before:
            raise
        return None
    return found if _mark(path) == before else None


def _ask(path: Path, mode: str, sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
    with closing(sqlite3.connect(f"file:{quote(str(path))}?{mode}", uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        return [dict(row) for row in connection.execute(sql, dict(values))]


def _mark(path: Path) -> _Mark:
    stat = path.stat()
    return _Mark(path.with_name(path.name + "-wal").exists(), stat.st_mtime_ns, stat.st_size)
