"""Schedules and timers."""

import asyncio
from datetime import UTC, datetime

import pytest

from local.host.errors import SettingMissing
from local.host.timers import Timer, next_time
from tests.runtime.waiting import eventually_async

EVERY_SECOND = "* * * * * *"


@pytest.mark.parametrize(
    ("schedule", "expected"),
    [
        ("30 * * * * *", datetime(2026, 1, 1, 10, 0, 30, tzinfo=UTC)),
        ("0 */5 * * * *", datetime(2026, 1, 1, 10, 5, tzinfo=UTC)),
        ("*/5 * * * *", datetime(2026, 1, 1, 10, 5, tzinfo=UTC)),
        ("0 0 2 * * *", datetime(2026, 1, 2, 2, tzinfo=UTC)),
        ("0 0 0 * * 0", datetime(2026, 1, 4, tzinfo=UTC)),
        ("0 0 0 13 * 5", datetime(2026, 2, 13, tzinfo=UTC)),
    ],
    ids=["second", "minutes", "five fields", "daily", "Sunday", "Friday the 13th: both must match"],
)
def test_a_schedule_means_what_ncrontab_means(schedule: str, expected: datetime) -> None:
    assert next_time(schedule, datetime(2026, 1, 1, 10, tzinfo=UTC)) == expected


@pytest.mark.parametrize("schedule", ["00:05:00", "* * * * * * *", "99 * * * * *", ""])
def test_a_wrong_schedule_is_refused(schedule: str) -> None:
    async def run() -> None: ...

    with pytest.raises(SettingMissing, match="the schedule"):
        Timer(schedule, run)


async def test_a_timer_runs_one_run_at_a_time_until_it_is_stopped_and_finishes_the_last() -> None:
    begun, ended, most = [0], [0], [0]

    async def run() -> None:
        begun[0] += 1
        most[0] = max(most[0], begun[0] - ended[0])
        await asyncio.sleep(1.3)
        ended[0] += 1

    timer = Timer(EVERY_SECOND, run)
    keeping = asyncio.create_task(timer.keep_time())
    await eventually_async(lambda: begun[0] == 2)
    timer.stop()
    await asyncio.wait_for(keeping, 5)
    assert (begun[0], ended[0], most[0]) == (2, 2, 1)
