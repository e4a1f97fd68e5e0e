"""Line items, and our marker on plans (oneplan-api.md sections 7.1, 7.2)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.adapters.members import listed, member, table
from shared.adapters.oneplan.assumptions import SystemType
from shared.adapters.oneplan.model import Marker, guid
from shared.adapters.oneplan.service import Service
from shared.core.errors import NotFound, Rejected


@dataclass(frozen=True)
class LineItem:
    """An integration of the group; what `properties` may hold is not documented (section 7.2)."""

    id: str
    properties: Mapping[str, Any]


class Integrations(Service):
    """The integration line items of the group, and our marker on plans."""

    async def read_all(self) -> list[LineItem]:
        """The line items."""
        what = "listing integrations"
        found = listed(await self.get("integration", what), what)
        return [LineItem(one, table(row, "Properties")) for row in found if (one := guid(member(row, "Id")))]

    async def create(self, integration: str, properties: Mapping[str, Any]) -> str:
        """The line item is there; returns its id, which need not be the one asked for."""
        body = {"Id": integration, "SystemType": int(SystemType.AZURE_DEVOPS), "Properties": dict(properties)}
        row = await self.post("integration", "registering the integration", body)
        return guid(member(row, "Id")) or integration

    async def delete(self, integration: str) -> None:
        """The line item is gone; NotFound where it was gone before."""
        await self.call("DELETE", "integration/{id}", "removing the integration", places={"id": integration})

    async def mark(self, plan: str, marker: Marker, version: int = 0) -> None:
        """The plan carries the marker, stamped as imported now. Saying it again changes nothing more."""
        body = {
            "PlanId": plan,
            "IntegrationId": marker.integration,
            "ItemId": marker.item,
            "ItemUrl": marker.url,
            "IntegrationVersion": version,
        }
        route, what = "integration/updateplanintegration", f"marking plan {plan}"
        await self.post(route, what, body, query={"IsImport": True}, safe=True)

    async def find(self, integration: str, item: str) -> str | None:
        """The plan that carries the marker; None in every form of saying that there is none.

        Rejected where the answer is neither: taken for "none", it would make a second plan.
        """
        query = {"IntegrationId": integration, "ExternalItemId": item}
        what = f"looking for the plan of work item {item}"
        try:
            answer = await self.get("integration/getintegratedplanId", what, query=query)
        except NotFound:
            return None
        found = guid(_id_in(answer))
        if found and not _is_guid(found):
            raise Rejected(f"{what}: the answer is no id of a plan")
        return found


def _id_in(answer: Any) -> Any:
    """The form of the answer is not documented (section 7.1): an id, or an object that has one."""
    if isinstance(answer, Mapping):
        return next((found for name in ("id", "PlanId", "value") if (found := member(answer, name))), None)
    return answer


def _is_guid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True
