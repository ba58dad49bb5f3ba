"""Opening a ledger: by its URL, of the right version, and without starting a database library before it is needed."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from render.errors import LedgerError
from render.ledger.reading import LedgerReader
from render.ledger.versions import HEAD, check_version

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

    from render.ledger.ledger import Ledger

_SQLITE = "sqlite:///"
_PATIENCE_S = 60.0


def open_ledger(url: str, *, create: bool = True) -> Ledger:
    """The ledger at this SQLAlchemy URL, ready to write.

    A SQLite file is made (with its folder, readable by its owner only) and brought to this version by itself;
    PostgreSQL only by `migrate`. Raises LedgerError where it cannot be opened or is of another version.
    """
    from render.ledger.database import open_engine, reading
    from render.ledger.ledger import Ledger
    from render.ledger.schema import check_shape, version_of

    path = sqlite_path(url)
    if path is not None:
        _prepare_file(path, create=create)
    target = _url(url)
    engine = open_engine(target)
    try:
        if path is not None:
            _prepare_sqlite(engine, path)
        with reading(engine) as conn:
            check_version(version_of(conn, _shown(target)), _shown(target))
            check_shape(conn, HEAD, _shown(target))
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine)


def open_ledger_read_only(url: str) -> LedgerReader | None:
    """The ledger to look at: writes and creates nothing. None where no SQLite ledger was made yet."""
    path = sqlite_path(url)
    if path is not None:
        from render.ledger.peeking import peek

        return peek(path) if path.is_file() and path.stat().st_size else None
    return _read_postgresql(_url(url))


def migrate(url: str) -> str:
    """Bring the ledger's tables to this version; returns it. Run it while nothing else uses the ledger."""
    from render.ledger.schema import upgrade

    path = sqlite_path(url)
    if path is not None:
        _prepare_file(path, create=True)
        _write_ahead(path)
    target = _url(url)
    return upgrade(target, _shown(target))


def sqlite_path(url: str) -> Path | None:
    """The file of a SQLite URL, None for any other. Raises LedgerError for one that would not outlive the process."""
    if not url.startswith("sqlite"):
        return None
    path = unquote(url.removeprefix(_SQLITE).partition("?")[0])
    if not url.startswith(_SQLITE) or path in ("", ":memory:"):
        raise LedgerError(f"{url!r} names no file: a ledger must outlive the process. Write sqlite:///PATH")
    return Path(path)


def _url(url: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        parsed = make_url(url)
    except ArgumentError:
        raise LedgerError(
            "TAILFRAME_LEDGER_URL is not a database URL. Write sqlite:///PATH or postgresql://…"
        ) from None
    name = parsed.drivername
    if name in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if name in ("sqlite", "postgresql+psycopg"):
        return parsed
    raise LedgerError(f"a ledger cannot be kept in {name!r}. Valid are: sqlite:///PATH, postgresql://…")


def _shown(url: URL) -> str:
    return url.render_as_string(hide_password=True)


def _prepare_file(path: Path, *, create: bool) -> None:
    if path.exists():
        _refuse_foreign(path)
        return
    if not create:
        raise LedgerError(f"there is no ledger at {path} yet; `tailframe produce` makes one")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_CREAT | os.O_WRONLY, 0o600))
    except OSError as error:
        raise LedgerError(
            f"the ledger cannot be made at {path}: {error.strerror}. Check the folder's rights"
        ) from error


def _refuse_foreign(path: Path) -> None:
    """Before anything is written: a file that is another's, or that somebody else has changed, stays as it is."""
    from render.ledger.peeking import peek

    if path.is_file() and path.stat().st_size:
        peek(path)


def _prepare_sqlite(engine: Engine, path: Path) -> None:
    from render.ledger.database import reading
    from render.ledger.schema import upgrade, version_of

    _write_ahead(path)
    with reading(engine) as conn:
        version = version_of(conn, str(path))
    if version != HEAD:
        upgrade(engine.url, str(path))


def _write_ahead(path: Path) -> None:
    """Switch a SQLite file to write-ahead logging, which it then keeps.

    Two processes that switch a new file at the same moment get "locked" at once, whatever the busy time-out says.
    """
    until = time.monotonic() + _PATIENCE_S
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
            while not _switched(connection):
                if time.monotonic() > until:
                    raise LedgerError(
                        f"the ledger at {path} cannot log ahead: another program locks it, or its disk is a network "
                        "share. Close the program, or keep the ledger on a disk of this machine"
                    )
                time.sleep(0.02)
    except sqlite3.DatabaseError as error:
        raise LedgerError(f"{path} is not a ledger: {error}. Move it away, or name another") from error


def _switched(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal")
    except sqlite3.OperationalError as error:
        if "locked" in str(error):
            return False
        raise


def _read_postgresql(url: URL) -> LedgerReader:
    from render.ledger.database import fetch_rows, open_engine, reading
    from render.ledger.schema import check_shape, version_of

    engine = open_engine(url).execution_options(postgresql_readonly=True)
    try:
        with reading(engine) as conn:
            check_version(version_of(conn, _shown(url)), _shown(url))
            check_shape(conn, HEAD, _shown(url))
    except BaseException:
        engine.dispose()
        raise

    def fetch(sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
        with reading(engine) as conn:
            return fetch_rows(conn, sql, values)

    return LedgerReader(fetch, engine.dispose)
