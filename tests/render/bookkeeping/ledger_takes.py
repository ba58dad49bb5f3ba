"""Takes as the ledger has them, by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from render.ledger.records import RunId, Take, TakeId
from storyboard.takes import TakeState

NOON = datetime(2026, 11, 2, 12, tzinfo=UTC)


def ledger_take(number: int, **overrides: Any) -> Take:
    """A take that is done, ordered at noon of the second of November, for 0.80 dollars as job `job-NUMBER`."""
    plain = Take(
        id=TakeId(f"take-{number}"),
        series="lighthouse",
        shot=f"e01/lamp/{number:03}",
        number=number,
        run=RunId("run"),
        ordinal=0,
        state=TakeState.DONE,
        wish="wish",
        variation=0,
        provider="acme",
        account="acme",
        model="acme-1",
        fingerprint=None,
        request_json=None,
        continuity=None,
        job_id=f"job-{number}",
        owner=None,
        lease_expires_at=None,
        reserved_usd=Decimal(0),
        cost_usd=Decimal("0.80"),
        usage="",
        clip=None,
        clip_url=None,
        clip_url_expires_at=None,
        error_code=None,
        error_message=None,
        refused=False,
        rejected=False,
        asked_for=False,
        created_at=NOON,
        submitted_at=NOON,
        ended_at=NOON,
    )
    return replace(plain, **overrides)
