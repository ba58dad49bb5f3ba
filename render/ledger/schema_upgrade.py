"""Which version of the tables this Tailframe works with, and how a ledger gets there."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, inspect, text

from render.errors import LedgerDamaged
from render.ledger.database import fetch_rows, open_engine, writing
from render.ledger.schema_check import SQLITE_OBJECTS, check_postgresql_shape, check_sqlite_shape, names_version
from render.ledger.schema_versions import HEAD, check_version
from render.ledger.tables import metadata

_MIGRATIONS = Path(__file__).parent / "migrations"


def version_of(conn: Connection, where: str) -> str | None:
    """The version the tables have; None where there are none yet."""
    if conn.dialect.name == "sqlite":
        there = names_version(fetch_rows(conn, SQLITE_OBJECTS, {}), where)
    else:
        there = inspect(conn).has_table("alembic_version")
    if not there:
        return None
    version = conn.execute(text("SELECT version_num FROM alembic_version")).scalar_one_or_none()
    return None if version is None else str(version)


def upgrade(url: URL, where: str) -> str:
    """Bring the tables to this version, all steps or none; returns the version. Nobody writes meanwhile."""
    engine = open_engine(url, rebuilds=True)
    try:
        return _upgrade(engine, where)
    finally:
        engine.dispose()


def _upgrade(engine: Engine, where: str) -> str:
    with writing(engine) as tx:
        version = version_of(tx.conn, where)
        if version == HEAD:
            return HEAD
        if version is None:
            _refuse_foreign_tables(tx.conn, where)
        else:
            check_version(version, where, older_is_fine=True)
            check_shape(tx.conn, version, where)
        _run_alembic(tx.conn, where)
        _refuse_lost_references(tx.conn, where)
    return HEAD


def check_shape(conn: Connection, version: str, where: str) -> None:
    """LedgerDamaged unless the tables are those that this version's steps make, and nothing stands beside them."""

    def fetch(sql: str) -> Sequence[Mapping[str, Any]]:
        return fetch_rows(conn, sql, {})

    if conn.dialect.name == "sqlite":
        check_sqlite_shape(version, fetch(SQLITE_OBJECTS), where)
        return
    columns = {table.name: table.columns.keys() for table in metadata.tables.values()} if version == HEAD else None
    check_postgresql_shape(fetch, columns, where)


def _refuse_lost_references(conn: Connection, where: str) -> None:
    """Rows that point at nothing were never written by a Tailframe; PostgreSQL sees to it by itself."""
    if conn.dialect.name == "sqlite" and conn.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise LedgerDamaged(
            f"{where} is damaged: some of its rows name others that are not there", "Restore a backup of it"
        )


def _refuse_foreign_tables(conn: Connection, where: str) -> None:
    names = [*inspect(conn).get_table_names(), *inspect(conn).get_view_names()]
    if names:
        raise LedgerDamaged(
            f"{where} is a database of something else (it holds {', '.join(sorted(names)[:3])})",
            "Give the ledger a database of its own, with TAILFRAME_LEDGER_URL",
        )


def _run_alembic(conn: Connection, where: str) -> None:
    """Take every step that is missing. Raises LedgerDamaged where rows are of a kind that no step can read."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    try:
        command.upgrade(config, "head")
    except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError) as error:
        raise LedgerDamaged(
            f"the ledger at {where} has rows that no Tailframe wrote ({error!a:.200}), and is left as it is",
            "Restore a backup of it, or name another",
        ) from error
