"""`tailframe ledger export`: every order once, with the sums of the ledger, in forms that a bookkeeper's tools read."""

from __future__ import annotations

import csv
import io
import shutil
import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from pyarrow import parquet

from render.bookkeeping.charge_files import COLUMNS
from render.ledger import open_ledger, queries
from render.ledger.records import Take
from tests.flows.cli.in_process import tailframe
from tests.flows.episodes import plain_environment
from tests.flows.runs import ROOT
from tests.ledgers.earlier import pier


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Seven paid takes."""
    plain_environment(monkeypatch)
    made = pier(tmp_path)
    shutil.copytree(ROOT / "projects/lighthouse/references", made / "references", dirs_exist_ok=True)
    return made


def ordered(project: Path) -> dict[str, Take]:
    with open_ledger(project / ".tailframe/ledger.sqlite") as ledger:
        return {str(take.id): take for take in ledger.read(queries.takes, "pier") if take.submitted_at}


def exported(project: Path, *more: str) -> list[dict[str, str]]:
    done = tailframe("ledger", "export", project, "-", *more)
    assert done.exit_code == 0, done.output
    return list(csv.DictReader(io.StringIO(done.stdout)))


def test_every_order_stands_there_once_with_its_sums(project: Path) -> None:
    """As the ledger has them; previews and what was never ordered are no orders."""
    takes, rows = ordered(project), exported(project)
    assert [row["take_id"] for row in rows] == sorted(takes, key=lambda each: (takes[each].submitted_at, each))
    for row in rows:
        take = takes[row["take_id"]]
        assert f"{row['episode']}/{row['scene']}/{row['shot']}" == take.shot
        assert (Decimal(row["cost_usd"]), row["job_id"]) == (take.cost_usd, take.job_id)
        assert datetime.fromisoformat(row["ordered_at"]) == take.submitted_at
        assert row["circled"] == "yes"


def test_parquet_has_the_same_with_its_types(project: Path, tmp_path: Path) -> None:
    """Sums are decimals and times are in UTC, so that nothing is lost on the way."""
    target = tmp_path / "charges.parquet"
    assert tailframe("ledger", "export", project, target).exit_code == 0
    rows = parquet.read_table(target).to_pylist()
    assert tuple(rows[0]) == COLUMNS
    assert sum(row["cost_usd"] for row in rows) == sum(take.cost_usd or 0 for take in ordered(project).values())
    assert {row["ordered_at"].utcoffset() for row in rows} == {datetime.now(UTC).utcoffset()}
    assert [str(row["take"]) for row in rows] == [row["take"] for row in exported(project)]


def test_no_spreadsheet_takes_a_vendors_words_for_a_formula(project: Path) -> None:
    """They are text, whatever they begin with."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute(
            "UPDATE takes SET usage = '=HYPERLINK(\"http://evil.example\")', error_code = '@sum' WHERE number = 1"
        )
    rows = exported(project)
    assert {row["usage"][:3] for row in rows} == {"'=H"}
    assert {row["error"] for row in rows} == {"'@sum"}


def test_all_series_of_a_ledger_may_be_written(project: Path) -> None:
    """Of another series this one's own list has nothing."""
    with closing(sqlite3.connect(project / ".tailframe/ledger.sqlite")) as ledger, ledger:
        ledger.execute("UPDATE takes SET series = 'other' WHERE shot = 'e01/water/010'")
    assert {row["series"] for row in exported(project)} == {"pier"}
    assert {row["series"] for row in exported(project, "--all-series")} == {"pier", "other"}


def test_another_ending_is_refused_and_nothing_is_left(project: Path, tmp_path: Path) -> None:
    """As wrong input; and where there is no ledger, the file has its columns and no row."""
    done = tailframe("ledger", "export", project, tmp_path / "charges.xls")
    assert done.exit_code == 2
    assert not (tmp_path / "charges.xls").exists()
    (project / ".tailframe/ledger.sqlite").unlink()
    assert tailframe("ledger", "export", project, tmp_path / "none.csv").exit_code == 0
    assert (tmp_path / "none.csv").read_text() == ",".join(COLUMNS) + "\n"
