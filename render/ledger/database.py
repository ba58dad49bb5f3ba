"""SQLite and PostgreSQL behind one interface: one writer at a time, every write on disk before it counts, one clock.

SQLite allows one writer anyway (`BEGIN IMMEDIATE`). PostgreSQL is held to the same by one advisory lock per writing
transaction: takes run for minutes and their transitions for milliseconds, so nobody waits, and what a claim has read
(rivals, the account's jobs, caps) cannot change before it is committed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import URL, Connection, Engine, RootTransaction, create_engine, event, text
from sqlalchemy.exc import DBAPIError, InterfaceError, InternalError, OperationalError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from render.errors import LedgerError, LedgerUnavailable, Unconfirmed
from render.ledger.reader import ReadTransaction

PATIENCE_S = 60  # how long a writer waits for another, then LedgerUnavailable is raised
_LOCK = 0x7461696C  # "tail": the advisory lock that stands for "the one writer" of a PostgreSQL ledger
_WRITES = "tailframe_writes"
_PASSING = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR})

_CLOCK = {
    "sqlite": text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')"),
    "postgresql": text("SELECT clock_timestamp()"),
}


@dataclass(frozen=True, slots=True)
class Transaction:
    """One write: everything in it is committed together or not at all."""

    conn: Connection
    now: datetime  # by the database's clock, once it holds the write lock
    host: str
    run: str  # on whose behalf; empty where no run is known
    after_commit: list[Callable[[], None]] = field(default_factory=list)  # not called where it is rolled back

    def rows(self, sql: str, /, **values: object) -> Sequence[Mapping[str, Any]]:
        """All rows of one query as this transaction sees them."""
        return fetch_rows(self.conn, sql, values)


@dataclass(frozen=True, slots=True)
class _Look:
    """A connection that only reads: the database's `ReadTransaction`."""

    conn: Connection

    @property
    def now(self) -> datetime:
        """Asked anew each time, and only by the few queries that need it."""
        return _now(self.conn)

    def rows(self, sql: str, /, **values: object) -> Sequence[Mapping[str, Any]]:
        """All rows of one query."""
        return fetch_rows(self.conn, sql, values)


def open_engine(url: URL, *, rebuilds: bool = False) -> Engine:
    """An engine for this ledger. Connects to nothing yet.

    `rebuilds` is for migrations: SQLite changes a table by making it anew, and rows of others point at nothing
    meanwhile. Whoever does that checks them before the end.
    """
    return _sqlite(url, checks_references=not rebuilds) if url.get_backend_name() == "sqlite" else _postgresql(url)


def shown(url: URL) -> str:
    """Where a ledger is, for a person: a SQLite file as it is spelled on the disk, a server without its password."""
    if url.get_backend_name() == "sqlite" and url.database:
        return url.database
    return url.render_as_string(hide_password=True)


@contextmanager
def writing(engine: Engine, *, host: str = "", run: str = "") -> Iterator[Transaction]:
    """A transaction that nobody else writes beside.

    Raises LedgerUnavailable where the database fails: nothing has changed then. Unconfirmed where a server went away
    within the commit, so that nobody can tell.
    """
    with told_plainly(engine), engine.connect() as plain:
        conn = plain.execution_options(**{_WRITES: True})
        with conn.begin() as transaction:
            tx = Transaction(conn, _now(conn), host, run)
            yield tx
            _commit(transaction, engine)
    for tell in tx.after_commit:
        tell()


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection that only reads."""
    with told_plainly(engine), engine.connect() as conn:
        yield conn


@contextmanager
def looking(engine: Engine) -> Iterator[ReadTransaction]:
    """What a query is given: a connection that only reads, with the database's clock."""
    with reading(engine) as conn:
        yield _Look(conn)


def fetch_rows(conn: Connection, sql: str, values: Mapping[str, object]) -> Sequence[Mapping[str, Any]]:
    """All rows of a query, by column name."""
    return [dict(row) for row in conn.execute(text(sql), values).mappings()]


@contextmanager
def told_plainly(engine: Engine) -> Iterator[None]:
    """Turn what a driver raises into a LedgerUnavailable that says where and what to do."""
    try:
        yield
    except (DBAPIError, PoolTimeout, sqlite3.Error) as error:
        cause = getattr(error, "orig", None) or error
        raise LedgerUnavailable(
            f"the ledger at {shown(engine.url)} did not answer as it should: {str(cause).strip()}",
            "The step is written whole or not at all; check the disk or the server, and run the command again",
            lasting=not _passes(error),
        ) from error
    except SQLAlchemyError as error:
        told = f"the ledger was asked for something it cannot do: {error}"
        raise LedgerUnavailable(told, "Please report this", lasting=True) from error


def _passes(error: Exception) -> bool:
    """Whether it is of a server that is away or starts, of a disk that is full, of a lock that somebody holds."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        return (getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF in _PASSING
    return isinstance(error, OperationalError | InterfaceError | InternalError | PoolTimeout)


def _commit(transaction: RootTransaction, engine: Engine) -> None:
    """A file's own error says that nothing was written; a server's, that it went away before it could answer."""
    try:
        transaction.commit()
    except (OperationalError, InterfaceError) as error:
        if engine.dialect.name == "sqlite":
            raise
        raise Unconfirmed(
            f"the ledger at {shown(engine.url)} went away while a step was committed: {str(error.orig).strip()}",
            "The step is written whole or not at all; check the server, and run the command again",
        ) from error


def _now(conn: Connection) -> datetime:
    moment = conn.execute(_CLOCK[conn.dialect.name]).scalar_one()
    if isinstance(moment, str):
        return datetime.fromisoformat(moment).replace(tzinfo=UTC)
    assert isinstance(moment, datetime)
    return moment.astimezone(UTC)


def _sqlite(url: URL, *, checks_references: bool) -> Engine:
    try:
        engine = create_engine(url, max_overflow=-1, connect_args={"timeout": PATIENCE_S})
    except ValueError as error:
        raise LedgerError(f"TAILFRAME_LEDGER_URL has an option that cannot be read: {error}", "Leave it out") from error

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # the driver starts no transactions of its own; `_begin` does
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute(f"PRAGMA foreign_keys={'ON' if checks_references else 'OFF'}")

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql("BEGIN IMMEDIATE" if conn.get_execution_options().get(_WRITES) else "BEGIN")

    return engine


def _postgresql(url: URL) -> Engine:
    engine = create_engine(url, isolation_level="READ COMMITTED", pool_pre_ping=True, pool_timeout=PATIENCE_S)

    @event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        if not conn.get_execution_options().get(_WRITES):
            return
        conn.exec_driver_sql(
            f"SELECT set_config('lock_timeout', '{PATIENCE_S}s', true), set_config('synchronous_commit', 'on', true), "
            f"set_config('idle_in_transaction_session_timeout', '{PATIENCE_S}s', true)"
        )
        conn.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")

    return engine
