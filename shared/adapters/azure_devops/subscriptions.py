"""Service hook subscriptions (ado-api.md section 10)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from shared.adapters.azure_devops.service import Service

EVENTS = ("created", "updated", "deleted", "restored", "commented")
# 1.0 is the version whose identities and relations are documented (section 10 [AGG]).
RESOURCE_VERSION = "1.0"
ENABLED = "enabled"


@dataclass(frozen=True)
class Subscription:
    """A subscription as read back; confidential inputs are masked."""

    id: str
    event: str
    status: str
    url: str
    project: str
    raw: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Subscription":
        inputs, publisher = raw.get("consumerInputs") or {}, raw.get("publisherInputs") or {}
        return cls(
            id=str(raw["id"]),
            event=str(raw.get("eventType", "")).removeprefix("workitem."),
            status=str(raw.get("status", ENABLED)),
            url=str(inputs.get("url", "")),
            project=str(publisher.get("projectId", "")),
            raw=raw,
        )


@dataclass(frozen=True)
class Wanted:
    """A subscription to be made: one event of one project, or of the whole organization where it is empty."""

    event: str
    url: str
    user: str
    password: str
    project: str = ""

    def body(self) -> dict[str, Any]:
        """As Azure DevOps takes it: all inputs are strings, links are asked for too."""
        project = {"projectId": self.project} if self.project else {}
        return {
            "publisherId": "tfs",
            "eventType": f"workitem.{self.event}",
            "resourceVersion": RESOURCE_VERSION,
            "consumerId": "webHooks",
            "consumerActionId": "httpRequest",
            "publisherInputs": {"areaPath": "", "workItemType": "", **project, **_changes(self.event)},
            "consumerInputs": {
                "url": self.url,
                "basicAuthUsername": self.user,
                "basicAuthPassword": self.password,
                "resourceDetailsToSend": "all",
                "messagesToSend": "none",
                "detailedMessagesToSend": "none",
            },
        }

    def __repr__(self) -> str:
        return f"Wanted({self.event}, {self.project or 'organization'})"


def _changes(event: str) -> dict[str, str]:
    """An update of links alone is sent only where both inputs leave it open; empty means any (section 10)."""
    return {"changedFields": "", "linksChanged": ""} if event == "updated" else {}


class Subscriptions(Service):
    """Needs rights on service hooks: Project Collection Administrators, or EditSubscriptions."""

    async def read_all(self) -> list[Subscription]:
        """Every web hook on work items that the token may see."""
        answer = await self.get("_apis/hooks/subscriptions", "listing subscriptions", consumerId="webHooks")
        return [Subscription.of(row) for row in answer["value"] if "workitem." in row.get("eventType", "")]

    async def create(self, wanted: Wanted) -> Subscription:
        what = f"subscribing to {wanted.event}"
        return Subscription.of(await self.call("POST", "_apis/hooks/subscriptions", what, body=wanted.body()))

    async def replace(self, subscription: str, wanted: Wanted) -> Subscription:
        """The subscription is as wanted, and enabled. The password is sent again: it reads back masked."""
        body = {**wanted.body(), "id": subscription, "status": ENABLED}
        names = {"id": subscription}
        what = f"repairing the subscription to {wanted.event}"
        return Subscription.of(await self.call("PUT", "_apis/hooks/subscriptions/{id}", what, body=body, names=names))

    async def delete(self, subscription: str) -> None:
        names = {"id": subscription}
        await self.call("DELETE", "_apis/hooks/subscriptions/{id}", "removing a subscription", names=names)
