"""The bench that the tests of this folder work at."""

from collections.abc import AsyncIterator

import pytest

from local.azurite import Azurite
from local.vault import RunningVault
from tests.sync.bench import Bench, bench


@pytest.fixture
async def small(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """60 work items."""
    async with bench(azurite.connection_string, vault) as made:
        yield made


@pytest.fixture
async def few(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """24 work items, for scenes that make what they are about."""
    async with bench(azurite.connection_string, vault, size=24) as made:
        yield made


@pytest.fixture
async def dozen(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Bench]:
    """12 work items, for scenes of any plan or task."""
    async with bench(azurite.connection_string, vault, size=12) as made:
        yield made
