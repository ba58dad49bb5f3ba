"""Decimal numbers as people write them, and as fingerprints hold them: one spelling of each value."""

from __future__ import annotations

from decimal import Decimal


def plain_decimal(number: Decimal) -> str:
    """5 for 5, 5.0 and 5.00; never with an exponent."""
    return f"{number.normalize():f}"
