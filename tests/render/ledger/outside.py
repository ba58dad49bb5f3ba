"""What the outside would be told of a ledger, as tests read it."""

from __future__ import annotations

import json
from typing import Any

from render.ledger import LedgerReader
from render.ledger.reader import ReadTransaction


def messages(ledger: LedgerReader, kind: str = "") -> list[dict[str, Any]]:
    """The content of every message (of this kind), in the order of time."""

    def contents(tx: ReadTransaction) -> list[str]:
        return [str(row["content"]) for row in tx.rows("SELECT content FROM outgoing_messages ORDER BY at, id")]

    every = [json.loads(content) for content in ledger.read(contents)]
    return [each for each in every if kind in {"", each["type"]}]


def told(ledger: LedgerReader, kind: str) -> list[dict[str, Any]]:
    """What the messages of this kind tell, each without the names that differ from run to run."""
    return [{key: value for key, value in each["data"].items() if key != "run"} for each in messages(ledger, kind)]


def kinds(ledger: LedgerReader) -> list[str]:
    """The type of every message, in the order of time."""
    return [each["type"] for each in messages(ledger)]
