"""Looking into a SQLite ledger without leaving a trace: no lock, no side file, and no library to load.

A ledger in write-ahead mode that nobody has open is one file, and SQLite would make two more beside it only to read. So
such a file is opened as immutable; as soon as a writer shows (its log appears, the file changes), the query is asked
again in the ordinary way.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import quote

from render.errors import LedgerDamaged, LedgerUnavailable
from render.ledger.earlier_values import BEFORE_ACCOUNTS, Row, rewrite
from render.ledger.reader import LedgerReader
from render.ledger.schema_check import SQLITE_OBJECTS, check_sqlite_shape, names_version
from render.ledger.schema_versions import check_version

_VERSION = "SELECT version_num FROM alembic_version"
_CLOCK = "SELECT strftime('%Y-%m-%d %H:%M:%f', 'now') AS now"

_Prepare = Callable[[sqlite3.Connection], None]

_COPIES = """
PRAGMA temp_store = MEMORY;
CREATE TEMP TABLE takes AS SELECT *, NULL AS account, NULL AS reported_micros FROM main.takes;
CREATE TEMP TABLE budgets AS SELECT * FROM main.budgets;
CREATE TEMP TABLE runs AS SELECT * FROM main.runs;
CREATE TEMP TABLE events (id INTEGER PRIMARY KEY, take, at, from_state, to_state, run, host, words, alarm);
INSERT INTO temp.events SELECT id, take, at, from_state, to_state, run, host, words, alarm FROM main.events;
CREATE TEMP TABLE accounts (account, stopped_why, stopped_at, acknowledged_event);
"""
_NO_NOTES = "CREATE TEMP TABLE notes (id, take, frame, words, written_by, at, retake, drawing)"
_OLDER_NOTES = "CREATE TEMP TABLE notes AS SELECT *, 0 AS retake, NULL AS drawing FROM main.notes"
_NO_APPROVALS = (
    "CREATE TEMP TABLE approvals (id, series, episode, subject, hash, content, usd_micros, approved_by, words, at, "
    "withdrawn_by, withdrawn_at)"
)


class _FileState(NamedTuple):
    """What shows that a writer has, or had, the file open: it differs from before."""

    logged: bool  # its write-ahead log is there
    changed_ns: int  # its modification time
    bytes: int


def open_snapshot(path: Path) -> LedgerReader | None:
    """A reader of this file; None where its tables were not made yet. Raises LedgerError for a later version.

    An older one is read as it will stand once the next run has brought it up; the file stays as it is.
    """
    version = _version(path)
    if version is None:
        return None
    return LedgerReader(lambda: nullcontext(_File(path, _PREPARES.get(version, _as_it_is))), close=lambda: None)


@dataclass(frozen=True, slots=True)
class _File:
    """A ledger's file as queries see it; each statement opens it anew."""

    path: Path
    prepare: _Prepare

    @property
    def now(self) -> datetime:
        """By SQLite's own clock, which is this machine's."""
        (row,) = self.rows(_CLOCK)
        return datetime.fromisoformat(row["now"]).replace(tzinfo=UTC)

    def rows(self, sql: str, /, **values: object) -> Sequence[Mapping[str, Any]]:
        """All rows of one query."""
        return _fetch(self.path, sql, values, self.prepare)


def _version(path: Path) -> str | None:
    """Of which version the file is, once its tables are found to be that version's; None where they are not made yet.

    Somebody may bring it up meanwhile: then it is looked at again.
    """
    while True:
        objects = _fetch(path, SQLITE_OBJECTS, {})
        if not names_version(objects, str(path)):
            return None
        found = _fetch(path, _VERSION, {})
        if _fetch(path, SQLITE_OBJECTS, {}) == objects:
            break
    version = str(found[0]["version_num"]) if found else ""
    check_version(version or None, str(path), older_is_fine=True)
    check_sqlite_shape(version, objects, str(path))
    return version


def _as_it_is(_: sqlite3.Connection) -> None:
    """Its tables are today's."""


def _without_notes(connection: sqlite3.Connection) -> None:
    """Nobody had written a note yet, nor approved anything."""
    connection.execute(_NO_NOTES)
    connection.execute(_NO_APPROVALS)


def _with_older_notes(connection: sqlite3.Connection) -> None:
    """Notes asked for no other take yet, and had no drawings."""
    connection.execute(_OLDER_NOTES)
    connection.execute(_NO_APPROVALS)


def _rewritten(connection: sqlite3.Connection) -> None:
    """Put rewritten copies of tables in front of those in the file, in memory, for as long as this connection lives."""
    connection.executescript(_COPIES)  # which begins by dropping whatever is there in memory
    _without_notes(connection)
    try:
        rewrite(_Tables(connection))
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
        raise LedgerDamaged(
            f"the ledger holds rows that no Tailframe wrote ({error!a:.200})", "Restore a backup of it, or name another"
        ) from error


_PREPARES: Mapping[str, _Prepare] = {
    **dict.fromkeys(BEFORE_ACCOUNTS, _rewritten),
    "0003": _without_notes,
    "0004": _with_older_notes,
}


class _Tables:
    """The rewritten copies, as `earlier_values.rewrite` works on them."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def rows(self, sql: str, **values: object) -> Sequence[Row]:
        return [dict(row) for row in self._connection.execute(sql, values)]

    def change(self, sql: str, every: Sequence[Row]) -> None:
        self._connection.executemany(sql, [dict(values) for values in every])

    def now(self) -> object:
        return self._connection.execute("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')").fetchone()[0]


def _fetch(
    path: Path, sql: str, values: Mapping[str, object], prepare: _Prepare = _as_it_is
) -> Sequence[Mapping[str, Any]]:
    try:
        found = _ask_untouched(path, sql, values, prepare)
        return _ask(path, "mode=ro", sql, values, prepare) if found is None else found
    except sqlite3.DatabaseError as error:
        kind = LedgerUnavailable if isinstance(error, sqlite3.OperationalError) else LedgerDamaged
        raise kind(f"{path} cannot be read as a ledger: {error}", "Restore it, or name another") from error


def _ask_untouched(
    path: Path, sql: str, values: Mapping[str, object], prepare: _Prepare
) -> Sequence[Mapping[str, Any]] | None:
    """The answer, if nobody had the ledger open before, meanwhile and after; else None."""
    before = _state_of(path)
    if before.logged:
        return None
    try:
        found = _ask(path, "mode=ro&immutable=1", sql, values, prepare)
    except sqlite3.DatabaseError:
        if _state_of(path) == before:
            raise
        return None
    return found if _state_of(path) == before else None


def _ask(
    path: Path, mode: str, sql: str, values: Mapping[str, object], prepare: _Prepare
) -> Sequence[Mapping[str, Any]]:
    with closing(sqlite3.connect(file_uri(path, mode), uri=True, timeout=10)) as connection:
        connection.row_factory = sqlite3.Row
        prepare(connection)
        return [dict(row) for row in connection.execute(sql, dict(values))]


def file_uri(path: Path, mode: str) -> str:
    """The file as SQLite's own kind of URI, whatever its name is made of; `mode` is its query."""
    return f"file://{quote(os.fsencode(path.absolute()))}?{mode}"


def _state_of(path: Path) -> _FileState:
    stat = path.stat()
    return _FileState(path.with_name(path.name + "-wal").exists(), stat.st_mtime_ns, stat.st_size)
