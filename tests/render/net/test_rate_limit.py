"""How fast a vendor is asked."""

from __future__ import annotations

import asyncio
import itertools
import time
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from render.net.rate_limit import RateLimit, poll_delay, retry_after_s

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        (None, None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1e9", None),
        ("9" * 30, None),
        ("0", 0),
        (" 120 ", 120),
        ("Sun, 01 Mar 2026 12:01:30 GMT", 90),
        ("Sunday, 01-Mar-26 12:01:30 GMT", 90),
        ("Sun, 01 Mar 2026 11:00:00 GMT", 0),
        ("Sun, 99 Mar 2026 12:00:00 GMT", None),
    ],
)
def test_retry_after_is_read_in_both_spellings(value: str | None, seconds: float | None) -> None:
    """Seconds or a date; what is neither says nothing, and a date that has passed means now."""
    assert retry_after_s(value, NOW) == seconds


def test_back_offs_grow_until_the_vendor_answers() -> None:
    """Without a Retry-After each refusal waits twice as long, up to a minute; answers bring the pace back."""
    rate_limit = RateLimit(clock=lambda: 100.0)
    assert [rate_limit.back_off() for _ in range(7)] == [2, 4, 8, 16, 32, 60, 60]
    for _ in range(7):
        rate_limit.relax()
    assert rate_limit.back_off() == 2


def test_the_longest_wait_holds() -> None:
    """A shorter Retry-After does not take back a longer one."""
    rate_limit = RateLimit(clock=lambda: 100.0)
    rate_limit.back_off(50)
    rate_limit.back_off(5)
    assert rate_limit.remaining_s == 50


@pytest.mark.anyio
async def test_those_who_waited_do_not_rush_in_together() -> None:
    """After a back-off the waiting shots go one after the other."""
    rate_limit = RateLimit()
    rate_limit.back_off(0.1)
    went: list[float] = []

    async def go() -> None:
        await rate_limit.wait()
        went.append(time.monotonic())

    begun = time.monotonic()
    await asyncio.gather(go(), go(), go())
    assert went[0] - begun >= 0.1
    assert all(later - earlier > 0.1 for earlier, later in itertools.pairwise(went))


@given(
    age=st.timedeltas(min_value=timedelta(days=-1), max_value=timedelta(days=400)),
    base=st.timedeltas(min_value=timedelta(milliseconds=1), max_value=timedelta(minutes=5)),
    job=st.text(max_size=20),
)
def test_polls_stay_within_bounds(age: timedelta, base: timedelta, job: str) -> None:
    """Never much faster than the vendor's own interval, never slower than half a minute or that interval."""
    delay = poll_delay(age, base, job)
    assert base * 0.89 <= delay <= max(base, timedelta(seconds=30)) * 1.11


def test_polls_grow_rarer_with_age_and_differ_between_jobs() -> None:
    """An old job is asked less often; jobs that began together are not asked together; the same job always so."""
    base = timedelta(seconds=3)
    ages = [timedelta(minutes=minutes) for minutes in (0, 1, 5, 60)]
    delays = [poll_delay(age, base, "job-1") for age in ages]
    assert delays == sorted(delays)
    assert poll_delay(ages[0], base, "job-1") == delays[0]
    assert poll_delay(ages[0], base, "job-2") != delays[0]
