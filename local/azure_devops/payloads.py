"""Notification bodies as real posts have them (section 10, Payload)."""

from datetime import UTC, datetime
from html import escape
from typing import TYPE_CHECKING, Any

from local.azure_devops.model import Identity, Update, WorkItem
from local.azure_devops.subscription import Subscription
from local.azure_devops.values import Shape

if TYPE_CHECKING:
    from local.azure_devops.world import World

HOST = "https://dev.azure.com"
VERBS = {"created": "created", "updated": "updated", "deleted": "deleted", "restored": "restored"}


def payload(
    world: "World", subscription: Subscription, event: str, item: WorkItem, update: Update | None
) -> dict[str, Any]:
    """The envelope without the ids of event and subscription, which the Test button's posts lack too ([R])."""
    base = f"{HOST}/{world.organization.name}"
    version = str(subscription.body["resourceVersion"])
    messages = _messages(item, event, update)
    return {
        "eventType": f"workitem.{event}",
        "publisherId": "tfs",
        "message": _sent(messages, subscription.consumer("messagesToSend")),
        "detailedMessage": _sent(messages, subscription.consumer("detailedMessagesToSend")),
        "resource": _detailed(subscription, _resource(world, version, event, item, update)),
        "resourceVersion": version,
        "resourceContainers": {
            "collection": {"id": world.organization.id, "baseUrl": f"{base}/"},
            "account": {"id": world.organization.id, "baseUrl": f"{base}/"},
            "project": {"id": item.project_id, "baseUrl": f"{base}/"},
        },
        "createdDate": f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%f}0Z",
    }


def _messages(item: WorkItem, event: str, update: Update | None) -> dict[str, str]:
    by = _actor(item, update).display_name
    text = f"{item.type} #{item.id} ({item.now.fields.get('System.Title', '')}) {VERBS.get(event, 'commented on')}"
    return {"text": f"{text} by {by}.", "html": escape(f"{text} by {by}."), "markdown": f"{text} by {by}."}


def _actor(item: WorkItem, update: Update | None) -> Identity:
    return update.by if update else item.deleted_by or item.now.changed_by


def _sent(messages: dict[str, str], wanted: str) -> dict[str, str] | None:
    """ "" and all send all forms, none sends null (section 10)."""
    return None if wanted == "none" else {kind: messages[kind] for kind in messages if wanted in ("", "all", kind)}


def _detailed(subscription: Subscription, resource: dict[str, Any]) -> dict[str, Any] | None:
    """`minimal` keeps ids and url: what exactly stays is undocumented, so this is an assumption."""
    wanted = subscription.consumer("resourceDetailsToSend")
    if wanted == "none":
        return None
    kept = ("id", "workItemId", "rev", "url")
    return {name: resource[name] for name in kept if name in resource} if wanted == "minimal" else resource


def _resource(world: "World", version: str, event: str, item: WorkItem, update: Update | None) -> dict[str, Any]:
    """The resource version decides the form of identities; above 1.0 relations were seen missing ([AGG])."""
    shape = Shape(world, f"{HOST}/{world.organization.name}", text_identities=version == "1.0")
    related = event != "deleted" and (version == "1.0" or world.on("relations_in_snapshot"))
    snapshot = shape.item(item, relations=related, links=True)
    match event:
        case "updated" if update is not None:
            return {**shape.update(item, update), "revision": snapshot}
        case "deleted":
            bin_url = f"{shape.base}/_apis/wit/recyclebin/{item.id}"
            return {**snapshot, "_links": {**snapshot["_links"], "self": {"href": bin_url}}, "url": bin_url}
        case "commented":
            return snapshot | _comment(snapshot, item)
        case _:
            return snapshot


def _comment(snapshot: dict[str, Any], item: WorkItem) -> dict[str, Any]:
    """The text in System.History, and which version of which comment it is."""
    comment = item.comments[-1]
    url = f"{snapshot['url']}/comments/{comment.id}/versions/{comment.version}"
    return {
        "fields": {**snapshot["fields"], "System.History": comment.text},
        "commentVersionRef": {"commentId": comment.id, "version": comment.version, "url": url},
    }
