"""The OnePlan client over the stand-in, with every switch of what the record leaves open."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import httpx

from local.oneplan.app import create_app
from local.oneplan.model import Group
from local.oneplan.switches import SWITCHES
from local.oneplan.world import World
from shared.adapters.hosts import AllowedHosts
from shared.adapters.http import Budget
from shared.adapters.oneplan.client import OnePlan
from shared.adapters.oneplan.config import PlanType, WorkType
from tests.judge import Judge, JudgedTransport

BASE = "http://127.0.0.1:7082"
EXEMPT = AllowedHosts((BASE,))
POSITIONS = [(switch.name, position) for switch in SWITCHES for position in switch.positions[1:]]


@dataclass
class StandIn:
    """A running stand-in, a client of it, and the model behind it."""

    world: World
    client: OnePlan
    transport: httpx.AsyncBaseTransport

    @property
    def group(self) -> Group:
        return self.world.groups[0]

    def set(self, switch: str, position: Any) -> None:
        self.world.faults.apply({"switches": {switch: position}})

    def fault(self, **rule: Any) -> None:
        self.world.faults.apply({"rules": [rule]})

    def connect(self, key: str, name: str = "demo", budget: Budget | None = None) -> OnePlan:
        return OnePlan.connect(BASE, name, key, EXEMPT, budget=budget, transport=self.transport)

    async def plan_type(self, name: str) -> PlanType:
        return next(one for one in await self.client.config.plan_types() if one.name == name)

    async def work_type(self, name: str) -> WorkType:
        return next(one for one in await self.client.config.work_types() if one.name == name)


@asynccontextmanager
async def standing_in(*, judge: bool = True, **world: Any) -> AsyncIterator[StandIn]:
    """A new stand-in. `judge` is off only where undocumented routes are tried, which the reference cannot know."""
    made = World(**world)
    served: httpx.AsyncBaseTransport = httpx.ASGITransport(create_app(made))
    transport = JudgedTransport(served, Judge.of("oneplan")) if judge else served
    async with OnePlan.connect(BASE, "demo", "demo-key", EXEMPT, transport=transport) as client:
        yield StandIn(made, client, transport)
    await made.outbox.close()
