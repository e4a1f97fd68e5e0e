"""What a hook of either system says, read tolerantly. Nothing but the item's identity is believed (R14, R15)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from shared.messages import Seen
from shared.refusals import NotANotification

EVENTS = ("created", "updated", "deleted", "restored", "commented")
PARENT = "System.LinkTypes.Hierarchy-Reverse"


@dataclass(frozen=True)
class Notification:
    """A notification about one item; `item` is None for a test of the hook that names none."""

    item: str | None
    event: str
    seen: Seen | None = None


def azure_devops_notification(body: Any) -> Notification:
    """The notification in a service hook's body (ado-api.md section 10); NotANotification where there is none.

    Takes every resource version and letter case, and the Test button, whose update names work item 0.
    """
    envelope = _object(body, "the body")
    event = str(_member(envelope, "eventType") or "")
    known = event.removeprefix("workitem.")
    if not event.startswith("workitem.") or known not in EVENTS:
        allowed = ", ".join(f"workitem.{name}" for name in EVENTS)
        raise NotANotification(f"eventType is {event[:80]!r}; allowed are {allowed}")
    resource = _object(_member(envelope, "resource"), "resource")
    item = _work_item_id(resource, known)
    return Notification(str(item) if item else None, known, _seen(resource, known))


def oneplan_notification(body: Any) -> Notification:
    """The event in a OnePlan post, `{Id, Name}` (oneplan-api.md section 7.3); NotANotification otherwise."""
    plan_id = _member(_object(body, "the body"), "id")
    try:
        plan = UUID(str(plan_id))
    except ValueError:
        raise NotANotification(f"Id is {str(plan_id)[:80]!r}; it must be the GUID of a plan") from None
    return Notification(str(plan) if plan.int else None, "saved")


def _work_item_id(resource: Mapping[str, Any], event: str) -> int:
    name = "workItemId" if event == "updated" else "id"
    value = _member(resource, name)
    try:
        return int(value)
    except (TypeError, ValueError):
        raise NotANotification(f"resource.{name} is {str(value)[:80]!r}; it must be a number") from None


def _seen(resource: Mapping[str, Any], event: str) -> Seen | None:
    """The revision and parent that the notification shows, for ending an echo early; None where it shows none."""
    snapshot = _member(resource, "revision") if event == "updated" else resource
    if not isinstance(snapshot, Mapping) or event in ("deleted", "restored"):
        return None
    rev = _member(snapshot, "rev")
    changed_links = event == "updated" and bool(_member(resource, "relations"))
    return Seen(int(rev) if str(rev).isdecimal() else None, _parent(snapshot, changed_links))


def _parent(snapshot: Mapping[str, Any], changed_links: bool) -> int | None:
    """The parent's id, 0 for none. A changed link whose relations are not shown leaves it unknown."""
    relations = _member(snapshot, "relations")
    if not isinstance(relations, list):
        return None if changed_links else 0
    urls = [str(_member(link, "url")) for link in relations if _is_parent(link)]
    found = re.search(r"(\d+)$", urls[0]) if urls else None
    return int(found[1]) if found else 0


def _is_parent(link: Any) -> bool:
    return isinstance(link, Mapping) and _member(link, "rel") == PARENT


def _object(value: Any, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise NotANotification(f"{what} must be a JSON object")
    return value


def _member(value: Mapping[str, Any], name: str) -> Any:
    """A member whatever its letter case: some versions post PascalCase (ado-api.md section 10)."""
    if name in value:
        return value[name]
    return next((found for key, found in value.items() if key.casefold() == name.casefold()), None)
