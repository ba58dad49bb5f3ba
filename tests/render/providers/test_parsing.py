"""Numbers and times beside what matters: read where they make sense, and never in the way of a clip."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.net.responses import read_json
from render.providers.ended_jobs import ended
from render.providers.parsing import amount, bill, moment, share
from render.providers.vendor_errors import CONTENT, ONCE_MORE, VendorError
from tests.render.providers.hosted import ANY_JSON


@given(ANY_JSON | st.from_regex(r"[0-9]{1,6}([.][0-9]{1,3})?(e[+-]?[0-9]{1,7})?", fullmatch=True))
def test_whatever_is_told_is_read_or_is_nothing(told: Any) -> None:
    """No figure of a vendor raises, and none is negative or endless."""
    number, part, when = amount(told), share(told), moment(told)
    assert number is None or (number.is_finite() and number >= 0)
    assert part is None or 0 <= part <= 1
    assert when is None or when.tzinfo is not None


@pytest.mark.parametrize(
    "told",
    [
        1893456000,
        1893456000000,
        Decimal("1893456000.0"),
        "1893456000",
        "2030-01-01T00:00:00Z",
        "2030-01-01T01:00+01:00",
    ],
)
def test_a_time_is_read_in_each_spelling(told: Any) -> None:
    """Seconds and milliseconds since 1970, as a number or as text, and ISO 8601."""
    assert moment(told) == datetime(2030, 1, 1, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", [b"1e999999999", b'"Infinity"', b'"NaN"', b"-0.5", b"true", b'"1e99999999999999999999"']
)
def test_amounts_that_are_none(text: bytes) -> None:
    """What no vendor can mean is not known."""
    assert amount(read_json(text, "application/json")) is None


@pytest.mark.parametrize(
    ("told", "charged"),
    [
        (b"200", "200"),
        (b'"12.5"', "12.5"),
        (b"0", "0"),
        (b"1e15", "1e15"),
        (b"1e16", "Infinity"),
        (b"-200", "Infinity"),
        (b'"-0.01"', "Infinity"),
        (b"NaN", "Infinity"),
        (b'"Infinity"', "Infinity"),
        (b"1e99999999999999999999", "Infinity"),
        (b"1" * 5000, "Infinity"),
        (b'"' + b"1" * 5000 + b'"', "Infinity"),
        (b"true", None),
        (b'"a lot"', None),
        (b'""', None),
        (b"[200]", None),
        (b"null", None),
    ],
)
def test_a_bill_is_a_number_or_told_to_be_beyond_any_sense(told: bytes, charged: str | None) -> None:
    """What is no number at all is not told; what is one, and can be no sum, is never left out."""
    assert bill(read_json(told, "application/json")) == (None if charged is None else Decimal(charged))


def test_the_end_of_a_job_says_why_and_what_to_do() -> None:
    """The vendor's words stand alone, and what to do beside them; where there are no words, that is said too."""
    told = {"provider": "acme", "key_variable": "ACME_API_KEY", "charged": None}
    refused = ended(VendorError(code="policy", words="Too wild."), {"policy": CONTENT}, **told)
    assert (refused.words, refused.remedy) == ("Too wild.", CONTENT.remedy)
    assert (refused.code, refused.refused, refused.charged) == ("policy", True, None)
    silent = ended(VendorError(), {}, **told)
    assert (silent.code, silent.refused) == ("failed", False)
    assert silent.words == "acme does not say why"
    assert silent.remedy == ONCE_MORE.remedy
    unheard = ended(VendorError(code="unheard_of"), {}, **told)
    assert unheard.remedy == "Look up acme's documentation for this code"
