"""Each connection keeps its activity for the days that it says (R33)."""

from datetime import UTC, date, datetime
from uuid import uuid4

from shared.engine.retention import purge_activity
from shared.ports import ActivityEntry, Wanted
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
