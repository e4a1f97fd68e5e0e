"""Routes of notifications: what became of them, and the Test button (section 10)."""

import uuid
from typing import Any

from starlette.routing import Route

from local.azure_devops import errors
from local.azure_devops.calls import ORGANIZATION, READ, Call, listed, number, routes_of
from local.azure_devops.metadata import failures
from local.azure_devops.payloads import payload
from local.azure_devops.subscription import Notification, Subscription
from local.azure_devops.subscriptions import found, named
from local.azure_devops.values import instant
from local.azure_devops.world import World

# In a post, but not in the event that it tells of (specification, hooks.Event).
ENVELOPE_ONLY = ("subscriptionId", "notificationId")


def shown(subscription: Subscription, one: Notification) -> dict[str, Any]:
    """A notification with its details (specification)."""
    answer = {"response": f"Status Code: {one.attempts[-1]}"} if one.attempts else {}
    return {
        "id": one.id,
        "subscriptionId": subscription.id,
        "eventId": one.event["id"],
        "status": one.status,
        "result": one.result,
        "createdDate": instant(one.queued),
        "details": {
            "eventType": subscription.body["eventType"],
            "event": {name: value for name, value in one.event.items() if name not in ENVELOPE_ONLY},
            "publisherId": "tfs",
            "consumerId": "webHooks",
            "consumerActionId": "httpRequest",
            "queuedDate": instant(one.queued),
            "requestAttempts": len(one.attempts),
            **answer,
        },
    }


def list_all(call: Call) -> Any:
    """Newest first, filtered by status and result, at most maxResults."""
    one = named(call)
    status, result = call.query("status").casefold(), call.query("result").casefold()
    rows = [
        each
        for each in reversed(one.notifications)
        if status in ("", each.status.casefold()) and result in ("", each.result.casefold())
    ]
    return listed([shown(one, each) for each in rows[: call.number("maxResults", 100)]])


def read(call: Call) -> Any:
    one, wanted = named(call), number("notificationId", call.request.path_params["notification"])
    kept = next((each for each in one.notifications if each.id == wanted), None)
    if kept is None:
        raise failures.part_not_found(f"notification {wanted}")
    return shown(one, kept)


def send_test(call: Call) -> Any:
    """What the Test button posts: no subscriptionId, no notificationId (section 10 [R])."""
    one = found(call, str(call.members.get("subscriptionId", "")))
    items = [each for each in call.world.organization.items.values() if not each.deleted]
    if not items:
        raise errors.argument_invalid("There is no work item to make a test event of.")
    event = str(one.body["eventType"]).removeprefix("workitem.")
    if event == "commented":
        items = [each for each in items if each.comments] or items
        event = event if items[0].comments else "updated"
    body = payload(call.world, one, event, items[0], items[0].updates[-1]) | {"id": str(uuid.uuid4())}
    return shown(one, call.world.deliveries.post(one, body))


def list_consumers(_call: Call) -> Any:
    return listed([{"id": "webHooks", "name": "Web Hooks", "authenticationType": "none"}])


def list_event_types(call: Call) -> Any:
    root = f"{call.base}/_apis/hooks/publishers/tfs/eventTypes"
    return listed([_event_type(root, one) for one in ("created", "updated", "deleted", "restored", "commented")])


def _event_type(root: str, event: str) -> dict[str, Any]:
    name = "Work item commented on" if event == "commented" else f"Work item {event}"
    versions = ["1.0", "3.1-preview.3", "5.1-preview.3"]
    key = f"workitem.{event}"
    return {
        "publisherId": "tfs",
        "id": key,
        "name": name,
        "supportedResourceVersions": versions,
        "url": f"{root}/{key}",
    }


def routes(world: World) -> list[Route]:
    """At the organization only."""
    rows = (
        ("GET", "subscriptions/{subscription}/notifications", list_all),
        ("GET", "subscriptions/{subscription}/notifications/{notification}", read),
        ("POST", "testnotifications", send_test),
        ("GET", "consumers", list_consumers),
        ("GET", "publishers/tfs/eventtypes", list_event_types),
    )
    return routes_of(
        world, [(method, f"hooks/{path}", READ, handler, (ORGANIZATION,)) for method, path, handler in rows]
    )
