"""Reading what a vendor says: nothing of it is trusted."""

from __future__ import annotations

import time
from contextlib import suppress
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.net.responses import Unreadable, read_job_id, read_json, read_url, words
from render.providers.vendor_errors import VendorError, read_vendor_error


def test_money_keeps_its_digits() -> None:
    """Numbers with a point are exact."""
    assert read_json(b'{"cost": 0.10}', "application/json")["cost"] == Decimal("0.10")


@given(st.binary())
def test_no_bytes_break_the_reader(body: bytes) -> None:
    """Any bytes are JSON or Unreadable, never another error."""
    with suppress(Unreadable):
        read_json(body, "application/json")


@pytest.mark.parametrize("body", [b"[" * 100_000, b'{"a":' * 5000, b"Infinite", b'"\xff"', b""])
def test_hostile_json_is_unreadable(body: bytes) -> None:
    """Bottomless nesting and broken text cost neither time nor a crash."""
    with pytest.raises(Unreadable) as raised:
        read_json(body, "")
    assert str(raised.value).isprintable()


@pytest.mark.parametrize(
    "number", ["1" * 5000, "-" + "1" * 900_000, "1e999999999", "1e99999999999999999999", "Infinity", "-Infinity", "NaN"]
)
def test_a_number_that_nobody_counts_with_hides_nothing_else(number: str) -> None:
    """A finished job whose bill is absurd is a finished job all the same; no machine is kept busy by its digits."""
    begun = time.monotonic()
    told = read_json(f'{{"clip": "https://x.example/1.mp4", "credits": {number}}}'.encode(), "")
    assert told["clip"] == "https://x.example/1.mp4"
    assert isinstance(told["credits"], Decimal)
    assert words(f"{told['credits']} credits")
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize("text", ["http://" * 150_000, "bearer " * 150_000, "token=" * 150_000, "x" * 1_000_000])
def test_hostile_words_are_soon_read(text: str) -> None:
    """However a megabyte of words is written, a run is not held up by it."""
    begun = time.monotonic()
    assert words(text)
    assert time.monotonic() - begun < 1


@pytest.mark.parametrize(("value", "text"), [("task_7", "task_7"), (7, "7"), ("a/b?c", "a/b?c")])
def test_job_ids_are_kept_as_written(value: object, text: str) -> None:
    """A job id is the vendor's own: losing it would lose a paid clip."""
    assert read_job_id(value) == text


@pytest.mark.parametrize("value", [None, "", "..", " ", "a b", "a\nb", "x" * 201, True, 1.5, ["7"], {}])
def test_what_is_no_job_id_is_unreadable(value: object) -> None:
    """Anything that could not stand in a path or a ledger is no id."""
    with pytest.raises(Unreadable):
        read_job_id(value)


def test_what_is_no_link_is_unreadable() -> None:
    """A vendor that gives an object in place of a link is not understood, rather than guessed at."""
    with pytest.raises(Unreadable):
        read_url({"url": "https://example.com"})


@given(st.text())
def test_words_are_fit_for_a_terminal(text: str) -> None:
    """No control characters, no line breaks, no endless texts."""
    said = words(text)
    assert said.isprintable()
    assert len(said) <= 500


@pytest.mark.parametrize(
    ("answer", "code", "said"),
    [
        ({"message": "Invalid API Key"}, "", "Invalid API Key"),
        (
            {
                "message": "Invalid inputs",
                "errors": [{"code": "too_big", "message": "max 9", "path": ["inputs", "urls"]}],
            },
            "too_big",
            "Invalid inputs: max 9",
        ),
        ({"error": {"code": "invalid_request", "message": "no"}}, "invalid_request", "no"),
        (
            {"error": {"type": "quota", "title": "Too much", "detail": "buy"}, "status": "error"},
            "quota",
            "Too much: buy",
        ),
        ({"error": {"message": "no"}}, "", "no"),
        ({"error": "plain"}, "", "plain"),
        ({"status": "error", "status_message": "unauthenticated"}, "", "unauthenticated"),
        ({"detail": "too long"}, "", "too long"),
        ({"error": {"code": 2038, "message": "x"}}, "2038", "x"),
        ([], "", ""),
        (None, "", ""),
        ({"error": None, "errors": ["x"]}, "", ""),
    ],
)
def test_complaints_are_found_in_every_documented_shape(answer: object, code: str, said: str) -> None:
    """Code and words come out whatever the vendor wraps them in."""
    vendor_error = read_vendor_error(answer)
    assert (vendor_error.code, vendor_error.words) == (code, said)


def test_a_complaint_names_the_parameter() -> None:
    """Where the vendor says which input it objects to, that is kept."""
    answer = {"message": "no", "errors": [{"path": ["inputs", "urls", 2]}]}
    assert read_vendor_error(answer) == VendorError(words="no", input_name="inputs.urls.2")
