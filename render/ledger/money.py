"""Dollars at the border, whole micro-dollars inside, so that sums are exact in every database.

The database holds every amount to be a whole number within bounds. So nothing that a vendor reports can bring
floating point into the ledger, or make a sum that cannot be written down.
"""

from __future__ import annotations

from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

MOST_USD = Decimal(100_000)
"""For one take. No order costs nearly as much: a larger sum is a mistake, whoever tells it."""

MOST_MICROS = 100_000_000_000
"""The same in micro-dollars."""

MOST_SUM_MICROS = 10**18
"""Of all takes that count in one budget: ten million of the dearest. Every database can add one more to it."""

_MICRO = Decimal("0.000001")
_CENT = Decimal("0.01")


def owed_micros(usd: Decimal) -> int:
    """What is or may be owed for one take, in micro-dollars; a fraction counts as a whole, so that nothing is lost.

    Raises ValueError for what is no sum; see `is_sum`.
    """
    if not is_sum(usd):
        raise ValueError(f"what a take costs is a number of dollars between 0 and {MOST_USD}, not {usd:.40}")
    return int(usd.quantize(_MICRO, rounding=ROUND_CEILING).scaleb(6))


def cap_micros(usd: Decimal) -> int:
    """A cap, in micro-dollars; a fraction falls away, so that the cap is never passed.

    One that is beyond every sum stands for the largest of them: nothing reaches either.
    """
    if not usd.is_finite() or usd < 0:
        raise ValueError(f"a cap is a finite number of dollars that is not negative, not {usd}")
    most = Decimal(MOST_SUM_MICROS).scaleb(-6)
    return int(min(usd, most).quantize(_MICRO, rounding=ROUND_FLOOR).scaleb(6))


def is_sum(usd: object) -> bool:
    """Whether this can be what one take costs: a finite number of dollars from 0 to `MOST_USD`."""
    return isinstance(usd, Decimal) and usd.is_finite() and 0 <= usd <= MOST_USD


def dollars(micros: int) -> Decimal:
    """Micro-dollars as US dollars, exactly: at least cents, and no idle zeros after them."""
    exact = Decimal(micros).scaleb(-6)
    return exact.quantize(_CENT) if micros % 10_000 == 0 else exact.normalize()
