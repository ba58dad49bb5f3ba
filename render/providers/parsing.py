"""Reads the numbers and times that a vendor tells beside what matters. What makes no sense is told as None.

A clip that is there must not be lost for a price or a date that cannot be read.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from decimal import Decimal, InvalidOperation

from render.net.responses import Json

LARGEST = Decimal(10) ** 15
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MILLISECONDS_FROM = Decimal(10) ** 11
"""Epoch seconds stay below this until the year 5138; milliseconds have been above it since 1973."""


def amount(value: Json) -> Decimal | None:
    """A number of at least 0, written as a number or as text; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        number = Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    return number if number.is_finite() and 0 <= number <= LARGEST else None


def bill(value: Json) -> Decimal | None:
    """What a vendor says that it charged, in its own unit; None where it tells no number.

    Infinity stands for a number that is no sum of anything: below 0, without an end, none at all. The ledger raises
    an alarm about it, where one that is left out would pass for a vendor that tells nothing.
    """
    number = amount(value)
    if number is not None or isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return number
    try:
        Decimal(value)
    except (InvalidOperation, ValueError):
        return None
    return Decimal("Infinity")


def whole(value: Json) -> int | None:
    """A whole number of at least 0, such as a seed; None for anything else."""
    number = amount(value)
    return None if number is None or number != int(number) else int(number)


def share(percent: Json) -> float | None:
    """A progress of 0 to 100 as 0 to 1; None where it is neither."""
    number = amount(percent)
    return float(number) / 100 if number is not None and number <= 100 else None


def moment(value: Json) -> datetime | None:
    """A time written as ISO 8601 or as seconds or milliseconds since 1970; None where it is none of these."""
    number = amount(value)
    try:
        if number is not None:
            seconds = number / 1000 if number >= MILLISECONDS_FROM else number
            return EPOCH + timedelta(seconds=float(seconds))
        written = datetime.fromisoformat(value) if isinstance(value, str) else None
    except (ValueError, OverflowError):
        return None
    return written if written is None or written.tzinfo else written.replace(tzinfo=UTC)
