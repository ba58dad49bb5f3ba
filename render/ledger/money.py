"""Dollars at the border, whole micro-dollars inside, so that sums are exact in every database."""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

_MICRO = Decimal("0.000001")
_CENT = Decimal("0.01")


def owed_micros(usd: Decimal) -> int:
    """What is or may be owed, in micro-dollars; a fraction counts as a whole, so that nothing owed is lost."""
    return _micros(usd, ROUND_CEILING)


def cap_micros(usd: Decimal) -> int:
    """A cap, in micro-dollars; a fraction falls away, so that the cap is never passed."""
    return _micros(usd, ROUND_FLOOR)


def dollars(micros: int) -> Decimal:
    """Micro-dollars as dollars: at least cents, and no idle zeros after them."""
    exact = Decimal(micros).scaleb(-6)
    return exact.quantize(_CENT) if micros % 10_000 == 0 else exact.normalize()


def dollars_or_none(micros: int | None) -> Decimal | None:
    """As `dollars`, where an amount may be unknown."""
    return None if micros is None else dollars(micros)


def _micros(usd: Decimal, rounding: str) -> int:
    if not usd.is_finite() or usd < 0:
        raise ValueError(f"an amount of money is a finite number of dollars that is not negative, not {usd}")
    return int(usd.quantize(_MICRO, rounding=rounding).scaleb(6))
