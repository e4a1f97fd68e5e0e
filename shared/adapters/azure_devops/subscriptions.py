"""Service hook subscriptions (ado-api.md section 10)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from shared.adapters.azure_devops.service import Service
from shared.adapters.members import listed, member, number, required, rows, table, text

Event = Literal["created", "updated", "deleted", "restored", "commented"]
EVENTS: tuple[Event, ...] = ("created", "updated", "deleted", "restored", "commented")
# 1.0 is the version whose identities and relations are documented (section 10 [AGG]).
RESOURCE_VERSION = "1.0"
ENABLED = "enabled"

_ALL = "_apis/hooks/subscriptions"
_ONE = "_apis/hooks/subscriptions/{id}"


@dataclass(frozen=True)
class Subscription:
    """A subscription as read back. `project` is empty for the whole organization.

    `open`: it is as `Wanted` asks for, with nothing filtered out.
    """

    id: str
    event: str
    status: str
    url: str
    project: str
    resource_version: str
    probation_retries: int
    user: str = ""
    open: bool = True

    @classmethod
    def of(cls, raw: Any, what: str) -> "Subscription":
        return cls(
            id=str(required(raw, "id", what)),
            event=text(raw, "eventType").removeprefix("workitem."),
            status=text(raw, "status") or ENABLED,
            url=text(table(raw, "consumerInputs"), "url"),
            project=text(table(raw, "publisherInputs"), "projectId"),
            resource_version=text(raw, "resourceVersion"),
            probation_retries=number(raw, "probationRetries"),
            user=text(table(raw, "consumerInputs"), "basicAuthUsername"),
            open=_is_open(raw),
        )

    @property
    def sends(self) -> bool:
        """False where it is disabled or on probation, which loses notifications: replace it (section 10 [D])."""
        return self.status == ENABLED


def _is_open(raw: Any) -> bool:
    """A project given by name would be another way to filter, so only what we send is compared (section 10)."""
    publisher, consumer = table(raw, "publisherInputs"), table(raw, "consumerInputs")
    filters = ("areaPath", "workItemType", "tag", "changedFields", "commentPattern")
    links = text(publisher, "linksChanged").casefold() in ("", "false")
    details = text(consumer, "resourceDetailsToSend").casefold() in ("", "all")
    version = text(raw, "resourceVersion") == RESOURCE_VERSION
    return version and details and links and not any(text(publisher, name) for name in filters)


@dataclass(frozen=True)
class Wanted:
    """A subscription to be made: one event of one project, or of the whole organization where it is empty."""

    event: Event
    url: str
    user: str
    password: str = field(repr=False)
    project: str = ""

    def body(self) -> dict[str, Any]:
        """As Azure DevOps takes it: all inputs are strings, and "" is any (section 10 [D])."""
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


def _changes(event: Event) -> dict[str, str]:
    """An update of links alone is sent only where both inputs leave it open."""
    return {"changedFields": "", "linksChanged": ""} if event == "updated" else {}


@dataclass(frozen=True)
class Delivery:
    """One notification as Azure DevOps logged it: kept 7 days, for repair after an outage (section 10 [D])."""

    id: int
    status: str
    result: str
    event_id: str
    created: str


class Subscriptions(Service):
    """Needs rights on service hooks: Project Collection Administrators, or EditSubscriptions."""

    async def read_all(self) -> list[Subscription]:
        """Every web hook on work items that the token may see."""
        what = "listing subscriptions"
        answer = await self.get(_ALL, what, query={"publisherId": "tfs", "consumerId": "webHooks"})
        return _work_item_hooks(answer, "value", what)

    async def find(self, url: str) -> list[Subscription]:
        """The web hooks on work items that post to this address."""
        what = "looking for our subscriptions"
        condition = {"inputId": "url", "operator": "equals", "inputValue": url}
        body = {
            "publisherId": "tfs",
            "consumerId": "webHooks",
            "consumerInputFilters": [{"conditions": [condition]}],
        }
        answer = await self.call("POST", "_apis/hooks/subscriptionsquery", what, body=body, safe=True)
        return _work_item_hooks(answer, "results", what)

    async def read(self, subscription: str) -> Subscription:
        what = "reading a subscription"
        return Subscription.of(await self.get(_ONE, what, places={"id": subscription}), what)

    async def create(self, wanted: Wanted) -> Subscription:
        """The new subscription. UnknownOutcome: look for it by its address before trying again."""
        what = f"subscribing to {wanted.event}"
        secrets = (wanted.password,)
        return Subscription.of(await self.call("POST", _ALL, what, body=wanted.body(), secrets=secrets), what)

    async def replace(self, subscription: str, wanted: Wanted) -> Subscription:
        """The subscription is as wanted, and enabled again where it was not.

        The password is sent again: it reads back masked, and a PUT replaces the whole (section 10 [D]).
        """
        what = f"repairing the subscription to {wanted.event}"
        answer = await self.call(
            "PUT",
            _ONE,
            what,
            places={"id": subscription},
            body={**wanted.body(), "id": subscription, "status": ENABLED},
            safe=True,
            secrets=(wanted.password,),
        )
        return Subscription.of(answer, what)

    async def delete(self, subscription: str) -> None:
        """The subscription is gone; NotFound where it was gone before."""
        await self.call("DELETE", _ONE, "removing a subscription", places={"id": subscription})

    async def deliveries(self, subscription: str, most: int = 100) -> list[Delivery]:
        """The notifications sent last, the newest first."""
        answer = await self.get(
            "_apis/hooks/subscriptions/{id}/notifications",
            "reading what a subscription sent",
            places={"id": subscription},
            query={"maxResults": most},
        )
        return [_delivery(row) for row in rows(answer, "value")]


def _work_item_hooks(answer: Any, name: str, what: str) -> list[Subscription]:
    found = listed(member(answer, name), what)
    return [Subscription.of(row, what) for row in found if text(row, "eventType").startswith("workitem.")]


def _delivery(row: Mapping[str, Any]) -> Delivery:
    return Delivery(
        id=number(row, "id"),
        status=text(row, "status"),
        result=text(row, "result"),
        event_id=text(row, "eventId"),
        created=text(row, "createdDate"),
    )
