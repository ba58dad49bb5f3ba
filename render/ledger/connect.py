"""Opening a ledger: where it is, of the right version, and without starting a database library before it is needed.

A ledger is at a `Place`. A path is the SQLite file itself, letter by letter: no name of a folder can be mistaken for
part of a URL. A text is a URL that an operator wrote, and is read as SQLAlchemy reads it: what follows `sqlite:///` up
to the first `?` is the path, percent-decoded.
"""

from __future__ import annotations

import os
import sqlite3
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote

from render.errors import LedgerDamaged, LedgerError, LedgerUnavailable
from render.ledger.reader import LedgerReader
from render.ledger.schema_versions import HEAD, check_version

if TYPE_CHECKING:
    from sqlalchemy import URL, Engine

    from render.ledger.ledger import Ledger

Place = Path | str
"""A SQLite file, or the URL of a ledger."""

_SQLITE = "sqlite:///"
_OPTIONS = frozenset({"cached_statements", "check_same_thread", "detect_types", "isolation_level", "timeout"})
"""What the driver takes after a `?`. None of it names another file."""

_PATIENCE_S = 60.0
_PRIMARY = 0xFF  # the part of SQLite's extended result codes that says what it is; the rest says more of it


def open_ledger(place: Place, *, create: bool = True) -> Ledger:
    """The ledger at this place, ready to write.

    A SQLite file is made (with its folder, readable by its owner only) and brought to this version by itself;
    PostgreSQL only by `migrate`. Raises LedgerError where it cannot be opened or is of another version.
    """
    from render.ledger.database import open_engine, reading, shown
    from render.ledger.ledger import Ledger
    from render.ledger.schema_upgrade import check_shape, version_of

    path = sqlite_path(place)
    if path is not None:
        _prepare_file(path, create=create)
    target = _url(place)
    engine = open_engine(target)
    try:
        if path is not None:
            _prepare_sqlite(engine, path)
        with reading(engine) as conn:
            check_version(version_of(conn, shown(target)), shown(target))
            check_shape(conn, HEAD, shown(target))
    except BaseException:
        engine.dispose()
        raise
    return Ledger(engine)


def open_ledger_read_only(place: Place) -> LedgerReader | None:
    """The ledger to look at: writes and creates nothing. None where no SQLite ledger was made yet."""
    path = sqlite_path(place)
    if path is not None:
        from render.ledger.sqlite_snapshot import open_snapshot

        return open_snapshot(path) if path.is_file() and path.stat().st_size else None
    return _read_postgresql(_url(place))


def migrate(place: Place) -> str:
    """Bring the ledger's tables to this version; returns it. Run it while nothing else uses the ledger."""
    from render.ledger.database import shown
    from render.ledger.schema_upgrade import upgrade

    path = sqlite_path(place)
    if path is not None:
        _prepare_file(path, create=True)
        _write_ahead(path)
    target = _url(place)
    return upgrade(target, shown(target))


def sqlite_path(place: Place) -> Path | None:
    """The file of a SQLite ledger, None for any other. Raises LedgerError where it would not outlive the process."""
    if isinstance(place, Path):
        return place
    if not place.startswith("sqlite"):
        return None
    path, _, options = place.removeprefix(_SQLITE).partition("?")
    if not place.startswith(_SQLITE) or path in ("", ":memory:"):
        raise LedgerError(f"{place!r} names no file: a ledger must outlive the process", "Write sqlite:///PATH")
    if not {name for name, _ in _pairs(options)} <= _OPTIONS:
        raise LedgerError(
            f"TAILFRAME_LEDGER_URL has {'?' + options!r} after the path, which would be left out: the ledger would be "
            f"{unquote(path)}",
            "Write sqlite:///PATH, with %3F for a ? and %25 for a % in it",
        )
    return Path(unquote(path))


def _pairs(options: str) -> list[tuple[str, str]]:
    """NAME=VALUE of each option; what is none of these comes as a name that nobody knows."""
    try:
        return parse_qsl(options, keep_blank_values=True, strict_parsing=True) if options else []
    except ValueError:
        return [(options, "")]


def _url(place: Place) -> URL:
    from sqlalchemy import URL, make_url
    from sqlalchemy.exc import ArgumentError

    if isinstance(place, Path):
        return URL.create("sqlite", database=str(place))
    try:
        parsed = make_url(place)
    except (ArgumentError, ValueError):
        raise LedgerError(
            "TAILFRAME_LEDGER_URL is not a database URL", "Write sqlite:///PATH or postgresql://…"
        ) from None
    name = parsed.drivername
    if name in ("postgresql", "postgres"):
        return parsed.set(drivername="postgresql+psycopg")
    if name in ("sqlite", "postgresql+psycopg"):
        return parsed
    raise LedgerError(f"a ledger cannot be kept in {name!r}", "Valid are: sqlite:///PATH, postgresql://…")


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
        raise LedgerUnavailable(
            f"the ledger cannot be made at {path}: {error.strerror}", "Check the folder's rights"
        ) from error


def _refuse_foreign(path: Path) -> None:
    """Before anything is written: a file that is another's, or that somebody else has changed, stays as it is."""
    from render.ledger.sqlite_snapshot import open_snapshot

    if path.is_file() and path.stat().st_size:
        open_snapshot(path)


def _prepare_sqlite(engine: Engine, path: Path) -> None:
    from render.ledger.database import reading
    from render.ledger.schema_upgrade import upgrade, version_of

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
                    raise LedgerUnavailable(
                        f"the ledger at {path} cannot log ahead: another program locks it, or its disk is a network "
                        "share",
                        "Close the program, or keep the ledger on a disk of this machine",
                    )
                time.sleep(0.02)
    except sqlite3.DatabaseError as error:
        kind = LedgerUnavailable if isinstance(error, sqlite3.OperationalError) else LedgerDamaged
        raise kind(f"{path} is not a ledger: {error}", "Move it away, or name another") from error


def _switched(connection: sqlite3.Connection) -> bool:
    try:
        return bool(connection.execute("PRAGMA journal_mode=WAL").fetchone()[0] == "wal")
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode & _PRIMARY in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
            return False
        raise


def _read_postgresql(url: URL) -> LedgerReader:
    from render.ledger.database import looking, open_engine, reading, shown
    from render.ledger.schema_upgrade import check_shape, version_of

    engine = open_engine(url).execution_options(postgresql_readonly=True)
    try:
        with reading(engine) as conn:
            check_version(version_of(conn, shown(url)), shown(url))
            check_shape(conn, HEAD, shown(url))
    except BaseException:
        engine.dispose()
        raise

    return LedgerReader(lambda: looking(engine), engine.dispose)
