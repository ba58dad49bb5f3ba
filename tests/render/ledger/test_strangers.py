"""A ledger from somebody else: its code never runs, its shape is ours or it is refused, its rows never crash."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine

import render.ledger
from render.errors import LedgerDamaged, LedgerError, RenderError
from render.ledger import callback_tokens, claims, holds, migrate, open_ledger, open_ledger_read_only, queries
from render.ledger.schema_check import SQLITE_OBJECTS, SQLITE_SHAPES, check_sqlite_shape
from render.ledger.schema_versions import KNOWN
from storyboard.shot import Caps
from tests.ledgers.earlier import earlier_sqlite
from tests.render.ledger.stage import SERIES, Stage, want
from tests.thinning import examples

MIGRATIONS = Path(render.ledger.__file__).parent / "migrations"
LOOKS = (open_ledger, open_ledger_read_only, migrate)
NO_CAPS = "CREATE TRIGGER free_money AFTER UPDATE ON budgets BEGIN UPDATE budgets SET reserved_micros = 0; END"
ENDLESS = "WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n) SELECT max(x) AS version_num FROM n"
CHANGES = {
    "a trigger that takes the caps away": (NO_CAPS, "the trigger 'free_money'"),
    "a trigger with a name that moves the cursor": (
        'CREATE TRIGGER "\x1b[2J" AFTER INSERT ON takes BEGIN SELECT 1; END',
        r"the trigger '\\x1b\[2J'",
    ),
    "a trigger under the name of ours": (
        "DROP TRIGGER events_are_never_changed; CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events "
        "BEGIN SELECT 1; END",
        "tables that it never makes so",
    ),
    "no trigger where there is one": ("DROP TRIGGER events_are_never_deleted", "tables that it never makes so"),
    "a view": ("CREATE VIEW money AS SELECT * FROM budgets", "the view 'money'"),
    "a view in the place of a table": (
        "DROP TABLE holds; CREATE VIEW holds AS SELECT 's' AS series, '' AS held_by, '' AS why, '' AS at WHERE 0",
        "the view 'holds'",
    ),
    "a view that never ends": (
        f"DROP TABLE alembic_version; CREATE VIEW alembic_version AS {ENDLESS}",
        "a version that is not a table",
    ),
    "another table": ("CREATE TABLE wishes (words TEXT)", "tables that it never makes so"),
    "another column": ("ALTER TABLE takes ADD COLUMN free BOOLEAN", "tables that it never makes so"),
    "another index": ("CREATE INDEX more ON takes (shot)", "tables that it never makes so"),
    "a rule that is missing": ("DROP INDEX uq_takes_live_fingerprint", "tables that it never makes so"),
    "a table without its rules": (
        "DROP TABLE budgets; CREATE TABLE budgets (series, scope, key, cap_micros, spent_micros, reserved_micros)",
        "tables that it never makes so",
    ),
}
CLIP = (
    '{"sha256": "' + "a" * 64 + '", "bytes": 1, "width": 1, "height": 1, "frames": 1, "fps": "%s", "duration_s": "%s", '
    '"frame_times_us": null, "audio_s": null}'
)
"""A clip whose numbers are short to write."""
GARBAGE: tuple[Any, ...] = (
    None,
    -1,
    2**62,
    1e300,
    "",
    "doen",
    "\x1b[2J",
    "{",
    '{"sha256": "../../etc/passwd"}',
    CLIP % ("1e999999999", "1"),
    CLIP % ("24", "1e-999999999"),
    "[" * 5000,
    "9" * 30,
    b"\xff\x00",
)


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ledger with takes in it, to be copied and changed."""
    path = tmp_path_factory.mktemp("strangers") / "l.sqlite"
    with open_ledger(f"sqlite:///{path}") as ledger:
        stage = Stage.begin(ledger, Caps(series=Decimal(10)))
        stage.done()
        stage.unknown("e01/lamp/020")
        stage.submitted("e01/lamp/030")
        ledger.write(callback_tokens.open_callback_link, stage.submitting("e01/lamp/040").id, "ann")
        ledger.write(holds.hold, SERIES, "ann", "the script changes")
    return path


@pytest.mark.parametrize("version", KNOWN)
def test_what_the_steps_make_is_known(tmp_path: Path, version: str) -> None:
    """The shapes that are compared with are those of the real steps, at every version."""
    path = tmp_path / "l.sqlite"
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as conn:
        config = Config()
        config.set_main_option("script_location", str(MIGRATIONS))
        config.set_main_option("path_separator", "os")
        config.attributes["connection"] = conn
        command.upgrade(config, version)
    engine.dispose()
    with closing(sqlite3.connect(path)) as connection:
        connection.row_factory = sqlite3.Row
        objects = [dict(row) for row in connection.execute(SQLITE_OBJECTS)]
    check_sqlite_shape(version, objects, "here")
    assert set(SQLITE_SHAPES) == set(KNOWN)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("what", CHANGES)
def test_a_ledger_of_another_shape_is_refused_and_left_alone(
    made: Path, tmp_path: Path, what: str, look: Callable[[str], object]
) -> None:
    """For writing, for reading and for bringing up; in one sentence that names what is odd, fit for a terminal."""
    script, told = CHANGES[what]
    path = _changed(made, tmp_path, script)
    before = path.read_bytes()
    with pytest.raises(LedgerDamaged, match=rf"not made by Tailframe alone: it has {told}") as refused:
        look(f"sqlite:///{path}")
    assert str(refused.value).isprintable()
    assert path.read_bytes() == before


@pytest.mark.parametrize("look", LOOKS)
def test_an_earlier_ledger_of_another_shape_is_not_brought_up(tmp_path: Path, look: Callable[[str], object]) -> None:
    """A trigger would go on working in the tables that the steps leave where they are."""
    url = earlier_sqlite(tmp_path / "l.sqlite")
    with closing(sqlite3.connect(tmp_path / "l.sqlite")) as connection:
        connection.executescript(NO_CAPS)
    with pytest.raises(LedgerDamaged, match="it has the trigger 'free_money'"):
        look(url)


def test_statistics_that_an_operator_asked_for_are_fine(made: Path, tmp_path: Path) -> None:
    """ANALYZE makes tables of SQLite's own, which change no answer."""
    path = _changed(made, tmp_path, "ANALYZE")
    open_ledger(f"sqlite:///{path}").close()


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "CREATE FUNCTION forget() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN NEW.reserved_micros = 0; RETURN NEW; END $$; "
            "CREATE TRIGGER free_money BEFORE UPDATE ON budgets FOR EACH ROW EXECUTE FUNCTION forget()",
            "the trigger or rule 'free_money' on 'budgets'",
        ),
        ("CREATE RULE quiet AS ON INSERT TO events DO INSTEAD NOTHING", "the trigger or rule 'quiet' on 'events'"),
        ("CREATE POLICY mine ON takes USING (true)", "the trigger or rule 'mine' on 'takes'"),
        ("DROP TABLE holds; CREATE VIEW holds AS SELECT 1 AS series", "the view 'holds'"),
        ("ALTER TABLE events DISABLE TRIGGER events_are_never_changed", "events that can be changed"),
        ("DROP TRIGGER events_are_never_changed ON events", "events that can be changed"),
        ("ALTER TABLE takes ADD COLUMN free boolean", "a table takes that it never makes so"),
    ],
)
def test_a_shared_ledger_is_looked_at_too(postgres_ledger_url: str, script: str, told: str) -> None:
    """Triggers, rules, policies and views that Tailframe does not make; and its own that are missing."""
    with psycopg.connect(postgres_ledger_url, autocommit=True) as connection:
        connection.execute(script.encode())
    for look in (open_ledger, open_ledger_read_only):
        with pytest.raises(LedgerDamaged, match=f"it has {told}"):
            look(postgres_ledger_url)


@settings(max_examples=examples(30))
@given(data=st.data())
@pytest.mark.parametrize("earlier", [False, True])
def test_whatever_stands_in_a_row_ends_in_a_sentence(
    made: Path, tmp_path_factory: pytest.TempPathFactory, earlier: bool, data: st.DataObject
) -> None:
    """A state that there is not, JSON that is none, text for a number: said in one sentence, by readers and writers."""
    path = tmp_path_factory.mktemp("garbage") / "l.sqlite"
    if earlier:
        earlier_sqlite(path)
    else:
        shutil.copy(made, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        table = data.draw(st.sampled_from([each for each in tables if each not in {"alembic_version", "events"}]))
        columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
        for column in data.draw(st.lists(st.sampled_from(columns), min_size=1, max_size=3)):
            value = data.draw(st.sampled_from(GARBAGE))
            try:
                connection.execute(f"UPDATE {table} SET {column} = ?", (value,))
            except sqlite3.IntegrityError:
                continue
        connection.commit()
    with _only_sentences(), open_ledger_read_only(f"sqlite:///{path}") or pytest.fail("no ledger") as reader:
        for ask in _QUESTIONS:
            with _only_sentences():
                ask(reader)
    with _only_sentences(), open_ledger(f"sqlite:///{path}") as ledger:
        with _only_sentences():
            ledger.write(claims.expire_leases, SERIES)
        with _only_sentences():
            ledger.write(holds.release, SERIES)
        with _only_sentences():
            stage = Stage.begin(ledger)
            (take,) = stage.open(want("e01/lamp/050"))
            stage.claim(take, bound=5, lease=timedelta(minutes=1))
            stage.generate(stage.submit(take))


_QUESTIONS: tuple[Callable[[Any], object], ...] = (
    lambda reader: reader.read(queries.takes, SERIES),
    lambda reader: reader.read(queries.take_facts, SERIES),
    lambda reader: reader.read(queries.circles, SERIES),
    lambda reader: reader.read(queries.alarms),
    lambda reader: reader.read(queries.budgets, SERIES),
    lambda reader: reader.read(queries.money, SERIES),
    lambda reader: reader.read(queries.money, SERIES, "e01"),
    lambda reader: reader.read(queries.held, SERIES),
    lambda reader: reader.read(queries.callbacks_received, SERIES),
    lambda reader: reader.read(queries.interrupted, SERIES, "e01", ""),
    lambda reader: [reader.read(queries.events, take.id) for take in reader.read(queries.takes, SERIES)],
)


class _only_sentences:  # noqa: N801  reads as a statement
    """Errors that say what happened in one line are how this may end; anything else is a mistake."""

    def __enter__(self) -> None:
        """Begin."""

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, _: object) -> bool:
        if not isinstance(error, RenderError):
            return False
        assert str(error).isprintable() or not isinstance(error, LedgerError), str(error)
        return True


def _changed(made: Path, folder: Path, script: str) -> Path:
    path = folder / "l.sqlite"
    shutil.copy(made, path)
    with closing(sqlite3.connect(path)) as connection:
        connection.executescript(script)
    return path
