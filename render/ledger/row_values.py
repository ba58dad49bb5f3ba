"""Single values of a row, whichever driver read it; and what is said where nothing here wrote them."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from fractions import Fraction
from typing import ParamSpec, TypeVar

from render.errors import LedgerDamaged
from render.ledger.money import dollars

P = ParamSpec("P")
T = TypeVar("T")
N = TypeVar("N", Fraction, Decimal)

_MOST_DIGITS = 40


def as_written(read: Callable[P, T]) -> Callable[P, T]:
    """Say in one sentence where a value is of a kind that nothing here writes."""

    @functools.wraps(read)
    def checked(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return read(*args, **kwargs)
        except (ValueError, TypeError, KeyError, ArithmeticError, AttributeError, RecursionError) as error:
            raise LedgerDamaged(
                f"the ledger holds a row that no Tailframe wrote ({type(error).__name__}: {str(error)[:80]!a})",
                "Restore a backup of it, or name another",
            ) from error

    return checked


@as_written
def moment_from(value: datetime | str | None) -> datetime | None:
    """A time as either driver gives it, aware and UTC."""
    if value is None:
        return None
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def some_moment(value: datetime | str) -> datetime:
    moment = moment_from(value)
    if moment is None:
        raise ValueError("a time is missing")
    return moment


def some_text(value: object) -> str:
    """What may hold a vendor's or a person's words: whoever shows it sees to what is in it."""
    if not isinstance(value, str):
        raise TypeError(f"{type(value).__name__} where a text should be")
    return value


def maybe_text(value: object) -> str | None:
    return None if value is None else some_text(value)


def some_name(value: object) -> str:
    """What Tailframe itself calls a thing by: on one line, without controls."""
    text = some_text(value)
    if not text.isprintable():
        raise ValueError("a name that cannot be printed")
    return text


def some_number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise TypeError(f"{type(value).__name__} where a whole number should be")
    return value


def some_count(value: object) -> int:
    return int(positive(Fraction(some_number(value))))


def some_length(text: str) -> Decimal:
    """In seconds, and nothing that is short to write and takes a machine's memory to reckon with ("1e-999999999")."""
    seconds = Decimal(text)
    if not seconds.is_finite() or not -_MOST_DIGITS < seconds.adjusted() < _MOST_DIGITS:
        raise ValueError("a length that is no number")
    return seconds


def positive(number: N) -> N:
    if not 0 < number < math.inf:
        raise ValueError("a measure that is not above 0")
    return number


def some_dollars(micros: object) -> Decimal:
    return dollars(some_number(micros))


def maybe_dollars(micros: object) -> Decimal | None:
    return None if micros is None else some_dollars(micros)
