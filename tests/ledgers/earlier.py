"""Ledgers as earlier versions of Tailframe really wrote them: dumps that were made by that very code, and never change.

v0002.sqlite.sql, v0002.postgresql.sql   two series. `harbour` was produced from the project beside them, once at
                                         http://127.0.0.1 and once more at http://localhost, which bought it again;
                                         `lighthouse` has takes in every state at two spellings of one vendor
v0002-bills.sqlite.sql                   bills of 10^15 credits, which made its sums floating point
v0002.takes.json                         the takes.json of harbour's archive
harbour/                                 the project: no references, so that its wishes are its YAML alone
v0003.sqlite.sql                         `pier`, produced once from the project beside it, with the references of the
                                         example, at two vendors of the sandbox: chains of every mode, `auto`, a song
pier/                                    the project
v0004.sqlite.sql                         the same ledger, brought up by version 0004: three takes have a note, one of
                                         them on a frame, and the last shot's is rejected
"""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import psycopg

HERE = Path(__file__).parent
TAKES_JSON = HERE / "v0002.takes.json"


def earlier_sqlite(path: Path, name: str = "v0002") -> str:
    """The URL of a SQLite ledger that this dump was made of."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.executescript((HERE / f"{name}.sqlite.sql").read_text())
    return f"sqlite:///{path}"


def earlier_postgres(empty_url: str) -> str:
    """The same ledger in PostgreSQL."""
    with psycopg.connect(empty_url, autocommit=True) as connection:
        connection.execute((HERE / "v0002.postgresql.sql").read_text().encode())
    return empty_url


def harbour(folder: Path) -> Path:
    """The project that the ledger was made for, with its ledger in it."""
    project = Path(shutil.copytree(HERE / "harbour", folder / "harbour"))
    earlier_sqlite(project / ".tailframe" / "ledger.sqlite")
    return project


def pier(folder: Path, version: str = "v0003") -> Path:
    """The project of version 0003 with its ledger in it; the references are those of the example series.

    version: of the ledger, v0003 or v0004.
    """
    project = Path(shutil.copytree(HERE / "pier", folder / "pier"))
    earlier_sqlite(project / ".tailframe" / "ledger.sqlite", version)
    return project
