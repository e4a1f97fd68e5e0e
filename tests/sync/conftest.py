"""A vault for all tests of this folder, and the bench that they work at."""

from collections.abc import AsyncIterator, Iterator

import pytest

from local.azurite import Azurite
from local.parts import start_vault
from local.vault import RunningVault
from tests.sync.bench import Bench, bench


@pytest.fixture(scope="session")
def vault(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningVault]:
    started = start_vault(tmp_path_factory.mktemp("vault") / "vault")
    yield started.vault
    started.child.stop()


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
