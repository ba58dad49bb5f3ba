"""The hours of a day in which a production may order, in a time zone; decided from a moment alone.

A window is told as a clock on the wall tells it: from 22:00 until 06:00 in Berlin. It opens at the first moment of a
day at which that clock shows its first hour or a later one, and ends at the first moment at which it shows its last
hour or a later one, which belongs to it no more. So, when clocks are changed:

* an hour that does not exist, as the clock jumps over it, is the moment of the jump;
* an hour that exists twice is the first of the two;
* a window that lies within the hour that is left out is not open on that day.

Windows of one day after the other never overlap. Where both hours are the same the window is refused: it could be a
whole day as well as none.
"""

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.errors import UsageError

__all__ = ["NightWindow", "hour_of", "night_window", "told_moment"]

DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)
_HOUR = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")


@dataclass(frozen=True, slots=True)
class NightWindow:
    """Open from one hour of a zone's clock until another, which may be of the next day."""

    opens: time
    closes: time
    zone: ZoneInfo

    def ends_at(self, now: datetime) -> datetime | None:
        """When the window ends that is open at this moment (aware), in its own zone; None where none is open."""
        for day in self._days_around(now):
            if self._opened_on(day) <= now < self._closed_after(day):
                return self._closed_after(day).astimezone(self.zone)
        return None

    def opens_at(self, now: datetime) -> datetime:
        """When the next window opens after this moment (aware), in its own zone."""
        day = now.astimezone(self.zone).date() - 2 * DAY
        while not now < self._opened_on(day) < self._closed_after(day):
            day += DAY
        return self._opened_on(day).astimezone(self.zone)

    def shows(self, hour: time) -> bool:
        """Whether it is open on an ordinary day when the clock shows this hour."""
        if self.opens < self.closes:
            return self.opens <= hour < self.closes
        return hour >= self.opens or hour < self.closes

    def __str__(self) -> str:
        return f"{self.opens:%H:%M} to {self.closes:%H:%M} ({self.zone.key})"

    def _days_around(self, now: datetime) -> list[date]:
        """The days of which a window may be open: a jump of the clock may leave out a whole day."""
        today = now.astimezone(self.zone).date()
        return [today + days * DAY for days in (-2, -1, 0, 1)]

    def _opened_on(self, day: date) -> datetime:
        return _first_shown(datetime.combine(day, self.opens), self.zone)

    def _closed_after(self, day: date) -> datetime:
        ending = day if self.opens < self.closes else day + DAY
        return _first_shown(datetime.combine(ending, self.closes), self.zone)


def night_window(opens: str, closes: str, time_zone: str) -> NightWindow | None:
    """The window between two hours ("22:00", "06:00") of a zone by its name in the IANA database; None without hours.

    Raises UsageError for what is no hour, for one hour without the other, for two that are the same, and for a zone
    that nobody knows.
    """
    if not opens and not closes:
        return None
    if not opens or not closes:
        raise UsageError("a window has two hours, and one was given", "Say from when until when, or neither")
    window = NightWindow(hour_of(opens), hour_of(closes), _zone(time_zone))
    if window.opens == window.closes:
        raise UsageError(f"a window from {opens} until {closes} has no length", "Leave both out for the whole day")
    return window


def told_moment(moment: datetime) -> str:
    """A moment as a clock of its own zone shows it, with the zone: `06:00 CET`."""
    return f"{moment:%H:%M} {moment.tzname()}"


def hour_of(text: str) -> time:
    """An hour of a day, written as 22:00. Raises UsageError."""
    found = _HOUR.fullmatch(text)
    if found is None:
        raise UsageError(f"{text!r} is no hour of a day", "Write it as 22:00")
    return time(int(found[1]), int(found[2]))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # not found; a path that is none; a folder of zones
        raise UsageError(f"there is no time zone {name!r}", "Write one such as Europe/Berlin, or UTC") from error


def _first_shown(shown: datetime, zone: ZoneInfo) -> datetime:
    """The first moment (UTC) at which the zone's clock shows this or a later time of a day; `shown` is naive."""
    moment = shown.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if moment.astimezone(zone).replace(tzinfo=None) == shown:
        return moment
    before, after = shown.replace(tzinfo=zone, fold=1).astimezone(UTC), moment  # a second offset reads it too early
    while after - before > SECOND:
        middle = before + (after - before) // 2 // SECOND * SECOND
        if middle.astimezone(zone).replace(tzinfo=None) < shown:
            before = middle
        else:
            after = middle
    return after
