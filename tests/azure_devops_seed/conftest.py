"""One seeded organization for the tests that only read, a fresh one for those that change it."""

from collections.abc import AsyncIterator

import httpx
import pytest

from local.azure_devops.model import Organization
from local.azure_devops.world import World
from tests.azure_devops_seed.seeded import seeded_world, service


@pytest.fixture(scope="session")
def contoso_world() -> World:
    """SIZE 300, the default seed; nobody changes it."""
    return seeded_world(300, "default")


@pytest.fixture(scope="session")
def contoso(contoso_world: World) -> Organization:
    return contoso_world.organization


@pytest.fixture
async def api(contoso_world: World) -> AsyncIterator[httpx.AsyncClient]:
    async with service(contoso_world) as client:
        yield client


@pytest.fixture
async def fresh() -> AsyncIterator[httpx.AsyncClient]:
    async with service(seeded_world(300, "default")) as client:
        yield client
