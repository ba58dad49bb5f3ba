"""Reads a vendor's invoice or list of usage, whatever its form: CSV, JSON or a JSON object a line. A stranger's file.

What comes out is a table: names of columns, and rows of text, each with its line (of JSON: its place in the list).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from render.exchange_errors import InvalidInvoice
from render.json_bounds import TOO_MUCH, is_crowded

MOST_BYTES = 64 * 1024 * 1024
MOST_ROWS = 500_000
MOST_COLUMNS = 200

_DELIMITERS = ",;\t|"
_LISTS = ("data", "items", "jobs", "usage", "results", "records", "lines", "rows")
"""Where vendors put the list within an object."""


@dataclass(frozen=True, slots=True)
class InvoiceRow:
    """One row: what stands in each column, as text; `line` is where, from 1."""

    line: int
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class InvoiceTable:
    """An invoice as it was read: its columns in their order, and its rows."""

    columns: tuple[str, ...]
    rows: tuple[InvoiceRow, ...]


def read_invoice(path: Path) -> InvoiceTable:
    """The table that the file holds. Raises InvalidInvoice, with the line, for what is none or is too large."""
    text = _text(path)
    begins = text.lstrip()[:1]
    found = _of_json(text, path) if begins and begins in "[{" else _of_csv(text, path)
    rows: list[InvoiceRow] = []
    for row in found:
        if len(rows) == MOST_ROWS:
            raise InvalidInvoice(f"{path} has more than {MOST_ROWS:,} rows", "Check it in parts")
        rows.append(row)
    columns = tuple(dict.fromkeys(name for row in rows for name in row.values))
    if not rows:
        raise InvalidInvoice(f"{path} has no rows", "Give the vendor's CSV or JSON with a row for each job")
    return InvoiceTable(columns, tuple(rows))


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise InvalidInvoice(f"{path} is larger than {MOST_BYTES // 1024 // 1024} MiB", "Check it in parts")
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InvalidInvoice(f"{path} cannot be read: {error.strerror}", "Name a file that is there") from error
    except UnicodeDecodeError as error:
        raise InvalidInvoice(f"{path} is no text in UTF-8", "Save it as CSV in UTF-8, or as JSON") from error


def _of_csv(text: str, path: Path) -> Iterator[InvoiceRow]:
    head = text.partition("\n")[0]
    delimiter = max(_DELIMITERS, key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        names = _names(next(reader, []), path)
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) > len(names):
                told = f"{path}:{reader.line_num}: {len(cells)} values under {len(names)} columns"
                raise InvalidInvoice(told, "Save the file anew, with values that hold the delimiter in quotes")
            yield InvoiceRow(reader.line_num, dict(zip(names, (cell.strip() for cell in cells), strict=False)))
    except csv.Error as error:
        raise InvalidInvoice(f"{path}:{reader.line_num}: {error}", "Save the file anew as CSV") from error


def _names(cells: Sequence[str], path: Path) -> tuple[str, ...]:
    names = tuple(cell.strip() for cell in cells)
    if len(names) > MOST_COLUMNS or len(set(names)) < len(names):
        told = "more than 200 columns" if len(names) > MOST_COLUMNS else "two columns of one name"
        raise InvalidInvoice(f"{path}:1: {told}", "Give each column a name of its own in the first line")
    return names


def _of_json(text: str, path: Path) -> Iterator[InvoiceRow]:
    try:
        found = _listed(_parsed(text))
    except ValueError as whole:
        lines = text.splitlines()
        if len(lines) == 1:
            raise InvalidInvoice(f"{path} is no JSON: {whole}", "Give the vendor's CSV or JSON as it came") from whole
        yield from _of_lines(lines, path)
    else:
        yield from (_row(place, value, path) for place, value in enumerate(found, start=1))


def _of_lines(lines: Sequence[str], path: Path) -> Iterator[InvoiceRow]:
    for number, line in enumerate(lines, start=1):
        if line.strip():
            try:
                value = _parsed(line)
            except ValueError as error:
                raise InvalidInvoice(f"{path}:{number}: no JSON: {error}", "Give one JSON object a line") from error
            yield _row(number, value, path)


def _parsed(text: str) -> Any:
    if is_crowded(text.encode()):
        raise ValueError(TOO_MUCH)
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except RecursionError:
        raise ValueError("too many brackets within each other") from None


def _listed(value: Any) -> Sequence[Any]:
    if isinstance(value, Mapping):
        lists = [value[name] for name in _LISTS if isinstance(value.get(name), list)]
        return lists[0] if lists else [value]
    return value if isinstance(value, list) else [value]


def _row(line: int, value: Any, path: Path) -> InvoiceRow:
    if not isinstance(value, Mapping):
        raise InvalidInvoice(f"{path}:{line}: a row that is no object", "Give one object for each job")
    return InvoiceRow(line, dict(_flat(value)))


def _flat(value: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, str]]:
    """Objects within objects by a point between names: `usage.cost`."""
    for name, each in value.items():
        if isinstance(each, Mapping):
            yield from _flat(each, f"{before}{name}.")
        elif each is not None and not isinstance(each, list):
            yield f"{before}{name}", each if isinstance(each, str) else json.dumps(each)
