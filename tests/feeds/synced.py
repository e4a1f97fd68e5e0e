"""What the tests of the feeds do at a bench: edits by people, messages as the receivers make them, and counting."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from shared.core.snapshots import work_item_id
from shared.engine.work import work
from shared.messages import QueueName, Seen, SyncMessage
from shared.ports import Link
from tests.sync.acts import act
from tests.sync.bench import Bench

WRITES = ("PATCH ", "PUT ", "DELETE ")
# Posts that only read.
READS = ("wiql", "workitemsbatch", "reporting", "workplan/find", "audit")


@dataclass
class Synced:
    """A bench whose connection is in step."""

    bench: Bench

    @property
    def connection(self) -> str:
        return self.bench.connection

    async def linked(
        self, kind: str, odd: str = "", *, below: bool = False, leaf: bool = False, but: int = 0
    ) -> tuple[int, Link]:
        """A linked work item of the kind, and its link; `below`: one that hangs below another, `leaf`: with nothing
        below it, `but`: another one than this."""
        oddities = self.bench.devops.organization.oddities
        links = [link async for link in self.bench.parts.engine.links.list(self.connection)]
        above = {link.base.parent for link in links if link.base is not None}
        for link in links:
            number = work_item_id(link.key) or 0
            hangs = link.base is not None and bool(link.base.parent)
            if number == but or link.kind != kind or (odd and odd not in oddities.get(number, [])):
                continue
            if (hangs or not below) and not (leaf and link.key in above):
                return number, link
        raise AssertionError(f"no {kind} with {odd}")

    async def link(self, key: str) -> Link:
        found = await self.bench.parts.engine.links.get(self.connection, key)
        assert found is not None
        return found

    def title(self, number: int) -> Any:
        return self.bench.devops.organization.items[number].now.fields["System.Title"]

    async def edit_devops(self, **body: Any) -> dict[str, Any]:
        return await act(self.bench.devops_url, **body)

    async def edit_oneplan(self, **body: Any) -> dict[str, Any]:
        return await act(self.bench.oneplan_url, **body)

    async def hook(self, number: int, seen: Seen | None = None, event: str = "updated") -> None:
        """The message of a service hook, worked on."""
        await self._work(
            "sync-hooks",
            SyncMessage(self.connection, "hook", side="azure-devops", item=str(number), event=event, seen=seen),
        )

    async def saved(self, plan: str) -> None:
        """The message of an event of OnePlan, worked on."""
        await self._work("sync-hooks", SyncMessage(self.connection, "save", side="oneplan", item=plan, event="saved"))

    async def _work(self, queue: QueueName, message: SyncMessage) -> None:
        await work(self.bench.parts.engine, queue, message)

    async def until(self, right: Callable[[], bool], seconds: float = 20.0) -> None:
        """Works on what comes back to the queues after its delay, until all is right."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not right():
            assert asyncio.get_running_loop().time() < deadline
            await self.bench.pump()
            await asyncio.sleep(0.05)

    @property
    def calls(self) -> tuple[int, int]:
        """(to Azure DevOps, to OnePlan) since the last reset."""
        return sum(self.bench.devops_calls.values()), sum(self.bench.oneplan_calls.values())

    @property
    def writes(self) -> dict[str, int]:
        """The routes that write, with their calls."""
        both = {**self.bench.devops_calls, **self.bench.oneplan_calls}
        return {
            route: count
            for route, count in both.items()
            if route.startswith(WRITES) or (route.startswith("POST ") and not any(one in route for one in READS))
        }
