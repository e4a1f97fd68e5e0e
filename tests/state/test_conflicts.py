"""Held conflicts: exactly those of an item, with their times and a person's choice (R16)."""

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from azure.core.credentials import AzureNamedKeyCredential
from azure.data.tables.aio import TableServiceClient

from local.azurite import Azurite
from shared.adapters.conflict_rows import ConflictTable
from shared.core.snapshots import project_key, work_item_key
from shared.ports.trust import Conflict

SINCE = datetime(2026, 11, 20, 12, tzinfo=UTC)
KEY = work_item_key(17)


@pytest.fixture
def connection() -> str:
    return f"c-{uuid4().hex[:12]}"


@pytest.fixture
async def conflicts(azurite: Azurite) -> AsyncIterator[ConflictTable]:
    async with TableServiceClient.from_connection_string(azurite.connection_string) as tables:
        yield ConflictTable(tables)


def conflict(field: str = "System.Title", **members: Any) -> Conflict:
    known: dict[str, Any] = {"key": KEY, "title": "Story", "azure_devops": "A", "oneplan": "B", "since": SINCE}
    return Conflict(**{**known, "field": field, **members})


async def test_exactly_the_conflicts_given_are_held_for_the_item(conflicts: ConflictTable, connection: str) -> None:
    first, second = conflict("System.Title"), conflict("Größe/a?#", azure_devops=("x", 1), oneplan=None)
    other = conflict(key=work_item_key(170))
    await conflicts.keep(connection, KEY, [first, second])
    await conflicts.keep(connection, other.key, [other])
    assert set(await conflicts.of_item(connection, KEY)) == {first, second}
    assert set(await conflicts.list(connection)) == {first, second, other}
    await conflicts.keep(connection, KEY, [second])
    assert await conflicts.of_item(connection, KEY) == [second]
    assert await conflicts.get(connection, second.reference) == second
    await conflicts.keep(connection, KEY, [])
    assert await conflicts.of_item(connection, KEY) == []
    assert await conflicts.get(connection, second.reference) is None
    assert await conflicts.list(connection) == [other]


async def test_a_conflict_that_goes_on_keeps_its_first_time(conflicts: ConflictTable, connection: str) -> None:
    await conflicts.keep(connection, KEY, [conflict()])
    later = SINCE + timedelta(days=1)
    await conflicts.keep(connection, KEY, [conflict(since=later, oneplan="C")])
    (found,) = await conflicts.of_item(connection, KEY)
    assert (found.since, found.oneplan) == (SINCE, "C")


async def test_a_choice_stands_for_the_values_that_it_was_made_for(conflicts: ConflictTable, connection: str) -> None:
    held = conflict()
    await conflicts.keep(connection, KEY, [held])
    chosen = await conflicts.choose(connection, held.reference, "oneplan")
    assert chosen == replace(held, choice="oneplan")
    await conflicts.keep(connection, KEY, [conflict(since=SINCE + timedelta(days=1))])
    assert [one.choice for one in await conflicts.of_item(connection, KEY)] == ["oneplan"]
    await conflicts.keep(connection, KEY, [conflict(azure_devops="A2")])
    assert [one.choice for one in await conflicts.of_item(connection, KEY)] == [""]
    assert await conflicts.choose(connection, conflict("None").reference, "oneplan") is None


async def test_long_values_are_told_apart_beyond_what_is_kept_of_them(
    conflicts: ConflictTable, connection: str
) -> None:
    long = conflict(azure_devops="x" * 50_000 + "a", oneplan="x" * 50_000 + "b")
    await conflicts.keep(connection, KEY, [long])
    await conflicts.choose(connection, long.reference, "oneplan")
    (found,) = await conflicts.of_item(connection, KEY)
    assert (found.whole, found.choice) == (False, "oneplan")
    await conflicts.keep(connection, KEY, [replace(long, oneplan="x" * 50_000 + "c")])
    assert [one.choice for one in await conflicts.of_item(connection, KEY)] == [""]


async def test_nothing_is_asked_where_nothing_is_held_and_nothing_given(connection: str) -> None:
    async with TableServiceClient(
        "http://127.0.0.1:1", credential=AzureNamedKeyCredential("none", "bm9uZQ==")
    ) as nowhere:
        await ConflictTable(nowhere).keep(connection, KEY, [], held=False)


async def test_the_conflicts_of_a_project_are_its_own(conflicts: ConflictTable, connection: str) -> None:
    key = project_key(str(uuid4()))
    held = conflict(key=key)
    await conflicts.keep(connection, key, [held])
    assert await conflicts.of_item(connection, key) == [held]
