"""Line items, markers on plans, and events (oneplan-api.md section 7)."""

from typing import Any

from shared.adapters.oneplan.assumptions import (
    SYSTEM_TYPE_AZURE_DEVOPS,
    EventList,
    EventTrigger,
    EventType,
)
from shared.adapters.oneplan.model import EventRecord, guid, member
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound


class Integrations(Service):
    """The integration line items of the group, and our marker on plans."""

    async def read_all(self) -> list[str]:
        rows = await self.get("integration", "listing integrations")
        return [found for row in rows or () if (found := guid(member(row, "Id")))]

    async def create(self, integration: str, properties: dict[str, Any]) -> str:
        """The line item is there; returns its id, which need not be the one asked for."""
        body = {"Id": integration, "SystemType": SYSTEM_TYPE_AZURE_DEVOPS, "Properties": properties}
        row = await self.post("integration", "registering the integration", body)
        return guid(member(row or {}, "Id")) or integration

    async def delete(self, integration: str) -> None:
        await self.call("DELETE", "integration/{id}", "removing the integration", id=integration)

    async def mark(self, plan: str, integration: str, item: str, url: str, version: int = 0) -> None:
        """The plan carries the marker, stamped as imported now."""
        body = {
            "PlanId": plan,
            "IntegrationId": integration,
            "ItemId": item,
            "ItemUrl": url,
            "IntegrationVersion": version,
        }
        await self.post("integration/updateplanintegration", f"marking plan {plan}", body, IsImport=True)

    async def find(self, integration: str, item: str) -> str | None:
        """The plan that carries the marker; None in every form in which OnePlan may say that there is none."""
        names = {"IntegrationId": integration, "ExternalItemId": item}
        what = f"looking for the plan of work item {item}"
        try:
            found = await self.get("integration/getintegratedplanId", what, **names)
        except NotFound:
            return None
        return guid(found if isinstance(found, str) else member(found or {}, "id"))


class Events(Service):
    """Events of plans; there are none for tasks (section 7.3)."""

    async def read_all(self) -> list[EventRecord]:
        rows = await self.get("events", "listing events", List=int(EventList.WORK_PLAN))
        return [
            EventRecord(
                guid(member(row, "id")) or "",
                str(member(row, "EventUrl") or ""),
                guid(member(row, "IntegrationId")),
                str(member(row, "Strategy") or ""),
            )
            for row in rows or ()
        ]

    async def create(self, url: str, integration: str, strategy: str) -> str:
        """OnePlan posts to the URL when a plan is saved; returns the event's id."""
        body = {
            "List": int(EventList.WORK_PLAN),
            "EventUrl": url,
            "IntegrationId": integration,
            "Strategy": strategy,
            "Triggers": [int(EventTrigger.ADD), int(EventTrigger.UPDATE)],
            "Type": int(EventType.ASYNCH),
        }
        row = await self.post("events", "registering the event", body)
        return guid(member(row or {}, "id")) or ""

    async def delete(self, event: str) -> None:
        await self.call("DELETE", "events/{id}", "removing the event", id=event)
