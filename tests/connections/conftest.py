"""Connections over real Azurite, a real vault and both stand-ins; what they register is looked up in the stand-ins."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest

from local.azure_devops.subscription import Subscription
from local.azurite import Azurite
from local.oneplan.model import Record
from local.vault import RunningVault
from shared.configuration import parse_connection
from shared.engine.saving import Saved, create
from shared.ports import StoredConnection
from tests.sync.bench import Bench, bench

ADDRESS = "https://sync.example"


@dataclass
class Desk:
    """Where a test creates connections and looks what became of them."""

    bench: Bench

    async def create(self, **members: Any) -> Saved:
        return await create(self.bench.parts.engine, parse_connection(self.bench.body(**members)))

    async def stored(self, connection: str) -> StoredConnection:
        found = await self.bench.parts.connections.get(connection)
        assert found is not None
        return found

    @property
    def subscriptions(self) -> list[Subscription]:
        return list(self.bench.devops.deliveries.subscriptions.values())

    @property
    def events(self) -> list[Record]:
        return [one for group in self.bench.oneplan.groups for one in group.events.values()]

    @property
    def line_items(self) -> list[Record]:
        return [one for group in self.bench.oneplan.groups for one in group.integrations.values()]

    @property
    def buttons(self) -> list[str]:
        return [one["Name"] for group in self.bench.oneplan.groups for one in group.connected_systems]

    def fault(self, system: str, **rule: Any) -> None:
        world = self.bench.devops if system == "azure-devops" else self.bench.oneplan
        world.faults.apply({"rules": [rule]})

    def mend(self) -> None:
        for world in (self.bench.devops, self.bench.oneplan):
            world.faults.apply({"clear": True})


@pytest.fixture
async def desk(azurite: Azurite, vault: RunningVault) -> AsyncIterator[Desk]:
    """An organization with projects and types, but no work items."""
    async with bench(azurite.connection_string, vault, size=0, settings={"PUBLIC_URL": ADDRESS}) as made:
        yield Desk(made)
