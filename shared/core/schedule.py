"""When the timers of a connection are due next. The clock comes in as data."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


def next_incremental(now: datetime, minutes: int) -> datetime:
    """The next due time in UTC, `minutes` from the minute that it is now.

    The timer that looks runs each minute, by a few milliseconds more or less late: to the millisecond, what was found
    due a little late would be due just behind the next look.
    """
    return now.astimezone(UTC).replace(second=0, microsecond=0) + timedelta(minutes=minutes)


def next_full(now: datetime, at: str, zone: ZoneInfo) -> datetime:
    """The next time, in UTC and after `now`, at which the clock of the zone shows `at` ("HH:MM").

    Where daylight saving skips that time, the moment that many minutes after the gap's beginning counts;
    where it comes twice, the first counts, so there is one full sync a day.
    """
    local_day = now.astimezone(zone).date()
    days = (local_day + timedelta(days=ahead) for ahead in range(3))
    return next(due for due in (_instant(day, at, zone) for day in days) if due > now)


def _instant(day: date, at: str, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(at), tzinfo=zone).astimezone(UTC)
