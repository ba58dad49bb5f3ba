"""Dollars at the border, micro-dollars inside."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.ledger.money import (
    MOST_MICROS,
    MOST_SUM_MICROS,
    MOST_USD,
    cap_micros,
    dollars,
    is_sum,
    owed_micros,
)

AMOUNTS = st.decimals(min_value=0, max_value=MOST_USD, places=9)


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
        assert cap_micros(dollars(micros)) == micros
    if 0 <= micros <= MOST_MICROS:
        assert owed_micros(dollars(micros)) == micros


@pytest.mark.parametrize(
    ("micros", "shown"),
    [(0, "0.00"), (1_000_000, "1.00"), (1_230_000, "1.23"), (91_900, "0.0919"), (1, "0.000001"), (-500_000, "-0.50")],
)
def test_dollars_are_shown_as_people_write_them(micros: int, shown: str) -> None:
    """At least cents, no idle zeros, no exponents."""
    assert format(dollars(micros), "f") == shown


@pytest.mark.parametrize("usd", ["-0.01", "NaN", "Infinity", "-Infinity"])
def test_nonsense_is_refused(usd: str) -> None:
    """Neither debts nor nothings get into the books."""
    for convert in (owed_micros, cap_micros):
        with pytest.raises(ValueError, match="number of dollars"):
            convert(Decimal(usd))


@given(st.one_of(st.decimals(), st.floats(), st.integers(), st.text(), st.booleans(), st.none()))
def test_a_sum_is_what_the_books_can_hold(told: object) -> None:
    """Whatever is told either is a sum that fits, or is none; there is nothing that is taken and breaks later."""
    if is_sum(told):
        assert isinstance(told, Decimal)
        assert 0 <= owed_micros(told) <= MOST_MICROS


@pytest.mark.parametrize("usd", ["1e12", "1e30", "1e999999"])
def test_a_cap_beyond_every_sum_is_the_largest(usd: str) -> None:
    """Nothing can pass either, and every database can hold it."""
    assert cap_micros(Decimal(usd)) == MOST_SUM_MICROS
    assert MOST_SUM_MICROS + MOST_MICROS < 2**63
