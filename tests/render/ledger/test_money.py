"""Dollars at the border, micro-dollars inside."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.ledger.money import cap_micros, dollars, dollars_or_none, owed_micros

AMOUNTS = st.decimals(min_value=0, max_value=10**9, allow_nan=False, allow_infinity=False)


@given(AMOUNTS)
def test_rounding_never_favours_spending(usd: Decimal) -> None:
    """What is owed never shrinks and a cap never grows, and neither moves by a whole micro-dollar."""
    micro = Decimal("0.000001")
    assert 0 <= dollars(owed_micros(usd)) - usd < micro
    assert 0 <= usd - dollars(cap_micros(usd)) < micro


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_micros_survive_the_way_out_and_in(micros: int) -> None:
    """A sum that is shown and read again is the same sum."""
    assert int(dollars(micros) * 10**6) == micros
    if micros >= 0:
        assert owed_micros(dollars(micros)) == cap_micros(dollars(micros)) == micros


@pytest.mark.parametrize(
    ("micros", "shown"),
    [(0, "0.00"), (1_000_000, "1.00"), (1_230_000, "1.23"), (91_900, "0.0919"), (1, "0.000001"), (-500_000, "-0.50")],
)
def test_dollars_are_shown_as_people_write_them(micros: int, shown: str) -> None:
    """At least cents, no idle zeros, no exponents."""
    assert format(dollars(micros), "f") == shown
    assert dollars_or_none(micros) == dollars(micros)


def test_no_amount_is_not_nothing() -> None:
    """An unknown cost stays unknown."""
    assert dollars_or_none(None) is None


@pytest.mark.parametrize("usd", ["-0.01", "NaN", "Infinity", "-Infinity"])
def test_nonsense_is_refused(usd: str) -> None:
    """Neither debts nor nothings get into the books."""
    for convert in (owed_micros, cap_micros):
        with pytest.raises(ValueError, match="finite number of dollars"):
            convert(Decimal(usd))
