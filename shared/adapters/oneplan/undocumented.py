"""What OnePlan does on its pages but documents no route for (oneplan-api.md sections 5, 7).

Each is one method over an assumed route. It proves its effect by reading afterwards, since a wrong path may answer
200 and do nothing (section 2 [OBSERVED]), and raises NotOffered with the manual steps where there was none.
"""

from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from shared.adapters.members import listed, member, text
from shared.adapters.oneplan.assumptions import CONNECTED_SYSTEM, CONNECTED_SYSTEMS, DETACH_PLAN, MOVE_TASK
from shared.adapters.oneplan.model import TaskRecord, guid
from shared.adapters.oneplan.removals import Removals
from shared.adapters.oneplan.service import Service
from shared.adapters.oneplan.tasks import Tasks
from shared.core.errors import NotFound, NotOffered, Rejected, UnknownOutcome, Unreachable
from shared.core.order import Place

ORDER_STEPS = "Open the plan's backlog in OnePlan and drag the task to its place."
MOVE_STEPS = "Open the task in OnePlan and create it anew in the other plan; then remove it here."
DETACH_STEPS = "Open the plan in OnePlan, choose Connected Systems (the plug) and press Disconnect."
DETACH_TASK_STEPS = "Open the task in OnePlan, choose Connected Systems (the plug) and press Disconnect."
SYSTEM_STEPS = "Open Settings > Integration in OnePlan and add Azure DevOps under the name of the button."
SYSTEM_REMOVAL = "Open Settings > Integration in OnePlan and remove the entry of this connection's button."


class Undocumented(Service):
    """Every method may raise NotOffered; the product works without any of them."""

    async def order(self, plan: str, place: Place) -> None:
        """The task is at that place in its list, or nearby: others may have moved at the same moment, and the next full
        sync puts that right. NotFound where it is gone."""
        what, refused = f"ordering task {place.task}", False
        unclear: UnknownOutcome | None = None
        try:
            unclear = await self._try(
                MOVE_TASK, what, ORDER_STEPS, {"plan": plan, "task": place.task}, {"Index": place.index}
            )
        except NotOffered:
            refused = True  # or the task is gone: the reading tells
        if (await Tasks(self.http).read(plan, place.task)).index == place.was or refused:
            raise unclear or not_offered(what, ORDER_STEPS)

    async def move(self, plan: str, task: str, target: str) -> TaskRecord:
        """The task, with its hours and comments, is in the other plan."""
        what = f"moving task {task} to plan {target}"
        unclear = await self._try(MOVE_TASK, what, MOVE_STEPS, {"plan": plan, "task": task}, {"PlanId": target})
        found = await self._moved(target, task)
        if found is None or found.plan != guid(target):
            raise unclear or not_offered(what, MOVE_STEPS)
        return found

    async def _moved(self, target: str, task: str) -> TaskRecord | None:
        try:
            return await Tasks(self.http).read(target, task)
        except NotFound:
            return None

    async def detach(self, plan: str, integration: str) -> None:
        """The plan carries no marker of the integration."""
        what = f"disconnecting plan {plan}"
        query = {"PlanId": plan, "IntegrationId": integration}
        unclear = await self._try(DETACH_PLAN, what, DETACH_STEPS, {}, query)
        if any(one.integration == guid(integration) for one in (await Removals(self.http).read(plan)).markers):
            raise unclear or not_offered(what, DETACH_STEPS)

    async def connect_system(self, integration: str, name: str) -> None:
        """Azure DevOps is among the connected systems once, under the name of the button."""
        what, wanted = f"adding {name!r} to the connected systems", (guid(integration), name)
        if wanted in await self._systems():
            return
        await self._try(CONNECTED_SYSTEMS, what, SYSTEM_STEPS, {}, {}, {"IntegrationId": integration, "Name": name})
        if wanted not in await self._systems():
            raise not_offered(what, SYSTEM_STEPS)

    async def disconnect_system(self, integration: str) -> None:
        """Azure DevOps is not among the connected systems by this integration."""
        what = "removing Azure DevOps from the connected systems"
        if not await self._connected(integration):
            return
        with suppress(Rejected, UnknownOutcome):
            await self.call("DELETE", CONNECTED_SYSTEM, what, places={"integration": integration})
        if await self._connected(integration):
            raise not_offered(what, SYSTEM_REMOVAL)

    async def _connected(self, integration: str) -> bool:
        return any(one == guid(integration) for one, _ in await self._systems())

    async def _systems(self) -> list[tuple[str | None, str]]:
        """Nothing where the list is not offered either."""
        what = "listing the connected systems"
        try:
            found = listed(await self.get(CONNECTED_SYSTEMS, what), what)
        except (Rejected, Unreachable):
            return []
        return [(guid(member(row, "IntegrationId")), text(row, "Name")) for row in found]

    async def _try(
        self,
        route: str,
        what: str,
        steps: str,
        places: Mapping[str, str],
        query: Mapping[str, str | int],
        body: Any = None,
    ) -> UnknownOutcome | None:
        """The route was tried; what it did, the reading afterwards tells. Where no answer came it may yet happen: then
        that error is given, to be raised where the reading does not show it."""
        try:
            await self.post(route, what, body, places=places, query=query)
        except UnknownOutcome as error:
            return None if error.answered else error
        except Rejected:
            raise not_offered(what, steps) from None
        return None


def not_offered(what: str, steps: str) -> NotOffered:
    """What to raise where OnePlan leaves it to a person."""
    return NotOffered(f"{what}: OnePlan does not offer this to other programs. {steps}", steps)
