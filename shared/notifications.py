"""What a hook of either system says, read tolerantly. Nothing but the item's identity is believed (R14, R15)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.messages import Seen
from shared.refusals import NotANotification

EVENTS = ("created", "updated", "deleted", "restored", "commented")
PARENT, CHILD = "System.LinkTypes.Hierarchy-Reverse", "System.LinkTypes.Hierarchy-Forward"


@dataclass(frozen=True)
class Named:
    """An item that a notification is about, and what it says of it."""

    item: str
    seen: Seen | None = None


@dataclass(frozen=True)
class Notification:
    """What a notification is about; `items` is empty for a test of the hook that names none.

    `keys` are the names under which the same news comes again. `source` is what may send a flood of it: who made the
    change in Azure DevOps, "" where it does not say; the plan in OnePlan, which says nothing of persons and tells of
    our own writes too. Both only decide whether and where a message is queued.
    """

    items: tuple[Named, ...]
    event: str
    keys: tuple[str, ...] = ()
    source: str = ""


def azure_devops_notification(body: Any) -> Notification:
    """The notification in a service hook's body (ado-api.md section 10); NotANotification where there is none.

    Takes every resource version and letter case, hooks that were told to send few details, and the Test button, whose
    update names work item 0. A changed link to a child names the child as well, whose own notification may be lost.
    """
    envelope = _object(body, "the body")
    event = str(_member(envelope, "eventType") or "")
    known = event.removeprefix("workitem.")
    if not event.startswith("workitem.") or known not in EVENTS:
        allowed = ", ".join(f"workitem.{name}" for name in EVENTS)
        raise NotANotification(f"eventType is {event[:80]!r}; allowed are {allowed}")
    details = _member(envelope, "resource")
    if details is None:
        return Notification((Named(str(_told(envelope))),), known, _notification_key(envelope))
    resource = _object(details, "resource")
    item = _work_item_id(resource, known)
    if not item:
        return Notification((), known)
    named = (Named(str(item), _seen(envelope, resource, known)), *_children(resource, item))
    keys = (*_notification_key(envelope), *_news_key(resource, known, item))
    return Notification(named, known, keys, _person(resource, known))


def oneplan_notification(body: Any) -> Notification:
    """The event in a OnePlan post, `{Id, Name}` (oneplan-api.md section 7.3); NotANotification otherwise."""
    plan_id = _member(_object(body, "the body"), "id")
    try:
        plan = UUID(str(plan_id))
    except ValueError:
        raise NotANotification(f"Id is {str(plan_id)[:80]!r}; it must be the GUID of a plan") from None
    return Notification((Named(str(plan)),) if plan.int else (), "saved", source=str(plan))


def _told(envelope: Mapping[str, Any]) -> int:
    """The number in the message, for hooks that were told to send no details: "Bug #5 (title) updated by ..."."""
    said = _member(envelope, "message")
    found = re.search(r"#(\d+)", str(_member(said, "text"))) if isinstance(said, Mapping) else None
    if found is None:
        raise NotANotification("resource must be a JSON object; let the hook send all details")
    return int(found[1])


def _work_item_id(resource: Mapping[str, Any], event: str) -> int:
    name = "workItemId" if event == "updated" else "id"
    value = _member(resource, name)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise NotANotification(f"resource.{name} is {str(value)[:80]!r}; it must be a number") from None


def _children(resource: Mapping[str, Any], item: int) -> Iterator[Named]:
    """The children whose link to the item was added or removed by an update."""
    seen = {"added": Seen(parent=item), "removed": Seen(left=item)}
    for name, link in _changed_links(resource):
        child = _target(link) if _is(link, CHILD) else 0
        if child:
            yield Named(str(child), seen[name])


def _changed_links(resource: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """("added" or "removed", link) of an update."""
    links = _member(resource, "relations")
    for name in ("added", "removed") if isinstance(links, Mapping) else ():
        rows = _member(links, name)
        yield from ((name, link) for link in (rows if isinstance(rows, list) else ()))


def _notification_key(envelope: Mapping[str, Any]) -> tuple[str, ...]:
    """(subscription, notification) is one post, however often it comes. Tests of a hook carry neither, or zeros."""
    subscription, number = str(_member(envelope, "subscriptionId") or ""), _member(envelope, "notificationId")
    return (f"{subscription}/{number}",) if subscription.strip("0-") and number else ()


def _news_key(resource: Mapping[str, Any], event: str, item: int) -> tuple[str, ...]:
    """(item, update, revision or comment, event): one event that matches several subscriptions gives several posts.

    Nothing tells apart the first and the second deletion of an item that was restored in between, so these have none.
    """
    comment = _member(resource, "commentVersionRef")
    match event:
        case "updated":
            number = _member(resource, "id")
        case "created":
            number = _member(resource, "rev")
        case "commented" if isinstance(comment, Mapping):
            number = f"{_member(comment, 'commentId')}.{_member(comment, 'version')}"
        case _:
            number = None
    return (f"{event} {item} {number}",) if number else ()


def _person(resource: Mapping[str, Any], event: str) -> str:
    """Who made the change, in whichever form an identity comes."""
    fields = _member(resource, "fields")
    if event == "updated":
        found = _member(resource, "revisedBy")
    else:
        found = _member(fields, "System.ChangedBy") if isinstance(fields, Mapping) else None
    if isinstance(found, Mapping):
        names = (_member(found, name) for name in ("id", "uniqueName", "name", "displayName"))
        found = next((one for one in names if one), "")
    return str(found or "").casefold()


def _seen(envelope: Mapping[str, Any], resource: Mapping[str, Any], event: str) -> Seen | None:
    """The revision and parent that the notification shows, for ending an echo early; None where it shows none."""
    snapshot = _member(resource, "revision") if event == "updated" else resource
    if not isinstance(snapshot, Mapping) or event in ("deleted", "restored"):
        return None
    rev = _member(snapshot, "rev")
    changed_links = event == "updated" and bool(_member(resource, "relations"))
    whole = str(_member(envelope, "resourceVersion") or "1.0") == "1.0" and not changed_links
    moved = event == "updated" and any(_is(link, PARENT) for _, link in _changed_links(resource))
    return Seen(int(rev) if str(rev).isdecimal() else None, _parent(snapshot, whole), moved=moved)


def _parent(snapshot: Mapping[str, Any], whole: bool) -> int | None:
    """The parent's id, 0 for none. Without relations it is known only where they would be there if there were any:
    versions above 1.0 leave them out (ado-api.md section 10 [AGG]), and a changed link is a case for a look."""
    relations = _member(snapshot, "relations")
    if not isinstance(relations, list):
        return 0 if whole and isinstance(_member(snapshot, "fields"), Mapping) else None
    return next((_target(link) for link in relations if _is(link, PARENT)), 0)


def _target(link: Any) -> int:
    found = re.search(r"(\d+)$", str(_member(link, "url")))
    return int(found[1]) if found else 0


def _is(link: Any, rel: str) -> bool:
    return isinstance(link, Mapping) and _member(link, "rel") == rel


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise NotANotification(f"{what} must be a JSON object")
    return value


def _member(value: Mapping[str, Any], name: str) -> Any:
    """A member whatever its letter case: some versions post PascalCase (ado-api.md section 10)."""
    if name in value:
        return value[name]
    return next((found for key, found in value.items() if key.casefold() == name.casefold()), None)
