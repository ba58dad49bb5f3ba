"""A ledger of the first version, with takes and money in it, comes up to this one and loses nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import render.ledger
from render.errors import LedgerError
from render.ledger import migrate, open_ledger, open_ledger_read_only
from render.ledger.versions import HEAD
from tests.render.ledger.stage import ORIGIN, SERIES, Stage

MIGRATIONS = Path(render.ledger.__file__).parent / "migrations"
ADDED = ("doors", "doorkeepers")


def aged(url: str) -> str:
    """A ledger as the first version left it: with one take that is done and one that is unknown."""
    with open_ledger(url) as ledger:
        stage = Stage.begin(ledger)
        stage.done()
        stage.unknown("e01/lamp/020")
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as conn:
        for table in ADDED:
            conn.execute(text(f"DROP TABLE {table}"))
        conn.execute(text("UPDATE alembic_version SET version_num = '0001'"))
    engine.dispose()
    return url


def test_the_first_version_is_what_its_step_makes(postgres_empty_url: str, tmp_path: Path) -> None:
    """Each step stands for itself: the first alone makes no table of a later one, on either database."""
    for url in (f"sqlite:///{tmp_path / 'l.sqlite'}", postgres_empty_url.replace("://", "+psycopg://")):
        engine = create_engine(url)
        with engine.begin() as conn:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = conn
            command.upgrade(config, "0001")
            for table in ADDED:
                assert not engine.dialect.has_table(conn, table)
            command.upgrade(config, HEAD)
            assert all(engine.dialect.has_table(conn, table) for table in ADDED)
        engine.dispose()


def test_sqlite_comes_up_by_itself_and_keeps_everything(ledger_url: str) -> None:
    """PostgreSQL only by `migrate`; then every take, event and sum is what it was, and doors can be opened."""
    old_url = aged(ledger_url)
    if old_url.startswith("postgresql"):
        for look in (open_ledger, open_ledger_read_only):
            with pytest.raises(LedgerError, match=r"of version 0001.*Run `tailframe migrate`"):
                look(old_url)
        assert migrate(old_url) == HEAD
    with open_ledger(old_url) as ledger:
        done, unknown = ledger.takes(SERIES)
        assert (done.state.value, unknown.state.value) == ("done", "unknown")
        assert ledger.money(SERIES) == (1, 1)
        assert [event.to_state.value for event in ledger.events(unknown.id)] == ["planned", "submitting", "unknown"]
        assert not ledger.has_door(unknown.id)
        stage = Stage.begin(ledger)
        assert stage.ledger.open_door(stage.submitting("e01/lamp/030").id, "ann") is not None


def test_an_older_sqlite_ledger_is_looked_at_as_it_is(tmp_path: Path) -> None:
    """`plan` and `status` work before the first run of a new Tailframe, and change nothing."""
    path = tmp_path / "l.sqlite"
    url = aged(f"sqlite:///{path}")
    before = path.read_bytes()
    with open_ledger_read_only(url) or pytest.fail("no ledger") as reader:
        assert len(reader.takes(SERIES)) == len(reader.take_facts(SERIES)) == len(reader.takes_at(ORIGIN)) == 2
        assert reader.circles(SERIES)
        assert reader.budgets(SERIES)
        assert reader.alarms() == ()
        assert reader.held(SERIES) is None
        assert not reader.stopped(SERIES, ORIGIN)
    assert path.read_bytes() == before
