"""Writes charges for a bookkeeper's tools: CSV for spreadsheets, Parquet with its types for everything else."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import astuple, fields
from datetime import datetime
from decimal import Decimal
from typing import BinaryIO

from render.bookkeeping.charges import Charge
from render.exchange_errors import MissingLibrary
from storyboard.text.dollars import plain_usd

COLUMNS = tuple(each.name for each in fields(Charge))
"""In this order in every file."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
"""With these a spreadsheet takes a text for a formula, and works it out."""

_DIGITS, _DECIMALS = 18, 6
"""Of a sum in Parquet: a millionth of a dollar is the ledger's own unit."""


def write_csv(charges: Sequence[Charge], file: BinaryIO) -> None:
    """A line of names, then a line an order. Sums are decimals, times ISO 8601 in UTC; what nobody knows is empty.

    A text with which a formula could begin has an apostrophe before it: vendors' words are strangers' words.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", newline="", write_through=True)
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([_cell(value) for value in astuple(charge)] for charge in charges)
    text.detach()


def write_parquet(charges: Sequence[Charge], file: BinaryIO) -> None:
    """The same columns with their types. Raises MissingLibrary where PyArrow is not installed."""
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError as error:
        raise MissingLibrary("Parquet files need PyArrow, which is not installed", "pip install pyarrow") from error
    usd, moment = pyarrow.decimal128(_DIGITS, _DECIMALS), pyarrow.timestamp("us", tz="UTC")
    kinds = {"take": pyarrow.int64(), "circled": pyarrow.bool_()}
    kinds |= {name: usd if name.endswith("_usd") else moment for name in COLUMNS if name.endswith(("_usd", "_at"))}
    schema = pyarrow.schema([(name, kinds.get(name, pyarrow.string())) for name in COLUMNS])
    columns = [list(values) for values in zip(*map(astuple, charges), strict=True)] or [[] for _ in COLUMNS]
    parquet.write_table(pyarrow.table(dict(zip(COLUMNS, columns, strict=True)), schema=schema), file)


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal):
        return plain_usd(value)
    if isinstance(value, datetime):
        return value.isoformat()
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text
