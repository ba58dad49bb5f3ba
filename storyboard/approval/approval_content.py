"""What somebody approves: a subject, the hash by which it is known again, and all that a person reads of it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from storyboard.approval_rules import Subject
from storyboard.identity import JsonValue, canonical


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalContent:
    """What would be approved now. `told` is kept with an approval, so that a change can be told from it."""

    subject: Subject
    hash: str  # sha256 in hex, of that alone which must not change
    told: Mapping[str, JsonValue]
    usd: Decimal | None = None  # of spending: up to this sum

    @property
    def content(self) -> str:
        """`told` as the ledger keeps it: canonical JSON."""
        return canonical(dict(self.told)).decode()


def hashed(value: JsonValue) -> str:
    """The name of what is approved: a sha256 in hex over canonical JSON."""
    return hashlib.sha256(canonical(value)).hexdigest()


def shot_told(key: str, same: str, parts: Mapping[str, JsonValue]) -> dict[str, JsonValue]:
    """One shot within a content: its key, by what it is known to be the same still, and what a person reads of it."""
    return {"key": key, "same": same, "parts": dict(parts)}
