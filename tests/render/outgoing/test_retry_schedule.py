"""What is not taken is tried again over a day, and then no more."""

from __future__ import annotations

from datetime import timedelta

from render.outgoing.retry_schedule import WAITS, wait_after

DAY = timedelta(days=1)


def waits(status: int | None = 500, asked_s: float | None = None, chance: float = 0.5) -> list[timedelta]:
    """Every wait until nothing is tried any more."""
    found: list[timedelta] = []
    while (wait := wait_after(len(found) + 1, status, asked_s, chance)) is not None:
        found.append(wait)
    return found


def test_the_last_attempt_is_a_day_after_the_first() -> None:
    """Nine of them, each wait longer than the one before it but the last, with a tenth more or less."""
    assert sum(waits(), timedelta()) == sum(WAITS, timedelta()) == DAY
    assert waits()[0] == timedelta(seconds=5)
    assert sorted(WAITS[:-1]) == list(WAITS[:-1])
    assert sum(waits(chance=0), timedelta()) == DAY * 0.9
    assert sum(waits(chance=1), timedelta()) == DAY * 1.1


def test_what_the_endpoint_says_is_obeyed() -> None:
    """Gone is gone; a longer wait that it asks for is granted, up to a day, and a shorter one changes nothing."""
    assert waits(status=410) == []
    assert waits(status=429, asked_s=600)[:5] == [timedelta(seconds=600)] * 3 + [
        timedelta(minutes=30),
        timedelta(hours=2),
    ]
    assert waits(status=503, asked_s=10**9)[0] == DAY
    assert waits(asked_s=1)[0] == timedelta(seconds=5)
