"""Amounts of dollars are written exactly, for people and for scripts."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storyboard.text.dollars import plain_usd, short_usd, usd, usd_or_unknown, usd_per_second

AMOUNTS = st.decimals(0, 10**12, places=6)


@pytest.mark.parametrize(
    ("amount", "text"),
    [(Decimal("1.5"), "$1.50"), (Decimal(0), "$0.00"), (Decimal("0.0375"), "$0.0375"), (None, "price unknown")],
)
def test_money_is_exact(amount: Decimal | None, text: str) -> None:
    """Cents as people write them, smaller sums in full."""
    assert usd_or_unknown(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        ("0", "0.00"),
        ("1.5", "1.50"),
        ("0.459500", "0.4595"),
        ("1E+3", "1000.00"),
        ("1E-6", "0.000001"),
        ("100", "100.00"),
    ],
)
def test_scripts_are_never_told_an_exponent(amount: str, text: str) -> None:
    """However the amount was reckoned."""
    assert plain_usd(Decimal(amount)) == text


@pytest.mark.parametrize(("amount", "text"), [("0.10", "$0.1"), ("2.00", "$2"), ("0.08510", "$0.0851"), ("10", "$10")])
def test_a_rate_has_no_idle_zeros(amount: str, text: str) -> None:
    """A rate is no sum: nobody pays it as it stands."""
    assert short_usd(Decimal(amount)) == text
    assert usd_per_second(Decimal(amount)) == f"{text} a second"


@given(AMOUNTS)
def test_what_is_written_is_the_amount(amount: Decimal) -> None:
    """Read again it is the same, with cents at least."""
    written = plain_usd(amount)
    assert usd(amount) == f"${written}"
    assert Decimal(written) == amount
    assert len(written.partition(".")[2]) >= 2
