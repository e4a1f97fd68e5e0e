"""A connection that is in step, at the bench of the engine's tests."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from shared.engine.item import QUIET
from tests.feeds.synced import Synced
from tests.sync.bench import bench


@pytest.fixture
async def synced(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Synced]:
    """12 work items, and their plans and tasks."""
    async with bench(azurite.connection_string, vault, size=12) as made:
        await made.connect()
        run = await made.full_sync()
        assert (run.state, run.counts["failures"]) == ("done", 0)
        made.reset_calls()
        yield Synced(made)


@pytest.fixture
async def settled(synced: Synced) -> Synced:
    """Nothing was recorded in the last seconds, so no message is put off."""
    await asyncio.sleep(QUIET + 0.5)
    return synced
