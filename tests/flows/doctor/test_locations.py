"""The environment, a project, its ledger, its store and its archive, well and unwell."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.doctor import Check
from flows.doctor.locations import (
    look_at_archive,
    look_at_environment,
    look_at_ledger,
    look_at_project,
    look_at_store,
)
from flows.doctor.runner import in_thread
from render.errors import LedgerError
from render.ledger import open_ledger
from render.providers.findings import Health
from tests.flows.cli.in_process import make
from tests.flows.doctor.checks import around, by_what, run_checks
from tests.postgres import postgres_empty_url, postgres_ledger_url, postgres_server, postgres_template
from tests.projects import write_project
from tests.s3 import TestBucket, bucket, s3_client, s3_endpoint, s3_environment

__all__ = [
    "bucket",
    "postgres_empty_url",
    "postgres_ledger_url",
    "postgres_server",
    "postgres_template",
    "s3_client",
    "s3_endpoint",
    "s3_environment",
]


def test_every_wrong_variable_is_a_finding_and_stops_nothing(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Two slips are two findings, no value is shown, and the rest of the environment still counts."""
    monkeypatch.setenv("TAILFRAME_POLL_INTERVAL", "very-secret")
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "mysql://me:very-secret@db/x")
    monkeypatch.setenv("TAILFRAME_STORE_URL", str(tmp_path))
    seen = around(write_project(tmp_path))
    found = look_at_environment(seen)
    assert [each.health for each in found] == [Health.WRONG] * 2
    assert {each.value.split()[0] for each in found} == {"TAILFRAME_POLL_INTERVAL", "TAILFRAME_LEDGER_URL"}
    assert "very-secret" not in " ".join(each.value for each in found)
    assert seen.ledger is None
    assert seen.store_url == str(tmp_path)


def test_variables_that_are_set_are_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """A key's name, never the key."""
    monkeypatch.setenv("OXEN_API_KEY", "sk-secret-0123")
    (found,) = look_at_environment(around())
    assert (found.health, found.value) == (Health.GOOD, "OXEN_API_KEY")


def test_outside_a_project_only_what_the_environment_names_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    """No ledger is made up."""
    assert (around().ledger, around().store_url, around().archive_url) == (None, None, None)
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "sqlite:////somewhere/ledger.sqlite")
    assert around().ledger == "sqlite:////somewhere/ledger.sqlite"


def test_a_project_is_counted_and_its_mistakes_too(tmp_path: Path) -> None:
    """What it asks of whom; or that it cannot be read, and what shows why."""
    whole = by_what(look_at_project(around(write_project(tmp_path / "a"))))
    assert whole["story"].value == "lighthouse: 3 shots in 1 episode, asking animatic"
    assert "GiB free" in whole["room"].value
    broken = around(write_project(tmp_path / "b", series={"title": None}))
    found = by_what(look_at_project(broken))
    assert found["story"].health is Health.WRONG
    assert "tailframe check" in found["story"].remedy


def test_a_ledger_is_read_and_left_as_it_is(tmp_path: Path) -> None:
    """Before the first run there is none; then it is of this version and whole."""
    project = write_project(tmp_path)
    (before,) = look_at_ledger(around(project))
    assert (before.what, before.health) == ("folder", Health.GOOD)
    make(project, "lamp/010")
    folder = project / ".tailframe"
    lying = {file.name for file in folder.iterdir()}
    found = by_what(look_at_ledger(around(project)))
    assert {what: each.health for what, each in found.items()} == {"tables": Health.GOOD, "whole": Health.GOOD}
    assert {file.name for file in folder.iterdir()} == lying


def test_a_ledger_of_a_newer_version_is_told(tmp_path: Path) -> None:
    """With what to install."""
    project = write_project(tmp_path)
    path = project / ".tailframe" / "ledger.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    seen = around(project)
    ((found,),) = [part.findings for part in run_checks(Check("ledger", in_thread(lambda: look_at_ledger(seen))))]
    assert found.health is Health.WRONG
    assert "newer Tailframe" in found.value
    assert "Install" in found.remedy


def test_a_ledger_that_somebody_else_has_changed_is_told(tmp_path: Path) -> None:
    """With what is odd about it: a trigger that takes the caps away is nothing to work with."""
    project = write_project(tmp_path)
    path = project / ".tailframe" / "ledger.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute(
            "CREATE TRIGGER free AFTER UPDATE ON budgets BEGIN UPDATE budgets SET reserved_micros = 0; END"
        )
    seen = around(project)
    ((found,),) = [part.findings for part in run_checks(Check("ledger", in_thread(lambda: look_at_ledger(seen))))]
    assert found.health is Health.WRONG
    assert "was not made by Tailframe alone: it has the trigger 'free'" in found.value
    assert found.remedy == "It is left as it is: restore a backup of it, or name another"


def test_a_damaged_ledger_is_told(tmp_path: Path) -> None:
    """Pages that hold nonsense are found before a run trips over them."""
    project = write_project(tmp_path)
    path = project / ".tailframe" / "ledger.sqlite"
    open_ledger(f"sqlite:///{path}").close()
    with sqlite3.connect(path) as connection:
        filler = [(f"{n} {'x' * 40}", "x", "2026-01-01 00:00:00", None) for n in range(5000)]
        connection.executemany("INSERT INTO derived VALUES (?, ?, ?, ?)", filler)
    connection.close()
    with path.open("r+b") as file:
        file.seek(-40_000, os.SEEK_END)
        file.write(b"\xff" * 8_000)
    found = by_what(look_at_ledger(around(project)))
    assert found["whole"].health is Health.WRONG
    assert "backup" in found["whole"].remedy


def test_a_file_that_is_no_ledger_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its path."""
    (tmp_path / "ledger.sqlite").write_text("this is a letter to a friend, and long enough to look like a file")
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", f"sqlite:///{tmp_path / 'ledger.sqlite'}")
    with pytest.raises(LedgerError, match=r"ledger\.sqlite"):
        look_at_ledger(around())


def test_a_postgresql_ledger_is_told_to_be_migrated(
    postgres_ledger_url: str, postgres_empty_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One that is migrated is good, one without tables says what to run, one that is gone says where it was sought."""
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", postgres_ledger_url)
    assert by_what(look_at_ledger(around()))["tables"].health is Health.GOOD
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", postgres_empty_url)
    with pytest.raises(LedgerError, match="tailframe migrate"):
        look_at_ledger(around())
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "postgresql://me:very-secret@127.0.0.1:1/x")
    with pytest.raises(LedgerError) as raised:
        look_at_ledger(around())
    assert "very-secret" not in str(raised.value)


def test_a_shared_ledger_with_a_store_of_this_machine_is_wrong(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As every run refuses it, unless it is told otherwise."""
    monkeypatch.setenv("TAILFRAME_LEDGER_URL", "postgresql://db.example/tailframe")
    project = write_project(tmp_path)
    assert by_what(look_at_store(around(project)))["shared"].health is Health.WRONG
    monkeypatch.setenv("TAILFRAME_ALLOW_LOCAL_STORE", "1")
    assert "shared" not in by_what(look_at_store(around(project)))


def test_a_folder_keeps_nothing_of_an_examination(tmp_path: Path) -> None:
    """Store and archive are written in, and lie as before; a folder that is not there yet is not made."""
    project = write_project(tmp_path)
    lying = sorted(tmp_path.rglob("*"))
    found = [*look_at_store(around(project)), *look_at_archive(around(project))]
    assert [each.health for each in found] == [Health.GOOD] * 2
    assert sorted(tmp_path.rglob("*")) == lying


@pytest.mark.parametrize("variable", ["TAILFRAME_STORE_URL", "TAILFRAME_ARCHIVE_URL"])
def test_a_place_that_cannot_be_written_is_wrong(monkeypatch: pytest.MonkeyPatch, variable: str) -> None:
    """Here not even root may write."""
    monkeypatch.setenv(variable, "/proc/nobody/may/write")
    look = look_at_store if "STORE" in variable else look_at_archive
    (found,) = look(around())
    assert found.health is Health.WRONG
    assert "/proc cannot be written" in found.value


def test_a_bucket_is_written_and_read_and_its_links_lead_somewhere(
    bucket: TestBucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One blob stays, and one object of the archive's, the same each time."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", bucket.url)
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", f"{bucket.url}/archive")
    for _ in range(2):
        found = by_what([*look_at_store(around()), *look_at_archive(around())])
        assert {what: each.health for what, each in found.items()} == dict.fromkeys(
            ["blobs", "links", "bucket"], Health.GOOD
        )
        assert len(bucket.keys()) == 2


def test_a_bucket_that_is_not_there_is_wrong(bucket: TestBucket, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whether for blobs or for episodes, and without a word of the keys."""
    monkeypatch.setenv("TAILFRAME_STORE_URL", "s3://no-such-bucket/prefix")
    monkeypatch.setenv("TAILFRAME_ARCHIVE_URL", "s3://no-such-bucket/archive")
    seen = around()
    checks = [
        Check("store", in_thread(lambda: look_at_store(seen))),
        Check("archive", in_thread(lambda: look_at_archive(seen))),
    ]
    for part in run_checks(*checks):
        assert part.findings[0].health is Health.WRONG
        assert "no-such-bucket" in part.findings[0].value
