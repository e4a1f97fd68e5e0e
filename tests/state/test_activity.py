"""The activity: each entry once, newest first, whole, by item and by day, and gone when its time is over (R33)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableServiceClient
from azure.storage.blob.aio import BlobServiceClient

from local.azurite import Azurite
from shared.adapters.activity_rows import ActivityTable
from shared.adapters.run_blobs import RunBlobs
from shared.core.model import Raw
from shared.core.snapshots import work_item_key
from shared.ports.trust import ActivityEntry, Wanted

START = datetime(2026, 11, 20, 12, tzinfo=UTC)
EVER = Wanted(datetime(2020, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))


@pytest.fixture
def connection() -> str:
    return f"c-{uuid4().hex[:12]}"


@pytest.fixture
async def activity(azurite: Azurite) -> AsyncIterator[ActivityTable]:
    async with (
        TableServiceClient.from_connection_string(azurite.connection_string) as tables,
        BlobServiceClient.from_connection_string(azurite.connection_string) as blobs,
    ):
        yield ActivityTable(tables, RunBlobs(blobs, "activity"))


def entry(number: int = 0, *, item: int = 1, at: datetime | None = None, **members: Any) -> ActivityEntry:
    known: dict[str, Any] = {
        "id": f"run-1/{number}",
        "key": work_item_key(item),
        "title": f"Story {item}",
        "field": "System.Title",
        "side": "oneplan",
        "action": "updated",
        "before": "Old",
        "after": "New",
        "cause": "hook",
        "run": "",
        "at": at or START + timedelta(seconds=number),
    }
    return ActivityEntry(**{**known, **members})


async def test_an_entry_comes_back_as_it_was(activity: ActivityTable, connection: str) -> None:
    values: list[Raw] = [None, 0, 1.5, False, "", 'ü "<b>"\n\u2028', ("a", ("b", 1)), "x" * 3_000]
    entries = [entry(number, before=value, after=None, note="n") for number, value in enumerate(values)]
    await activity.add(connection, entries)
    found = (await activity.list(connection, EVER, 50)).entries
    assert list(found) == entries[::-1]
    assert await activity.get(connection, entries[6].reference) == entries[6]


async def test_a_value_that_is_long_is_listed_by_its_beginning_and_given_whole(
    activity: ActivityTable, connection: str
) -> None:
    long = "<p>Größe 😀</p>" * 20_000
    one = entry(before=long, after=("tag" * 9_000, "b"))
    await activity.add(connection, [one, entry(1)])
    newest, listed = (await activity.list(connection, EVER, 50)).entries
    assert newest.whole
    assert not listed.whole
    assert isinstance(listed.before, str)
    assert long.startswith(listed.before)
    assert len(listed.before) > 100
    assert await activity.get(connection, one.reference) == one


async def test_what_is_added_again_is_there_once(activity: ActivityTable, connection: str) -> None:
    entries = [entry(number, item=number % 3) for number in range(250)]
    await activity.add(connection, [*entries, *entries])
    await activity.add(connection, entries[100:])
    assert list((await activity.list(connection, EVER, 1_000)).entries) == entries[::-1]


async def test_two_things_at_one_moment_are_two(activity: ActivityTable, connection: str) -> None:
    await activity.add(connection, [entry(1, at=START), entry(2, at=START)])
    assert len((await activity.list(connection, EVER, 50)).entries) == 2


@pytest.mark.parametrize("most", [1, 3, 7, 100])
async def test_pages_follow_one_another_over_days_without_gap_or_repetition(
    activity: ActivityTable, connection: str, most: int
) -> None:
    entries = [entry(number, at=START + timedelta(hours=5 * number)) for number in range(20)]
    await activity.add(connection, entries)
    found, after, pages = [], "", 0
    while pages == 0 or after:
        page = await activity.list(connection, EVER, most, after)
        assert len(page.entries) <= most
        found, after, pages = [*found, *page.entries], page.after, pages + 1
    assert found == entries[::-1]


async def test_a_span_holds_its_first_moment_and_not_its_last(activity: ActivityTable, connection: str) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    moments = [midnight - timedelta(microseconds=1), midnight, midnight + timedelta(days=1)]
    before, at, after = [entry(number, at=moment) for number, moment in enumerate(moments)]
    await activity.add(connection, [before, at, after])

    async def of(day: datetime) -> list[ActivityEntry]:
        return list((await activity.list(connection, Wanted(day, day + timedelta(days=1)), 50)).entries)

    assert await of(midnight - timedelta(days=1)) == [before]
    assert await of(midnight) == [at]
    assert await of(midnight + timedelta(days=1)) == [after]
    assert await of(midnight + timedelta(days=2)) == []


async def test_a_time_of_another_zone_is_the_same_moment(activity: ActivityTable, connection: str) -> None:
    from zoneinfo import ZoneInfo

    late = datetime(2026, 11, 21, 0, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    await activity.add(connection, [entry(at=late)])
    day = datetime(2026, 11, 20, tzinfo=UTC)
    (found,) = (await activity.list(connection, Wanted(day, day + timedelta(days=1)), 50)).entries
    assert found.at == late


async def test_it_is_narrowed_by_item_field_cause_and_run(activity: ActivityTable, connection: str) -> None:
    entries = [
        entry(1, item=1),
        entry(2, item=2, field="System.State"),
        entry(3, item=1, cause="person", field="System.State"),
        entry(4, item=1, cause="timer", run="r1"),
    ]
    await activity.add(connection, entries)

    async def numbers(**members: str) -> list[str]:
        found = await activity.list(connection, replace(EVER, **members), 50)
        return [one.id.rpartition("/")[2] for one in found.entries]

    assert await numbers(key=work_item_key(1)) == ["4", "3", "1"]
    assert await numbers(key=work_item_key(1), field="System.State") == ["3"]
    assert await numbers(field="System.State") == ["3", "2"]
    assert await numbers(cause="timer") == ["4"]
    assert await numbers(run="r1") == ["4"]
    assert await numbers(key=work_item_key(3)) == []


async def test_an_items_pages_follow_one_another(activity: ActivityTable, connection: str) -> None:
    entries = [entry(number, item=number % 2, at=START + timedelta(hours=9 * number)) for number in range(12)]
    await activity.add(connection, entries)
    wanted = replace(EVER, key=work_item_key(1))
    first = await activity.list(connection, wanted, 4)
    second = await activity.list(connection, wanted, 4, first.after)
    assert [*first.entries, *second.entries] == [one for one in entries if one.key == work_item_key(1)][::-1]


async def test_a_filter_that_fits_little_reads_a_bounded_number_at_a_time(
    activity: ActivityTable, connection: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("shared.adapters.activity_rows.MOST_READ", 5)
    await activity.add(connection, [entry(number, run="r1" if number == 0 else "r2") for number in range(12)])
    page, pages = await activity.list(connection, replace(EVER, run="r1"), 50), 1
    while page.after:
        assert page.entries == ()
        page, pages = await activity.list(connection, replace(EVER, run="r1"), 50, page.after), pages + 1
    assert ([one.id for one in page.entries], pages) == (["run-1/0"], 3)


async def test_connections_do_not_see_one_another(activity: ActivityTable, connection: str) -> None:
    other = f"{connection}-b"
    await activity.add(connection, [entry(1)])
    await activity.add(other, [entry(2)])
    assert [one.id for one in (await activity.list(connection, EVER, 50)).entries] == ["run-1/1"]
    assert {connection, other} <= set(await activity.connections())
    await activity.purge(connection, date(2030, 1, 1))
    assert len((await activity.list(other, EVER, 50)).entries) == 1
    assert connection not in await activity.connections()


async def test_a_purge_takes_the_days_before_and_leaves_no_trace_of_them(
    activity: ActivityTable, connection: str, azurite: Azurite
) -> None:
    midnight = datetime(2026, 11, 21, tzinfo=UTC)
    long = "y" * 50_000
    old = [entry(number, item=number % 5, at=START, before=long if number == 3 else "v") for number in range(130)]
    kept = entry(999, at=midnight)
    await activity.add(connection, [*old, kept])
    assert await activity.purge(connection, midnight.date()) == 130
    assert await activity.purge(connection, midnight.date()) == 0
    assert list((await activity.list(connection, EVER, 500)).entries) == [kept]
    assert list((await activity.list(connection, replace(EVER, key=kept.key), 500)).entries) == [kept]
    assert await activity.get(connection, old[3].reference) is None
    async with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
        rows = tables.get_table_client("activity").query_entities(
            "PartitionKey ge @first and PartitionKey lt @last",
            parameters={"first": f"{connection}~", "last": f"{connection}~~"},
        )
        assert {row["PartitionKey"] async for row in rows} == {f"{connection}~2026-11-21", f"{connection}~{kept.key}"}
    async with BlobServiceClient.from_connection_string(azurite.connection_string) as blobs:
        names = blobs.get_container_client("activity").list_blob_names(name_starts_with=f"{connection}/")
        assert [one async for one in names] == []


async def test_a_purge_that_was_cut_off_is_finished_by_the_next(activity: ActivityTable, connection: str) -> None:
    await activity.add(connection, [entry(number) for number in range(3)])
    await activity._table.clear(f"{connection}~2026-11-20", [entry(0).reference, entry(1).reference])
    assert await activity.purge(connection, date(2026, 12, 1)) == 1
    assert connection not in await activity.connections()


@pytest.mark.parametrize(
    "reference", ["", "nonsense", "9" * 17 + "-ab", "0" * 17, "1" * 17 + "-" + "a" * 16, "/../x?#"]
)
async def test_a_reference_that_names_nothing_finds_nothing(
    activity: ActivityTable, connection: str, reference: str
) -> None:
    await activity.add(connection, [entry(1)])
    assert await activity.get(connection, reference) is None
