"""The request budget that instances share over one row (R41); its arithmetic: tests/core/test_budget.py."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableServiceClient

from local.azurite import Azurite
from shared.adapters import budget_rows
from shared.adapters.budget_rows import StoredBudget
from shared.adapters.storage_clock import StorageClock
from shared.core.budget import Window
from shared.core.errors import RateLimited


@pytest.fixture
async def budgets(azurite: Azurite) -> AsyncIterator[Callable[[int, int], StoredBudget]]:
    clock, name = StorageClock(), f"test-{uuid4()}"
    connection = azurite.connection_string
    async with TableServiceClient.from_connection_string(connection, raw_response_hook=clock.see) as service:
        # The clock knows the second only until answers have shown where it begins, and the windows here are short.
        for _ in range(24):
            await service.create_table_if_not_exists("budgets")
            await asyncio.sleep(0.05)
        yield lambda limit, seconds: StoredBudget(service, clock, name, (Window(limit, seconds),), 1.0)


async def test_instances_together_stay_below_the_limit(
    budgets: Callable[[int, int], StoredBudget], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three instances that send as fast as they may; each with its own block, over one row."""
    sent: list[float] = []
    until = time.monotonic() + 5

    async def instance(name: str) -> None:
        monkeypatch.setattr(budget_rows, "HOLDER", name)
        budget = budgets(30, 2)
        while time.monotonic() < until:
            try:
                await budget.take()
            except RateLimited as error:
                await asyncio.sleep(min(1.0, error.retry_after or 0.1))
                continue
            sent.append(time.monotonic())

    await asyncio.gather(*(instance(name) for name in "abc"))
    most = max(sum(start <= at < start + 2 for at in sent) for start in sent)
    assert 20 <= most <= 30
    assert len(sent) >= 40


async def test_a_pause_is_everybodys(budgets: Callable[[int, int], StoredBudget]) -> None:
    first, second = budgets(100, 60), budgets(100, 60)
    await first.take()
    await second.take()
    await first.pause(30)
    third = budgets(100, 60)
    with pytest.raises(RateLimited) as refused:
        await third.take()
    assert 25 < (refused.value.retry_after or 0) <= 30.1
