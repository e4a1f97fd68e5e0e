"""The Azure DevOps client over the stand-in, with every switch of what the record leaves open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.azure_devops.app import create_app
from local.azure_devops.model import Organization
from local.azure_devops.seed import organization, populate
from local.azure_devops.switches import SWITCHES
from local.azure_devops.world import World
from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.model import WorkItemRecord
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.hosts import AllowedHosts
from tests.clients.wire import Ledger
from tests.judge import Judge, JudgedTransport

BASE = "http://127.0.0.1:7081"
EXEMPT = AllowedHosts((BASE,))
# Under lost_race no update succeeds, so it has a test of its own.
POSITIONS = [
    (switch.name, position) for switch in SWITCHES if switch.name != "lost_race" for position in switch.positions[1:]
]


@dataclass
class StandIn:
    """A running stand-in, a client with the demo's token, and the model behind it."""

    world: World
    client: AzureDevOps
    transport: httpx.AsyncBaseTransport
    ledger: Ledger

    @property
    def organization(self) -> Organization:
        return self.world.organization

    def set(self, switch: str, position: Any) -> None:
        self.world.faults.apply({"switches": {switch: position}})

    def fault(self, **rule: Any) -> None:
        self.world.faults.apply({"rules": [rule]})

    def connect(self, pat: str) -> AzureDevOps:
        return AzureDevOps.connect(f"{BASE}/contoso", pat, EXEMPT, transport=self.transport)

    def project(self, process: str = "Agile") -> str:
        """A team project on that process."""
        projects = self.organization.projects
        return next(one.name for one in projects if self.organization.process_of(one).name == process)

    async def create(self, type_name: str, title: str, parent: WorkItemRecord | None = None) -> WorkItemRecord:
        patch = Patch().set("System.Title", title)
        patch = patch.parent((), parent.url) if parent else patch
        return await self.client.work_items.create(self.project(), type_name, patch)


@asynccontextmanager
async def standing_in(size: int = 0, seed: str = "default", **switches: Any) -> AsyncIterator[StandIn]:
    """The organization with `size` work items; without any, it is made in no time."""
    world = World(organization())
    if size:
        populate(world, size, seed)
    world.faults.apply({"switches": switches})
    transport = JudgedTransport(httpx.ASGITransport(create_app(world)), Judge.of("azure_devops"))
    url, ledger = f"{BASE}/contoso", Ledger()
    async with AzureDevOps.connect(url, "demo-pat", EXEMPT, budget=ledger, transport=transport) as client:
        yield StandIn(world, client, transport, ledger)
    await world.deliveries.close()
