"""Invoices as vendors write them: each form gives the same rows, and what is none is refused with its line."""

from __future__ import annotations

import contextlib
import json
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.bookkeeping.invoice_columns import find_columns, invoice_lines
from render.bookkeeping.invoice_file import read_invoice
from render.exchange_errors import InvalidInvoice

JOBS = [("job-1", "0.80", "2026-11-02T10:00:00Z"), ("job-2", "1.25", "2026-11-03T23:30:00-02:00")]


def written(folder: Path, text: str, name: str = "usage.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def lines_of(path: Path, **how: bool) -> list[tuple[str, Decimal, date | None]]:
    table = read_invoice(path)
    found = invoice_lines(table, find_columns(table, path), path, **how)
    return [(line.job_id, line.units, line.day) for line in found]


@pytest.mark.parametrize(
    "text",
    [
        "task_id,cost,created_at\njob-1,0.80,2026-11-02T10:00:00Z\njob-2,1.25,2026-11-04 01:30:00 UTC\n",
        "\ufeffJob ID;Amount (USD);Date\r\njob-1;$0.80;2026-11-02\r\n\r\njob-2;1.25 USD;2026-11-04\r\n",
        json.dumps({"data": [{"id": j, "usage": {"cost": c}, "created": t} for j, c, t in JOBS], "has_more": False}),
        json.dumps(
            [{"request_id": "job-1", "usd": 0.8, "created": 1793613600}, {"request_id": "job-2", "usd": "1.25"}]
        ),
        "\n".join(json.dumps({"taskId": j, "charge": c, "createdAt": t}) for j, c, t in JOBS),
    ],
    ids=["csv", "semicolons", "a list within", "a list", "lines"],
)
def test_every_form_says_the_same(tmp_path: Path, text: str) -> None:
    """Columns are known by their names, days are those of UTC; a time that is missing is none."""
    path = written(tmp_path, text.replace("Amount (USD)", "Amount USD"))
    found = lines_of(path)
    assert [(job, units) for job, units, _ in found] == [("job-1", Decimal("0.80")), ("job-2", Decimal("1.25"))]
    assert found[0][2] == date(2026, 11, 2)
    assert found[1][2] in {date(2026, 11, 4), None}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no rows"),
        ("job_id,cost\n", "has no rows"),
        ("job_id,job_id\na,b\n", ":1: two columns of one name"),
        ("job_id,cost\na,1,2\n", ":2: 3 values under 2 columns"),
        ('job_id,cost\n"a,1\n', "unexpected end"),
        ("name,cost\na,1\n", "no column that names the job"),
        ("job_id,weight\na,1\n", "no column that says what it cost"),
        ("job_id,cost\na,much\n", ":2: cost is 'much', which is no sum"),
        ("job_id,cost\na,0,80\n", ":2: 3 values"),
        ("job_id;cost\na;0,80\n", "say --decimal-comma"),
        ("job_id,cost\na,1e9\n", "no sum"),
        ("job_id,cost\na,NaN\n", "no sum"),
        ('{"id": ', "is no JSON"),
        ('{"id": 1}\n{"id": \n', ":2: no JSON"),
        ("[1, 2]", ":1: a row that is no object"),
        ("[" * 100_000, "is no JSON"),
        ("{" * 2_000_000, "more than the longest"),
    ],
)
def test_what_is_none_is_refused(tmp_path: Path, text: str, told: str) -> None:
    """With the line where there is one; never a traceback."""
    with pytest.raises(InvalidInvoice) as refused:
        lines_of(written(tmp_path, text))
    assert told in str(refused.value)
    assert refused.value.remedy


def test_a_comma_may_stand_before_the_cents(tmp_path: Path) -> None:
    """Only where somebody says so: nobody can tell 1,234 from 1.234."""
    path = written(tmp_path, "job_id;cost\na;1.234,50\nb;0,80\n")
    assert [units for _, units, _ in lines_of(path, decimal_comma=True)] == [Decimal("1234.50"), Decimal("0.80")]
    american = written(tmp_path, 'job_id,cost\na,"1,234.50"\n')
    assert [units for _, units, _ in lines_of(american)] == [Decimal("1234.50")]


def test_files_that_are_none_are_refused(tmp_path: Path) -> None:
    """One that is not there, a folder, and bytes of anything."""
    (tmp_path / "bytes.csv").write_bytes(b"\xff\xfe\x00")
    for path in (tmp_path / "none.csv", tmp_path, tmp_path / "bytes.csv"):
        with pytest.raises(InvalidInvoice):
            read_invoice(path)


@given(st.text(max_size=200))
def test_whatever_a_stranger_sends_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    """Nothing else happens."""
    path = tmp_path_factory.getbasetemp() / "stranger.csv"
    path.write_text(text, encoding="utf-8", errors="replace")
    with contextlib.suppress(InvalidInvoice):
        lines_of(path)
