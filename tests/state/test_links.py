"""The row of a pair: whatever many long texts hold, and a refusal that no other try would change."""

from collections.abc import AsyncIterator
from dataclasses import replace
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableServiceClient

from local.azurite import Azurite
from shared.adapters.link_rows import LinkTable
from shared.adapters.storage_clock import StorageClock
from shared.adapters.tables import TransactionRefused
from shared.core.base import LONGEST_RAW, Base
from shared.core.errors import Rejected
from shared.core.model import Both
from shared.core.snapshots import Target, work_item_key
from shared.ports import Link

KEY = work_item_key(17)
TARGET = Target("task", "type", "plan", None)


@pytest.fixture
def connection() -> str:
    return f"c-{uuid4().hex[:12]}"


@pytest.fixture
async def links(azurite: Azurite) -> AsyncIterator[LinkTable]:
    clock = StorageClock()
    see = {"raw_response_hook": clock.see}
    async with TableServiceClient.from_connection_string(azurite.connection_string, **see) as tables:
        yield LinkTable(tables, clock, 60)


async def _nobody() -> None:
    """Nobody asked for another round."""


async def _recorded(links: LinkTable, connection: str, **members: object) -> Link:
    held = await links.acquire(connection, Link(KEY, "linking", "task"))
    linked = replace(held, state="linked", target="there", plan="plan", **members)  # type: ignore[arg-type]
    return await links.record(connection, linked, _nobody)


async def test_a_pair_of_many_long_texts_is_recorded_and_read_as_it_is(links: LinkTable, connection: str) -> None:
    """Forty fields with texts as long as are kept do not fit one property of a row."""
    text = "ü🌍" * (LONGEST_RAW // 2 - 2)
    base = Base({f"Custom.F{n}>F{n}": Both(text, text) for n in range(40)}, TARGET, "", 1, {})
    await _recorded(links, connection, base=base)
    found = await links.get(connection, KEY)
    assert found is not None
    assert found.base == base
    short = replace(base, fields={"Custom.F0>F0": Both("a", "a")})
    held = await links.acquire(connection, found)
    await links.record(connection, replace(held, base=short), _nobody)
    after = await links.get(connection, KEY)
    assert after is not None
    assert after.base == short


async def test_a_pair_that_fits_no_row_is_refused_with_what_to_do(links: LinkTable, connection: str) -> None:
    """An error of the item, so it is listed with the item, and not one that ends on the poison queue."""
    base = Base({f"Custom.F{n}>F{n}": Both("x" * 1000, "y" * 1000) for n in range(130)}, TARGET, "", 1, {})
    with pytest.raises(Rejected, match="Map fewer fields with long texts"):
        await _recorded(links, connection, base=base)


async def test_a_row_that_storage_takes_in_no_way_is_an_error_at_once(links: LinkTable, connection: str) -> None:
    with pytest.raises(TransactionRefused):
        await _recorded(links, connection, talk="x" * 40_000)
