"""Where does money move? The ledger: every take, dollar and state transition, in SQLite or PostgreSQL.

A ledger is read by queries and changed by steps: `ledger.read(queries.takes, series)`,
`ledger.write(settlement.done, id, clip)`. Both are plain functions of a transaction, imported through their module:
`from render.ledger import queries, settlement`. Steps stand in `claims`, `jobs`, `settlement`, `take_slots`, `circles`,
`holds`, `notes`, `approvals`, `runs`, `callback_tokens`, `recipes` and `import_takes`; each is one transaction.

Opening a ledger, and importing a module of steps, costs a database library; importing this module or `queries`, and
reading a SQLite ledger, does not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from render.ledger.connect import Place, migrate, open_ledger, open_ledger_read_only, sqlite_path
from render.ledger.reader import LedgerReader
from render.ledger.records import (
    Alarm,
    Approval,
    BudgetLine,
    Claimed,
    Event,
    Hold,
    Note,
    Order,
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
    "Approval",
    "BudgetLine",
    "Claimed",
    "Event",
    "Hold",
    "Ledger",
    "LedgerReader",
    "Note",
    "Order",
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
