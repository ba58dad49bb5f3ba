"""Which columns of an invoice name the job, what it cost and when; and what stands in them, as values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

from render.bookkeeping.invoice_file import InvoiceRow, InvoiceTable
from render.exchange_errors import InvalidInvoice
from storyboard.text.suggestions import did_you_mean

_JOBS = ("jobid", "taskid", "generationid", "predictionid", "requestid", "videoid", "id", "job", "task")
_SUMS = (
    *("costusd", "amountusd", "priceusd", "totalusd", "usd", "usagecost", "cost", "amount", "charge", "charged"),
    *("price", "total", "credits", "creditsused", "creditsconsumed", "usagecredits"),
)
_TIMES = ("createdat", "created", "submittedat", "date", "time", "timestamp", "startedat", "completedat", "updatedat")
"""By which names vendors call them, the likeliest first; letters and digits alone."""

_PLAIN = re.compile(r"[+-]?\d{1,12}(\.\d{1,12})?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d{1,12})?")
_EARLIEST = 10**9
"""Seconds since 1970 that may be a time of a job: from 2001."""


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column is: the job's id, the sum, and when, where the invoice says that."""

    job: str
    sum: str
    at: str | None


@dataclass(frozen=True, slots=True)
class InvoiceLine:
    """One sum of one job. `units` are US dollars or credits, whichever the invoice is in; negative where given back."""

    line: int
    job_id: str
    units: Decimal
    day: date | None  # in UTC


def find_columns(table: InvoiceTable, path: Path, *, job: str | None = None, sum_: str | None = None) -> Columns:
    """The columns of this invoice: those that were named, else those that are called as vendors call them.

    Raises InvalidInvoice where there is no such column, or none that is known by its name.
    """
    at = next(_called(table.columns, _TIMES), None)
    return Columns(_column(table, path, job, _JOBS, "--job"), _column(table, path, sum_, _SUMS, "--sum"), at)


def invoice_lines(
    table: InvoiceTable, columns: Columns, path: Path, *, decimal_comma: bool = False
) -> list[InvoiceLine]:
    """Every row, in order; the job is empty where a row names none.

    Raises InvalidInvoice, with the line, for a sum that is none.

    `decimal_comma`: whether `0,80` is less than one.
    """
    return [
        InvoiceLine(
            row.line,
            row.values.get(columns.job, ""),
            _amount(row, columns.sum, path, decimal_comma=decimal_comma),
            _day(row.values.get(columns.at or "", "")),
        )
        for row in table.rows
    ]


def _column(table: InvoiceTable, path: Path, named: str | None, known: Sequence[str], option: str) -> str:
    if named is None:
        found = next(_called(table.columns, known), None)
        if found is not None:
            return found
    elif named in table.columns:
        return named
    shown = ", ".join(table.columns[:30])
    what = "names the job" if option == "--job" else "says what it cost"
    missing = f"no column {named!r}{did_you_mean(named, table.columns)}" if named else f"no column that {what}"
    raise InvalidInvoice(f"{path}: {missing}", f"Say which with {option} COLUMN; there are: {shown}")


def _called(columns: Sequence[str], known: Sequence[str]) -> Iterator[str]:
    bare = {re.sub("[^a-z0-9]", "", column.lower()): column for column in reversed(columns)}
    return (bare[name] for name in known if name in bare)


def _amount(row: InvoiceRow, column: str, path: Path, *, decimal_comma: bool) -> Decimal:
    written = row.values.get(column, "")
    bare = re.sub(r"(?i)\s|\$|usd|credits?", "", written)
    if decimal_comma:
        bare = bare.replace(".", "").replace(",", ".")
    if _THOUSANDS.fullmatch(bare) and "." in bare:
        bare = bare.replace(",", "")
    if not bare:
        return Decimal(0)
    if not _PLAIN.fullmatch(bare):
        remedy = (
            "With a comma before the cents, say --decimal-comma" if "," in bare else "Mend it, or leave the line out"
        )
        raise InvalidInvoice(f"{path}:{row.line}: {column} is {written[:40]!a}, which is no sum", remedy)
    return Decimal(bare)


def _day(written: str) -> date | None:
    """Of a time as vendors write them; None for what is none."""
    if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", written):
        seconds = float(written) / (1000 if len(written.partition(".")[0]) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).date() if seconds >= _EARLIEST else None
    try:
        moment = datetime.fromisoformat(written.replace(" UTC", "+00:00"))
    except ValueError:
        return None
    return (moment if moment.tzinfo is None else moment.astimezone(UTC)).date()
