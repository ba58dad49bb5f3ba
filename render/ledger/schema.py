"""Which version of the tables this Tailframe works with, and how a ledger gets there."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

from render.errors import LedgerError
from render.ledger.database import open_engine, writing
from render.ledger.versions import HEAD, check_version

_MIGRATIONS = Path(__file__).parent / "migrations"


def version_of(conn: Connection) -> str | None:
    """The version the tables have; None where there are none yet."""
    if not inspect(conn).has_table("alembic_version"):
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
        version = version_of(tx.conn)
        if version == HEAD:
            return HEAD
        if version is None:
            _refuse_foreign_tables(tx.conn, where)
        else:
            check_version(version, where, older_is_fine=True)
        _run_alembic(tx.conn)
        _refuse_lost_references(tx.conn, where)
    return HEAD


def _refuse_lost_references(conn: Connection, where: str) -> None:
    """Rows that point at nothing were never written by a Tailframe; PostgreSQL sees to it by itself."""
    if conn.dialect.name == "sqlite" and conn.execute(text("PRAGMA foreign_key_check")).first() is not None:
        raise LedgerError(
            f"{where} is damaged: some of its rows name others that are not there. Restore a backup of it"
        )


def _refuse_foreign_tables(conn: Connection, where: str) -> None:
    names = inspect(conn).get_table_names()
    if names:
        raise LedgerError(
            f"{where} is a database of something else (it holds {', '.join(sorted(names)[:3])}). "
            "Give the ledger a database of its own, with TAILFRAME_LEDGER_URL"
        )


def _run_alembic(conn: Connection) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = conn
    command.upgrade(config, "head")
