"""What every order cost, one row an order, as a bookkeeper wants it: for `ledger.read(charges, series)`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from render.ledger.reader import ReadTransaction
from render.ledger.row_values import (
    as_written,
    maybe_dollars,
    maybe_text,
    moment_from,
    some_dollars,
    some_number,
    some_text,
)
from storyboard.shot_key import ShotKey

_ORDERED = (
    "SELECT t.*, c.take AS circled FROM takes t LEFT JOIN circles c ON c.take = t.id AND c.shot = t.shot "
    "WHERE t.submitted_at IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Charge:
    """One order that was claimed, whatever became of it. Sums in US dollars, times in UTC; None: nobody knows."""

    series: str
    episode: str
    scene: str
    shot: str
    take: int
    take_id: str
    state: str
    circled: bool
    vendor: str
    account: str
    model: str
    job_id: str | None
    run: str
    ordered_at: datetime | None
    ended_at: datetime | None
    estimated_usd: Decimal | None  # what was set aside
    reserved_usd: Decimal  # what is set aside still
    cost_usd: Decimal | None  # what counts as spent
    reported_usd: Decimal | None  # what the vendor itself told
    usage: str  # the vendor's words
    error: str | None


def charges(tx: ReadTransaction, series: str | None = None) -> tuple[Charge, ...]:
    """Every order that was ever claimed, of one series or of all that share the ledger, in the order of time.

    Previews are no orders.
    """
    of_series = "" if series is None else " AND t.series = :series"
    values = {} if series is None else {"series": series}
    found = tx.rows(f"{_ORDERED}{of_series} ORDER BY t.submitted_at, t.id", **values)
    return tuple(_charge(row) for row in found if not ShotKey.parse(some_text(row["shot"])).preview)


@as_written
def _charge(row: Mapping[str, Any]) -> Charge:
    key = ShotKey.parse(some_text(row["shot"]))
    return Charge(
        series=some_text(row["series"]),
        episode=key.episode,
        scene=key.scene,
        shot=key.shot,
        take=some_number(row["number"]),
        take_id=some_text(row["id"]),
        state=some_text(row["state"]),
        circled=row["circled"] is not None,
        vendor=some_text(row["provider"]),
        account=some_text(row["account"]),
        model=some_text(row["model"]),
        job_id=maybe_text(row["job_id"]),
        run=some_text(row["charged_run"] or row["run"]),
        ordered_at=moment_from(row["submitted_at"]),
        ended_at=moment_from(row["ended_at"]),
        estimated_usd=maybe_dollars(row["estimate_micros"]),
        reserved_usd=some_dollars(row["reserved_micros"]),
        cost_usd=maybe_dollars(row["cost_micros"]),
        reported_usd=maybe_dollars(row["reported_micros"]),
        usage=some_text(row["usage"]),
        error=maybe_text(row["error_code"]),
    )
