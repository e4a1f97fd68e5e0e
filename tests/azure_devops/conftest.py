"""A fresh tiny organization for each test, reached without a socket."""

from collections.abc import AsyncIterator

import httpx
import pytest

from local.azure_devops.app import create_app
from local.azure_devops.world import World
from tests.azure_devops.api import Api
from tests.azure_devops.organization import tiny
from tests.judge import judged

# What a request may get wrong where the switch says that the service does not mind.
TOLERANT = {"preview_refused": "api-version", "media_type_refused": "content-type"}


@pytest.fixture
def world() -> World:
    return World(tiny())


@pytest.fixture
async def api(world: World) -> AsyncIterator[Api]:
    app, seen = judged(create_app(world), "azure_devops")
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://stand-in") as http:
        yield Api(http)
    await world.deliveries.close()
    seen.verify(but={rule for switch, rule in TOLERANT.items() if not world.on(switch)})
