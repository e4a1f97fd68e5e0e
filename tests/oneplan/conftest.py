"""OnePlan's stand-in in process."""

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from local.oneplan.app import create_app
from local.oneplan.model import Record
from local.oneplan.world import World
from tests.judge import judged

TASK, STORY = "Task", "User Story"


class OnePlan:
    """The stand-in with shorter words for its routes. `world` is the model behind it."""

    def __init__(self, client: httpx.AsyncClient, world: World) -> None:
        self.client, self.world = client, world

    @property
    def group(self) -> Any:
        return self.world.groups[0]

    async def get(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.get(f"/api/{path}", params=query)

    async def post(self, path: str, body: Any = None, **query: Any) -> httpx.Response:
        return await self.client.post(f"/api/{path}", json=body, params=query)

    async def delete(self, path: str, **query: Any) -> httpx.Response:
        return await self.client.delete(f"/api/{path}", params=query)

    async def act(self, act: str, **members: Any) -> Record:
        answer = await self.client.post("/__control/act", json={"act": act, **members})
        assert answer.status_code == 200, answer.text
        found: Record = answer.json()
        return found

    def switch(self, name: str, position: Any) -> None:
        self.world.faults.apply({"switches": {name: position}})

    async def plan(self, name: str = "A plan", kind: str = "Epic", **members: Any) -> Record:
        body = {"WorkPlan": {"Name": name, "PlanType": self.group.plan_type(kind)["id"], **members}}
        answer = await self.post("workplan", body)
        assert answer.status_code == 200, answer.text
        made: Record = answer.json()
        return made

    async def task(self, plan: Record, name: str = "A task", kind: str = TASK, **members: Any) -> Record:
        body = {"Name": name, "WorkTypeId": self.group.work_type(kind)["Id"], **members}
        answer = await self.post(f"workplan/{plan['id']}/tasks", body)
        assert answer.status_code == 200, answer.text
        made: Record = answer.json()
        return made


@pytest.fixture
async def oneplan(request: pytest.FixtureRequest) -> AsyncIterator[OnePlan]:
    """A new stand-in, every answer judged but in tests marked as being about routes that the reference lacks."""
    world = World()
    app, seen = judged(create_app(world), "oneplan")
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://oneplan", auth=("demo", "demo-key")) as client:
        yield OnePlan(client, world)
    await world.outbox.close()
    if not request.node.get_closest_marker("undocumented_routes"):
        seen.verify_answers()
