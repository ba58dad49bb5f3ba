"""Ledgers as earlier versions wrote them come up to this one: nothing is lost, and nothing of them is bought again."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, text

import render.ledger
from render.errors import LedgerVersion
from render.ledger import (
    Ledger,
    LedgerReader,
    Rival,
    Want,
    approval_queries,
    changes,
    holds,
    migrate,
    open_ledger,
    open_ledger_read_only,
    queries,
    runs,
    take_slots,
)
from render.ledger.schema_versions import HEAD
from storyboard.takes import LIVE, Circle, TakeState
from tests.ledgers.earlier import earlier_postgres, earlier_sqlite
from tests.render.ledger.stage import ACCOUNT, SERIES, Stage, audit, want
from tests.thinning import one_in

MIGRATIONS = Path(render.ledger.__file__).parent / "migrations"
DOORS = ("doors", "doorkeepers")
JOBS = "job-a1 job-a4 job-a5 job-b1 job-b3 job-b4 job-c4 job-c5 job-e1 job-e2 job-e3 job-twice job-twice"
STATES = {
    "e01/lamp/010": "done done cancelled",
    "e01/lamp/020": "failed",
    "e01/lamp/030": "unknown done",
    "e01/lamp/040": "submitted submitted",
    "e01/lamp/050": "generated",
    "e01/lamp/060": "submitting",
    "e01/lamp/070": "planned",
    "e01/night/020": "done",
    "e01/night/030": "done",
    "e01/night/040": "done",
    "e01/shore/010": "done",
    "e01/shore/020": "submitted",
    "e01/shore/030": "submitting",
    "e01/shore/040": "done",
    "e01/shore/050": "done",
}


@pytest.fixture(params=["sqlite", "postgresql"])
def earlier_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A ledger as version 0002 wrote it, in either database, not brought up yet."""
    if request.param == "sqlite":
        return earlier_sqlite(tmp_path / "l.sqlite")
    return earlier_postgres(str(request.getfixturevalue("postgres_empty_url")))


def brought_up(url: str) -> Ledger:
    """SQLite comes up by itself, PostgreSQL by `migrate`."""
    if url.startswith("postgresql"):
        for look in (open_ledger, open_ledger_read_only):
            with pytest.raises(LedgerVersion, match=r"of version 000[12].*Run `tailframe migrate`"):
                look(url)
        assert migrate(url) == HEAD
    return open_ledger(url)


def states(ledger: LedgerReader) -> dict[str, str]:
    """How the takes of each shot stand, in order."""
    found: dict[str, list[str]] = {}
    for take in ledger.read(queries.takes, SERIES):
        found.setdefault(take.shot, []).append(take.state.value)
    return {shot: " ".join(each) for shot, each in found.items()}


def told(reader: LedgerReader) -> object:
    """All that `plan`, `status` and a run ask of a ledger before they do anything."""
    alarms = [(alarm.account, alarm.take, alarm.words, alarm.stops_claims) for alarm in reader.read(queries.alarms)]
    each = [
        (
            reader.read(queries.takes, series),
            reader.read(queries.take_facts, series),
            reader.read(queries.circles, series),
            reader.read(queries.budgets, series),
            reader.read(queries.money, series, "e01"),
            reader.read(queries.held, series),
            reader.read(queries.stopped, series, "acme@stand-in"),
            reader.read(queries.callbacks_received, series),
            reader.read(queries.interrupted, series, "e01", ""),
        )
        for series in (SERIES, "harbour")
    ]
    return alarms, each, reader.read(queries.takes_at, ACCOUNT), reader.read(queries.derived, "tail of a1")


def test_each_step_stands_for_itself(postgres_empty_url: str, tmp_path: Path) -> None:
    """The first alone makes no table of a later one, on either database."""
    for url in (f"sqlite:///{tmp_path / 'l.sqlite'}", postgres_empty_url.replace("://", "+psycopg://")):
        engine = create_engine(url)
        with engine.begin() as conn:
            config = Config()
            config.set_main_option("script_location", str(MIGRATIONS))
            config.set_main_option("path_separator", "os")
            config.attributes["connection"] = conn
            command.upgrade(config, "0001")
            assert not any(engine.dialect.has_table(conn, table) for table in (*DOORS, "accounts"))
            command.upgrade(config, "0002")
            assert all(engine.dialect.has_table(conn, table) for table in DOORS)
            command.upgrade(config, HEAD)
            assert engine.dialect.has_table(conn, "accounts")
            assert not engine.dialect.has_table(conn, "origins")
        engine.dispose()


@pytest.mark.parametrize("version", ["0001", "0002"])
def test_an_earlier_ledger_keeps_everything(earlier_url: str, version: str) -> None:
    """Every take, event, choice and sum is what it was, and takes can be made in it."""
    if version == "0001":
        _back_to_0001(earlier_url)
    with brought_up(earlier_url) as ledger:
        assert states(ledger) == STATES
        audit(ledger, SERIES)
        audit(ledger, "harbour")
        assert ledger.read(queries.money, SERIES) == (12.5, 6)
        assert ledger.read(queries.money, "harbour") == (Decimal("2.40"), 0)
        assert len(ledger.read(queries.events, ledger.read(queries.takes, SERIES, shot="e01/lamp/030")[0].id)) == 3
        assert Circle(shot="e01/night/010", take=None, by_person=True) in ledger.read(queries.circles, SERIES)
        assert ledger.read(queries.derived, "tail of a1") == "d" * 64
        assert (ledger.read(queries.held, SERIES) or pytest.fail("nobody holds it")).why == "the script changes"
        sent = ledger.read(queries.takes, SERIES, shot="e01/shore/030")[0]
        assert ledger.read(queries.has_callback_link, sent.id) is (version == "0002")
        ledger.write(holds.release, SERIES)
        ledger.write(holds.acknowledge, ACCOUNT)
        stage = Stage.begin(ledger)
        assert stage.done("e01/new/010").state is TakeState.DONE
        audit(ledger, SERIES)


def test_spellings_of_one_vendor_become_one_account(earlier_url: str) -> None:
    """Real or a stand-in; vendors that shared a sandbox's host have an account each, and no job is forgotten."""
    with brought_up(earlier_url) as ledger:
        takes = [*ledger.read(queries.takes, SERIES), *ledger.read(queries.takes, "harbour")]
        assert {(take.provider, take.account) for take in takes} == {
            ("acme", "acme"),
            ("acme", "acme@stand-in"),
            ("acme", "acme:www.acme.example"),
            ("animatic", "animatic"),
            ("kinovi", "kinovi@stand-in"),
        }
        (twice,) = ledger.read(queries.takes_at, "acme:www.acme.example")
        assert (twice.shot, twice.state, twice.job_id) == ("e01/shore/020", TakeState.SUBMITTED, "job-twice")
        jobs = sorted(take.job_id or "" for take in takes if take.series == SERIES and take.state in LIVE)
        assert " ".join(jobs).split() == JOBS.split()


def test_what_was_bought_at_two_spellings_is_not_bought_at_a_third(earlier_url: str) -> None:
    """The take that is furthest on stands in the way; the other serves its wish all the same."""
    with brought_up(earlier_url) as ledger:
        ledger.write(holds.release, SERIES)
        ledger.write(holds.acknowledge, ACCOUNT)
        stage = Stage.begin(ledger)
        for number, (order, furthest) in enumerate({"a1": "job-a1", "a3": "job-b3", "a4": "job-a4"}.items()):
            (mine,) = stage.open(want("e01/again/010", number, wish=f"anew {number}"))
            claimed = stage.claim(mine, fingerprint=order.rjust(64, "0"))
            assert isinstance(claimed, Rival)
            assert ledger.read(queries.take, claimed.take).job_id == furthest
        wish = ledger.read(queries.takes, SERIES, shot="e01/lamp/010")[0].wish
        served = [take.state.value for take in ledger.read(queries.take_facts, SERIES) if take.wish == wish]
        assert served == ["done", "done"]


def test_takes_that_were_out_are_taken_up_again(earlier_url: str) -> None:
    """A run that wants those shots gets those very takes, and opens none."""
    with brought_up(earlier_url) as ledger:
        ledger.write(holds.release, SERIES)
        run = ledger.write(runs.begin_run, SERIES, "e01", "snapshot", caps=None)
        for shot in ("e01/lamp/040", "e01/lamp/050", "e01/lamp/060", "e01/lamp/070"):
            first = ledger.read(queries.takes, SERIES, shot=shot)[0]
            wanted = Want(
                shot=shot, ordinal=0, wish=first.wish, variation=0, provider="acme", account=ACCOUNT, model="acme-1"
            )
            assert [take.id for take in ledger.write(take_slots.open_takes, run, [wanted])] == [first.id]
        assert states(ledger) == STATES


def test_a_stop_stays_and_an_alarm_that_was_seen_stays_quiet(earlier_url: str) -> None:
    """One spelling had been stopped, another acknowledged; a vendor that shared the host of neither is free."""
    with brought_up(earlier_url) as ledger:
        (alarm,) = ledger.read(queries.alarms)
        assert (alarm.account, alarm.stops_claims) == (ACCOUNT, True)
        assert "take 1 of e01/shore/050 cost $2.50" in alarm.words
        assert ledger.read(queries.stopped, "harbour", ACCOUNT)
        assert not ledger.read(queries.stopped, "harbour", "kinovi@stand-in")


def test_bills_beyond_any_sense_are_mended(tmp_path: Path) -> None:
    """Books that bills of 10^15 credits made floating point are whole again, and alarms say what counts."""
    with open_ledger(earlier_sqlite(tmp_path / "l.sqlite", "v0002-bills")) as ledger:
        assert [str(take.cost_usd) for take in ledger.read(queries.takes, SERIES)] == ["1.00", "1.00", "0.80"]
        audit(ledger, SERIES)
        assert [alarm.words.partition(" was beyond")[0] for alarm in ledger.read(queries.alarms)] == [
            "a sum of take 1 of e01/lamp/010",
            "a sum of take 1 of e01/lamp/020",
        ]
        assert all("$1.00 counts in its place" in alarm.words for alarm in ledger.read(queries.alarms))
        assert Stage.begin(ledger).done("e01/new/010").state is TakeState.DONE
    with closing(sqlite3.connect(tmp_path / "l.sqlite")) as books:
        kinds = books.execute("SELECT DISTINCT typeof(spent_micros), typeof(reserved_micros) FROM budgets").fetchall()
    assert kinds == [("integer", "integer")]


@pytest.mark.parametrize("name", ["v0002", "v0002-bills"])
def test_an_earlier_sqlite_ledger_is_looked_at_as_it_will_be(tmp_path: Path, name: str) -> None:
    """`plan` and `status` say before the first run of a new Tailframe what they say after it, and change nothing."""
    path = tmp_path / "l.sqlite"
    url = earlier_sqlite(path, name)
    before = path.read_bytes()
    with open_ledger_read_only(url) or pytest.fail("no ledger") as reader:
        looked = told(reader)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["l.sqlite"]
    with open_ledger(url) as ledger:
        assert told(ledger) == looked


@pytest.mark.parametrize("name", ["v0002", "v0003", "v0004"])
def test_notes_and_approvals_are_asked_of_every_earlier_sqlite_ledger(tmp_path: Path, name: str) -> None:
    """Those that it cannot hold yet are none, those that it holds are there, and whoever asks has moved nothing."""
    path = tmp_path / "ledger.sqlite"
    earlier_sqlite(path, name)
    before = path.read_bytes()
    looked = open_ledger_read_only(path)
    assert looked is not None
    series = looked.read(lambda tx: tx.rows("SELECT series FROM takes LIMIT 1")[0]["series"])
    notes = looked.read(queries.notes, series)
    assert bool(notes) == (name == "v0004")
    assert not any(note.retake or note.drawing for note in notes)
    assert looked.read(approval_queries.approvals, series, "e01") == ()
    assert looked.read(changes.mark, series).event
    assert path.read_bytes() == before


def test_the_first_version_is_looked_at_too(tmp_path: Path) -> None:
    """It has no callback links, which nobody asks before a run has brought it up."""
    url = earlier_sqlite(tmp_path / "l.sqlite")
    _back_to_0001(url)
    with open_ledger_read_only(url) or pytest.fail("no ledger") as reader:
        assert states(reader) == STATES


@one_in(7)
@pytest.mark.parametrize(
    ("table", "column"),
    [
        ("takes", "estimate_micros"),
        ("takes", "reserved_micros"),
        ("takes", "cost_micros"),
        ("takes", "reported_micros"),
        ("budgets", "cap_micros"),
        ("budgets", "spent_micros"),
        ("budgets", "reserved_micros"),
        ("runs", "day_cap_micros"),
    ],
)
@pytest.mark.parametrize("amount", ["-1", "1000000000000000001", "0.5", "1e19", "'much'"])
def test_the_database_itself_holds_sums_to_be_whole(stage: Stage, table: str, column: str, amount: str) -> None:
    """Whatever code writes it: no fraction, no debt, nothing beyond the bounds. PostgreSQL rounds, SQLite refuses."""
    stage.done()
    url = stage.ledger._engine.url
    engine = create_engine(url)
    refused = engine.dialect.name == "sqlite" or amount != "0.5"
    change = text(f"UPDATE {table} SET {column} = {amount}")
    try:
        with engine.begin() as conn:
            if refused:
                with pytest.raises(Exception, match=r"constraint|out of range|invalid input"):
                    conn.execute(change)
            else:
                conn.execute(change)
                kept = conn.execute(text(f"SELECT DISTINCT {column} FROM {table}")).scalars().all()
                assert all(isinstance(each, int) for each in kept)
    finally:
        engine.dispose()


def _back_to_0001(url: str) -> None:
    """The ledger as it was before there were callback links."""
    undo = [f"DROP TABLE {table}" for table in DOORS] + ["UPDATE alembic_version SET version_num = '0001'"]
    if url.startswith("postgresql"):
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in undo:
                connection.execute(statement.encode())
        return
    with closing(sqlite3.connect(url.removeprefix("sqlite:///"))) as connection:
        connection.executescript("; ".join(undo))
