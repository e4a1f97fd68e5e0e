"""Each connection keeps its activity and its runs for the days that it says (R33)."""

from datetime import UTC, date, datetime
from uuid import uuid4

from shared.engine.retention import LATEST_RUNS, purge_activity, purge_runs
from shared.ports import ActivityEntry, Run, Wanted
from tests.sync.bench import Bench

EVER = Wanted(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


def entry(at: datetime) -> ActivityEntry:
    return ActivityEntry(at.isoformat(), "w0000000001", "One", "", "oneplan", "created", None, None, "hook", "", at)


async def test_each_connection_keeps_its_own_number_of_days_and_a_deleted_one_ninety(few: Bench) -> None:
    connection, deleted = await few.connect(retentionDays=30), f"gone-{uuid4().hex[:8]}"
    activity = few.parts.engine.activity
    old, ancient, recent = [datetime(2025, *day, tzinfo=UTC) for day in ((5, 1), (1, 10), (5, 31))]
    for one in (connection, deleted):
        await activity.add(one, [entry(ancient), entry(old), entry(recent)])
    assert await purge_activity(few.parts.engine, date(2025, 6, 1)) == 3
    assert [one.at for one in (await activity.list(connection, EVER, 9)).entries] == [recent]
    assert [one.at for one in (await activity.list(deleted, EVER, 9)).entries] == [recent, old]
    assert await purge_activity(few.parts.engine, date(2025, 6, 1)) == 0


async def test_runs_that_are_over_and_old_are_gone_but_for_the_latest(few: Bench) -> None:
    connection = await few.connect(retentionDays=30)
    runs, today = few.parts.engine.runs, date(2025, 6, 1)
    await runs.insert(Run("20250101T000000-a", connection, "tree", "person", state="running"))
    for day in range(1, LATEST_RUNS + 3):
        await runs.insert(Run(f"202501{day + 1:02}T000000-a", connection, "full", "timer", state="done"))
    assert await purge_runs(few.parts.engine, today) == 2
    await runs.insert(Run("20250502T000000-a", connection, "incremental", "timer", state="failed"))
    await runs.insert(Run("20250530T000000-a", connection, "incremental", "timer", state="done"))
    assert await purge_runs(few.parts.engine, today) == 2
    assert await purge_runs(few.parts.engine, today) == 0
    left = [one.id[:8] for one in await runs.list(connection, 99)]
    assert (len(left), left[:2], left[-1]) == (LATEST_RUNS + 1, ["20250530", "20250502"], "20250101")
