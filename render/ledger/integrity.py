"""Whether a SQLite ledger's file is whole. PostgreSQL checks its own."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from render.ledger.sqlite_snapshot import file_uri

MOST_TOLD = 5


def damage(path: Path) -> tuple[str, ...]:
    """What SQLite finds broken in the file, a line each in its own words; empty where it is whole.

    Leaves no file beside it: nobody has a ledger open that has no write-ahead log, so such a one is opened as
    immutable. What is found then may come of a writer who opened it meanwhile, so it is checked again as shared.
    """
    logged = path.with_name(f"{path.name}-wal").exists()
    found = _checked(path, "mode=ro" if logged else "mode=ro&immutable=1")
    return found if logged or not found else _checked(path, "mode=ro")


def _checked(path: Path, mode: str) -> tuple[str, ...]:
    try:
        with closing(sqlite3.connect(file_uri(path, mode), uri=True, timeout=10)) as connection:
            rows = connection.execute(f"PRAGMA quick_check({MOST_TOLD})").fetchall()
    except sqlite3.DatabaseError as error:
        return (str(error),)
    return tuple(line for row in rows for line in str(row[0]).splitlines() if line != "ok")
