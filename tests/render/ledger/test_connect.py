"""Opening ledgers: of the right version, for the right eyes, and without a trace where only looked at."""

from __future__ import annotations

import shutil
import stat
import subprocess
import sys
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text

import render.ledger
from render.errors import LedgerDamaged, LedgerError, LedgerUnavailable, LedgerVersion
from render.ledger import callback_tokens, migrate, open_ledger, open_ledger_read_only, queries
from render.ledger.reader import ReadTransaction
from render.ledger.schema_versions import HEAD, KNOWN
from render.ledger.tables import metadata
from tests.render.ledger.stage import SERIES, Stage
from tests.thinning import exhaustive

MIGRATIONS = Path(render.ledger.__file__).parent / "migrations"


def pragma(tx: ReadTransaction, name: str) -> Mapping[str, Any]:
    """What SQLite says of itself."""
    return tx.rows(f"PRAGMA {name}")[0]


def test_a_sqlite_ledger_makes_itself_for_its_owner_only(tmp_path: Path) -> None:
    """Folders and file are made where there are none, and nobody else may read them."""
    path = tmp_path / "project" / ".tailframe" / "ledger.sqlite"
    with open_ledger(f"sqlite:///{path}") as ledger:
        Stage.begin(ledger).done()
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_a_sqlite_ledger_loses_no_commit(tmp_path: Path) -> None:
    """It logs ahead, waits for the disk, and checks what rows point at."""
    with open_ledger(f"sqlite:///{tmp_path / 'l.sqlite'}") as ledger:
        settings = {name: ledger.read(pragma, name) for name in ("journal_mode", "foreign_keys")}
        synchronous, patience = ledger.read(pragma, "synchronous"), ledger.read(pragma, "busy_timeout")
    assert settings == {"journal_mode": {"journal_mode": "wal"}, "foreign_keys": {"foreign_keys": 1}}
    assert synchronous == {"synchronous": 2}
    assert patience == {"timeout": 60_000}


def test_a_ledger_is_not_made_where_none_is_wanted(tmp_path: Path) -> None:
    """`create=False` says that there is none."""
    with pytest.raises(LedgerError, match="no ledger at"):
        open_ledger(f"sqlite:///{tmp_path / 'l.sqlite'}", create=False)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where a folder should be is an error that says where."""
    (tmp_path / "file").touch()
    with pytest.raises(LedgerUnavailable, match="cannot be made at"):
        open_ledger(f"sqlite:///{tmp_path / 'file' / 'l.sqlite'}")


def test_postgresql_is_brought_up_only_on_purpose(postgres_empty_url: str) -> None:
    """A shared database is never changed by opening it."""
    for look in (open_ledger, open_ledger_read_only):
        with pytest.raises(LedgerVersion, match="Run `tailframe migrate`"):
            look(postgres_empty_url)
    assert migrate(postgres_empty_url) == HEAD
    assert migrate(postgres_empty_url) == HEAD, "safe to repeat"
    open_ledger(postgres_empty_url).close()


def test_every_spelling_of_postgresql_is_understood(postgres_ledger_url: str) -> None:
    """`postgresql://` and SQLAlchemy's own name for the driver both open it."""
    for scheme in ("postgresql", "postgresql+psycopg"):
        open_ledger(postgres_ledger_url.replace("postgresql", scheme, 1)).close()


@pytest.mark.parametrize("look", [open_ledger, open_ledger_read_only, migrate])
def test_a_ledger_of_the_future_is_left_alone(ledger_url: str, look: object) -> None:
    """An older Tailframe neither reads nor writes nor migrates what it does not know."""
    _set_version(ledger_url, "9999")
    with pytest.raises(LedgerVersion, match="written by a newer Tailframe"):
        look(ledger_url)  # type: ignore[operator]


def test_an_older_version_asks_for_migrate(monkeypatch: pytest.MonkeyPatch) -> None:
    """A known older version is named together with the way out."""
    monkeypatch.setattr("render.ledger.schema_versions.KNOWN", ("0000", *KNOWN))
    with pytest.raises(LedgerVersion, match=r"of version 0000.*Run `tailframe migrate`"):
        render.ledger.schema_versions.check_version("0000", "here")


@pytest.mark.parametrize("look", [open_ledger, open_ledger_read_only, migrate])
def test_a_file_that_is_no_ledger_is_left_alone(tmp_path: Path, look: object) -> None:
    """Somebody's text is not overwritten."""
    path = tmp_path / "l.sqlite"
    path.write_text("dear diary, " * 100)
    with pytest.raises(LedgerDamaged, match=r"not a ledger|cannot be read as a ledger"):
        look(f"sqlite:///{path}")  # type: ignore[operator]
    assert path.read_text().startswith("dear diary")


def test_somebody_elses_database_is_left_alone(tmp_path: Path, postgres_empty_url: str) -> None:
    """A database with other tables in it is not made a ledger."""
    for url in (f"sqlite:///{tmp_path / 'other.sqlite'}", postgres_empty_url):
        engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
        with engine.begin() as conn:
            conn.execute(text("CREATE TABLE recipes (name TEXT)"))
        engine.dispose()
        with pytest.raises(LedgerDamaged, match="database of something else"):
            migrate(url)


@pytest.mark.parametrize(
    ("url", "message"),
    [
        ("sqlite://", "names no file"),
        ("sqlite:///:memory:", "names no file"),
        ("mysql://localhost/x", "cannot be kept in 'mysql'"),
        ("ledger.sqlite", "is not a database URL"),
    ],
)
def test_a_url_that_is_no_ledgers_is_refused(url: str, message: str) -> None:
    """With what to write instead."""
    with pytest.raises(LedgerError, match=message):
        open_ledger(url)


def test_no_error_shows_the_databases_password() -> None:
    """A server that does not answer is named without its key."""
    with pytest.raises(LedgerError) as refused:
        open_ledger("postgresql://user:hunter2@127.0.0.1:1/tailframe")
    assert "hunter2" not in str(refused.value)
    assert "user:***@127.0.0.1:1" in str(refused.value)


def test_looking_where_nothing_is_finds_nothing(tmp_path: Path) -> None:
    """Before the first run there is no ledger, and looking makes none; nor is an unfinished one taken for one."""
    assert open_ledger_read_only(f"sqlite:///{tmp_path / 'deep' / 'l.sqlite'}") is None
    (tmp_path / "l.sqlite").touch()
    assert open_ledger_read_only(f"sqlite:///{tmp_path / 'l.sqlite'}") is None
    assert _names_in(tmp_path) == ["l.sqlite"]


def test_looking_leaves_no_trace(tmp_path: Path) -> None:
    """A ledger that nobody has open is read byte for byte as it lies there, also without the right to write."""
    path = tmp_path / "l.sqlite"
    with open_ledger(f"sqlite:///{path}") as ledger:
        take = Stage.begin(ledger).done()
    before = (path.read_bytes(), path.stat().st_mtime_ns)
    path.chmod(0o400)

    reader = open_ledger_read_only(f"sqlite:///{path}")

    assert reader is not None
    with reader:
        assert reader.read(queries.take, take.id) == take
        assert reader.read(queries.circles, SERIES)[0].take == take.id
    assert (path.read_bytes(), path.stat().st_mtime_ns) == before
    assert _names_in(tmp_path) == ["l.sqlite"]


def test_looking_sees_what_a_writer_has_just_committed(ledger_url: str) -> None:
    """A reader that was opened before still sees every later commit, whoever holds the ledger open."""
    with open_ledger(ledger_url) as ledger:
        stage = Stage.begin(ledger)
        with open_ledger_read_only(ledger_url) or pytest.fail("no ledger") as reader:
            assert reader.read(queries.takes, SERIES) == ()
            take = stage.done()
            assert reader.read(queries.takes, SERIES) == (take,)
            assert reader.read(queries.take_facts, SERIES)[0].id == take.id
            assert reader.read(queries.money, SERIES) == ledger.read(queries.money, SERIES)
    with open_ledger_read_only(ledger_url) or pytest.fail("no ledger") as reader:
        assert reader.read(queries.takes, SERIES) == (take,)


def test_a_looker_knows_what_time_it_is(ledger_url: str) -> None:
    """Questions that depend on the time are answered alike for who may write and for who may not, by one clock."""
    with open_ledger(ledger_url) as ledger, open_ledger_read_only(ledger_url) or pytest.fail("no ledger") as reader:
        ledger.write(callback_tokens.renew_callback_server, "https://here.example")
        assert (
            reader.read(callback_tokens.callback_server_url)
            == ledger.read(callback_tokens.callback_server_url)
            == "https://here.example"
        )
        before, here, after = (each.read(lambda tx: tx.now) for each in (ledger, reader, ledger))
        assert before.utcoffset() == here.utcoffset() == timedelta(0)
        assert before <= here <= after


def test_a_looker_cannot_write(postgres_ledger_url: str) -> None:
    """A shared ledger is protected by the server itself."""
    with (
        open_ledger_read_only(postgres_ledger_url) or pytest.fail("no ledger") as reader,
        pytest.raises(LedgerUnavailable, match="read-only"),
    ):
        reader.read(lambda tx: tx.rows("INSERT INTO holds VALUES ('s', 'x', 'y', now()) RETURNING 1"))


def test_looking_loads_no_database_library(tmp_path: Path) -> None:
    """`tailframe plan` starts at once: SQLAlchemy and Alembic stay where they are."""
    path = tmp_path / "l.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    script = (
        "import sys; from render.ledger import open_ledger_read_only as look, queries; "
        f"reader = look('sqlite:///{path}'); assert reader.read(queries.take_facts, 'x') == (); "
        "print([name for name in ('sqlalchemy', 'alembic', 'psycopg') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@exhaustive
def test_processes_that_open_a_new_ledger_together_all_get_it(tmp_path: Path) -> None:
    """The first run of a series may be two runs."""
    url = f"sqlite:///{tmp_path / 'new' / 'l.sqlite'}"
    script = (
        f"from render.ledger import holds, open_ledger; open_ledger({url!r}).write(holds.hold, 's', 'me', 'because')"
    )
    started = [subprocess.Popen([sys.executable, "-c", script]) for _ in range(4)]
    assert [process.wait(60) for process in started] == [0, 0, 0, 0]


def test_the_tables_are_what_the_migrations_make(ledger_url: str) -> None:
    """Code and schema never drift apart, on either database."""
    engine = create_engine(ledger_url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as conn:
        context = MigrationContext.configure(conn, opts={"compare_type": True})
        differences = compare_metadata(context, metadata)
    engine.dispose()
    assert differences == []


def test_the_newest_migration_is_the_version_that_is_asked_for() -> None:
    """Every step is known by name, in order, and the last is the head."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    steps = [step.revision for step in ScriptDirectory.from_config(config).walk_revisions()]
    assert tuple(reversed(steps)) == KNOWN
    assert steps[0] == HEAD


def test_a_ledger_survives_being_copied(tmp_path: Path) -> None:
    """Closed, a SQLite ledger is one file: a backup is a copy of it."""
    path, copy = tmp_path / "l.sqlite", tmp_path / "copy.sqlite"
    with open_ledger(f"sqlite:///{path}") as ledger:
        take = Stage.begin(ledger).done()
    assert _names_in(tmp_path) == ["l.sqlite"]
    shutil.copy(path, copy)
    with open_ledger(f"sqlite:///{copy}") as ledger:
        assert ledger.read(queries.take, take.id) == take


def _names_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def _set_version(url: str, version: str) -> None:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = :version"), {"version": version})
    engine.dispose()
