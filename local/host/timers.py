"""Timer triggers: NCRONTAB schedules in UTC, as on Flex Consumption."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime

from croniter import CroniterBadCronError, croniter

from local.host import protos
from local.host.delivery import set_within
from local.host.errors import SettingMissing

# What a timer function gets; the past-due flag and the status come from a monitor that is kept in Azure only.
TIMER_DATA = protos.TypedData(json='{"IsPastDue": false, "Schedule": {"AdjustForDST": true}, "ScheduleStatus": null}')


class Timer:
    """Runs a function at each time of its schedule, one at a time: a time within a run is skipped."""

    def __init__(self, schedule: str, run: Callable[[], Awaitable[None]]) -> None:
        self._schedule = checked(schedule)
        self._run = run
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """No further run begins; `keep_time` returns when the running one has ended."""
        self._stopping.set()

    async def keep_time(self) -> None:
        """The function ran at every time of the schedule, until `stop`."""
        while True:
            now = datetime.now(UTC)
            due = next_time(self._schedule, now)
            if await set_within(self._stopping, (due - now).total_seconds()):
                return
            await self._run()


def next_time(schedule: str, after: datetime) -> datetime:
    """The first time of an NCRONTAB schedule after a given one.

    NCRONTAB puts seconds first, and needs both the day of the month and the day of the week to match.
    """
    times = croniter(schedule, after, second_at_beginning=True, day_or=False)
    return times.get_next(datetime)


def checked(schedule: str) -> str:
    """The schedule itself. Raises SettingMissing where it is no NCRONTAB expression of five or six fields."""
    try:
        if len(schedule.split()) not in {5, 6}:
            raise CroniterBadCronError("it must have five or six fields")
        next_time(schedule, datetime.now(UTC))
    except CroniterBadCronError as error:
        raise SettingMissing(f"the schedule {schedule!r} is wrong: {error}") from error
    return schedule
