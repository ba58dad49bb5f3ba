"""The hours in which a production may order, over both changes of summer time and over midnight."""

from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from flows.errors import UsageError
from flows.run.night_window import NightWindow, night_window, told_moment

MINUTE = timedelta(minutes=1)
CHANGES = {
    "Europe/Berlin": (date(2026, 3, 29), date(2026, 10, 25)),
    "America/New_York": (date(2026, 3, 8), date(2026, 11, 1)),
    "Australia/Lord_Howe": (date(2026, 4, 5), date(2026, 10, 4)),  # clocks go by half an hour
    "Pacific/Apia": (date(2011, 12, 30),),  # a day that was left out
    "Asia/Kolkata": (date(2026, 7, 1),),  # no summer time
}
CHANGED = [(zone, day) for zone, days in CHANGES.items() for day in days]


def berlin(text: str) -> NightWindow:
    opens, closes = text.split("-")
    window = night_window(opens, closes, "Europe/Berlin")
    assert window is not None
    return window


@cache
def clock(zone: str, around: date) -> tuple[tuple[datetime, datetime], ...]:
    """Every minute of some days: as UTC, and what a clock on the wall shows."""
    first = datetime.combine(around - timedelta(days=4), time(), UTC)
    moments = [first + minutes * MINUTE for minutes in range(8 * 24 * 60)]
    return tuple((each, each.astimezone(ZoneInfo(zone)).replace(tzinfo=None)) for each in moments)


def shown_first(zone: str, around: date, shown: datetime) -> datetime:
    """The first minute at which the clock shows this time or a later one."""
    return next(moment for moment, local in clock(zone, around) if local >= shown)


def looked_up(window: NightWindow, around: date, now: datetime) -> datetime | None:
    """When the window ends that is open now, found by looking at the clock minute by minute."""
    for days in range(-3, 3):
        day = around + timedelta(days=days)
        after = day if window.opens < window.closes else day + timedelta(days=1)
        opened = shown_first(window.zone.key, around, datetime.combine(day, window.opens))
        closed = shown_first(window.zone.key, around, datetime.combine(after, window.closes))
        if opened <= now < closed:
            return closed
    return None


def ends_at(window: NightWindow, now: datetime) -> datetime | None:
    """In UTC: moments of an hour that exists twice equal none of another zone."""
    ends = window.ends_at(now)
    return ends and ends.astimezone(UTC)


hours = st.times().map(lambda each: each.replace(second=0, microsecond=0, tzinfo=None))


@given(st.sampled_from(CHANGED), hours, hours, st.integers(-1440, 2880))
@example(("Europe/Berlin", date(2026, 3, 29)), time(2, 15), time(2, 45), 60)
@example(("Europe/Berlin", date(2026, 10, 25)), time(2, 30), time(6), 35)
@example(("Pacific/Apia", date(2011, 12, 30)), time(22), time(6), 1440 + 8 * 60)
def test_a_window_is_open_as_the_clock_on_the_wall_says(
    changed: tuple[str, date], opens: time, closes: time, minutes: int
) -> None:
    """At any minute near a change of the clocks; and the next one opens when this one says that it does."""
    zone, day = changed
    if opens == closes:
        return
    window, now = NightWindow(opens, closes, ZoneInfo(zone)), datetime.combine(day, time(), UTC) + minutes * MINUTE

    assert ends_at(window, now) == looked_up(window, day, now)
    following = window.opens_at(now).astimezone(UTC)
    assert following > now
    assert ends_at(window, following) is not None
    assert ends_at(window, following - timedelta(microseconds=1)) in (None, following)


@pytest.mark.parametrize(
    ("window", "now", "ends"),
    [
        ("22:00-06:00", "2026-11-30T21:59:59+01:00", None),
        ("22:00-06:00", "2026-11-30T22:00:00+01:00", "2026-12-01T06:00:00+01:00"),
        ("22:00-06:00", "2026-12-01T05:59:59+01:00", "2026-12-01T06:00:00+01:00"),
        ("22:00-06:00", "2026-12-01T06:00:00+01:00", None),
        ("00:00-06:00", "2026-12-01T00:00:00+01:00", "2026-12-01T06:00:00+01:00"),
        ("09:00-17:00", "2026-12-01T12:00:00+01:00", "2026-12-01T17:00:00+01:00"),
        ("22:00-06:00", "2026-03-28T23:00:00+01:00", "2026-03-29T06:00:00+02:00"),  # an hour shorter
        ("22:00-06:00", "2026-10-24T23:00:00+02:00", "2026-10-25T06:00:00+01:00"),  # an hour longer
        ("22:00-02:30", "2026-03-28T23:00:00+01:00", "2026-03-29T03:00:00+02:00"),  # the jump over the end
        ("02:30-06:00", "2026-03-29T03:00:00+02:00", "2026-03-29T06:00:00+02:00"),  # the jump over the beginning
        ("02:15-02:45", "2026-03-29T03:00:00+02:00", None),  # the jump over all of it
        ("22:00-02:30", "2026-10-25T02:29:00+02:00", "2026-10-25T02:30:00+02:00"),  # the first half past two
        ("22:00-02:30", "2026-10-25T02:29:00+01:00", None),  # the second
        ("02:30-06:00", "2026-10-25T02:29:00+01:00", "2026-10-25T06:00:00+01:00"),
    ],
)
def test_the_end_of_a_window_in_berlin(window: str, now: str, ends: str | None) -> None:
    """The first hour belongs to it, the last does not; one that is left out is the jump, of two it is the first."""
    assert ends_at(berlin(window), datetime.fromisoformat(now)) == (ends and datetime.fromisoformat(ends))


def test_a_window_says_when_it_ends_as_people_read_it() -> None:
    """By the clock of its own zone."""
    ends = berlin("22:00-06:00").ends_at(datetime(2026, 11, 30, 23, tzinfo=UTC))
    assert ends is not None
    assert told_moment(ends) == "06:00 CET"
    assert str(berlin("22:00-06:00")) == "22:00 to 06:00 (Europe/Berlin)"


def test_without_hours_there_is_no_window() -> None:
    """Whatever the zone says."""
    assert night_window("", "", "Europe/Berlin") is None


@pytest.mark.parametrize(
    ("opens", "closes", "zone", "said"),
    [
        ("22:00", "", "UTC", "two hours"),
        ("", "06:00", "UTC", "two hours"),
        ("24:00", "06:00", "UTC", "'24:00' is no hour"),
        ("22", "06:00", "UTC", "'22' is no hour"),
        ("22:00", "6 am", "UTC", "'6 am' is no hour"),
        ("06:00", "06:00", "UTC", "no length"),
        ("22:00", "06:00", "Europe/Berlim", "no time zone 'Europe/Berlim'"),
        ("22:00", "06:00", "", "no time zone ''"),
        ("22:00", "06:00", "../etc", "no time zone"),
        ("22:00", "06:00", "Europe", "no time zone"),
    ],
)
def test_what_is_no_window_is_refused(opens: str, closes: str, zone: str, said: str) -> None:
    """With what is wrong of it, before anything is planned."""
    with pytest.raises(UsageError, match=said):
        night_window(opens, closes, zone)
