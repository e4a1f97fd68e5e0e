"""The shared request budget: never more than the limit in any window, whoever asks (R41)."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from uuid import uuid4

import pytest
from azure.data.tables.aio import TableServiceClient
from hypothesis import given
from hypothesis import strategies as st

from local.azurite import Azurite
from shared.adapters import budget_rows
from shared.adapters.budget_rows import StoredBudget
from shared.adapters.storage_clock import StorageClock
from shared.core.budget import BLOCK, Usage, Window, pause, take
from shared.core.errors import RateLimited

WINDOWS = (Window(120, 60), Window(1_000, 3600))


@given(st.lists(st.tuples(st.floats(0, 30), st.sampled_from("ab"), st.sampled_from([0.5, 0.9, 1.0])), max_size=60))
def test_no_minute_holds_more_than_the_limit(asked: list[tuple[float, str, float]]) -> None:
    usage, now, granted = Usage(), 1_000_000.0, []
    for wait, holder, share in asked:
        now += wait
        grant = take(usage, WINDOWS, share, holder, now)
        usage = grant.usage
        granted.append((now, grant.granted))
        assert 0 <= grant.granted <= BLOCK
        assert bool(grant.granted) is not bool(grant.wait)
        for start, _ in granted:
            inside = sum(count for at, count in granted if start <= at < start + 60)
            assert inside <= 120


@given(st.floats(0, 600), st.sampled_from([0.5, 1.0]))
def test_after_its_wait_there_is_something_again(into: float, share: float) -> None:
    usage, now = Usage(), 1_000_000.0 + into
    while (grant := take(usage, WINDOWS, share, "a", now)).granted:
        usage = grant.usage
    assert grant.wait > 0
    assert take(usage, WINDOWS, share, "a", now + grant.wait).granted


def test_the_rest_is_kept_for_the_classes_above() -> None:
    usage, now = Usage(), 1_000_000.0
    while (grant := take(usage, WINDOWS, 0.9, "bulk", now)).granted:
        usage = grant.usage
    assert take(usage, WINDOWS, 1.0, "person", now).granted


def test_nobody_sends_in_a_pause() -> None:
    usage, now = pause(Usage(), 1_000_030.0), 1_000_000.0
    grant = take(usage, WINDOWS, 1.0, "a", now)
    assert (grant.granted, grant.wait) == (0, 30.0)
    assert take(usage, WINDOWS, 1.0, "a", now + 30.5).granted


@pytest.fixture
async def budgets(azurite: Azurite) -> AsyncIterator[Callable[[int, int], StoredBudget]]:
    clock, name = StorageClock(), f"test-{uuid4()}"
    connection = azurite.connection_string
    async with TableServiceClient.from_connection_string(connection, raw_response_hook=clock.see) as service:
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
