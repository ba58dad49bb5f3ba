"""The ledger: every take, every dollar, every move, in SQLite or PostgreSQL. The only door to it is this module.

Opening one costs a database library; importing this module, or reading a SQLite ledger, does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.ledger.connect import Place, migrate, open_ledger, open_ledger_read_only, sqlite_path
from render.ledger.reader import LedgerReader
from render.ledger.records import (
    Alarm,
    BudgetLine,
    Claimed,
    Event,
    Hold,
    Rival,
    RunId,
    Take,
    TakeId,
    Want,
)

if TYPE_CHECKING:
    from render.ledger.ledger import Ledger

__all__ = [
    "Alarm",
    "BudgetLine",
    "Claimed",
    "Event",
    "Hold",
    "Ledger",
    "LedgerReader",
    "Place",
    "Rival",
    "RunId",
    "Take",
    "TakeId",
    "Want",
    "migrate",
    "open_ledger",
    "open_ledger_read_only",
    "sqlite_path",
]


def __getattr__(name: str) -> object:
    """`Ledger` is loaded with its database library when somebody asks for the class itself."""
    if name == "Ledger":
        from render.ledger.ledger import Ledger

        return Ledger
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
