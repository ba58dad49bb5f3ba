"""How amounts of US dollars are written, for people and for scripts: always exact, so that small sums do not vanish."""

from __future__ import annotations

from decimal import Decimal


def usd(amount: Decimal) -> str:
    """For people: `$12.50`. Cents always, and more digits only where there are more."""
    return f"${plain_usd(amount)}"


def usd_or_unknown(amount: Decimal | None) -> str:
    """The same, or `price unknown` where nobody knows it (None)."""
    return "price unknown" if amount is None else usd(amount)


def usd_per_second(amount: Decimal) -> str:
    """A rate, for people: `$0.0851 a second`, without idle zeros."""
    return f"{short_usd(amount)} a second"


def short_usd(amount: Decimal) -> str:
    """For people: `$0.1`, without idle zeros."""
    return f"${amount.normalize():f}"


def plain_usd(amount: Decimal) -> str:
    """For scripts, as a string in JSON: `12.50`. At least two decimals, and never an exponent."""
    short = amount.normalize()
    exponent = short.as_tuple().exponent
    return f"{short:.2f}" if isinstance(exponent, int) and exponent > -2 else f"{short:f}"
