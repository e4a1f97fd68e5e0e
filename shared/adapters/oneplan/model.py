"""Plans and tasks as this app reads them. Members are found whatever their letter case (section 2)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from shared.adapters.members import member, moment, number, rows, table, text, words
from shared.adapters.oneplan.assumptions import OWNER_FIELD, ZERO, AccessLevel


def guid(value: Any) -> str | None:
    """A GUID in lower case; None for nothing and for the zero GUID, which stands for nothing (section 2)."""
    found = str(value or "").strip().strip("{}").lower()
    return found if found and found != ZERO else None


def guids(raw: Any, name: str) -> tuple[str, ...]:
    """The GUIDs of a member that is a list."""
    return tuple(found for one in words(raw, name) if (found := guid(one)))


@dataclass(frozen=True)
class Marker:
    """Our mark on a plan or task: which integration, which work item, and its URL."""

    integration: str
    item: str
    url: str
    read_only_fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlanRecord:
    """A plan as read. `modified` is kept as text, since it has seven fraction digits (section 2)."""

    id: str
    name: str
    type: str | None
    parent: str | None
    owner: str | None
    archived: bool
    locked: bool
    created: str
    modified: str
    author: str | None
    editor: str | None
    order: int
    fields: Mapping[str, Any]
    markers: tuple[Marker, ...]
    below: tuple[str, ...] = ()
    commented: bool = False
    talk: str = ""

    @classmethod
    def of(cls, raw: Any) -> "PlanRecord":
        return cls(
            id=guid(member(raw, "id")) or "",
            name=text(raw, "Name"),
            type=guid(member(raw, "PlannerTypeId")),
            parent=guid(member(raw, "PortfolioParentId")) or guid(member(raw, "ParentPlanId")),
            owner=_owner(raw),
            archived=bool(member(raw, "Archived")),
            locked=guid(member(table(raw, "LockInfo"), "LockedBy")) is not None,
            created=text(raw, "Created"),
            modified=text(raw, "Modified"),
            author=guid(member(raw, "Author")),
            editor=guid(member(raw, "Editor")),
            order=number(raw, "PortfolioOrder"),
            fields=table(raw, "Fields"),
            markers=tuple(_plan_marker(one) for one in rows(raw, "Integrations")),
            below=guids(raw, "SubPlans"),
            commented=_commented(raw),
            talk=_talk(raw),
        )

    @property
    def modified_at(self) -> datetime | None:
        """To the microsecond: good to sort by, never to compare for equality."""
        return moment(self.modified)


def _commented(raw: Any) -> bool:
    """`LastComment` may outlive the comments, and then a record is kept that need not be."""
    return bool(rows(raw, "Comments")) or bool(member(raw, "LastComment"))


def _talk(raw: Any) -> str:
    """A fingerprint of the comments by what the record has of them: all of them, or when the last one was written."""
    last = text(raw, "LastComment")
    found = sorted((text(one, "Id"), text(one, "Comment")) for one in rows(raw, "Comments"))
    return sha256(json.dumps([last, found]).encode()).hexdigest()[:16] if last or found else ""


def _owner(raw: Any) -> str | None:
    named = guid(member(table(raw, "Fields"), OWNER_FIELD))
    users = (one for one in rows(raw, "UserList") if member(one, "Level") == AccessLevel.OWNER)
    return named or next((guid(member(one, "upn")) for one in users), None)


def _plan_marker(raw: Mapping[str, Any]) -> Marker:
    return Marker(guid(member(raw, "IntegrationId")) or "", text(raw, "ItemId"), text(raw, "ItemUrl"))


@dataclass(frozen=True)
class TaskRecord:
    """A task as read, of the schedule or the backlog alike (section 5)."""

    id: str
    plan: str
    name: str
    work_type: str | None
    parent: str | None
    assigned: tuple[str, ...]
    start: str
    due: str
    created: str
    modified: str
    editor: str
    index: int
    complete: bool
    fields: Mapping[str, Any]
    marker: Marker | None
    commented: bool = False
    talk: str = ""

    @classmethod
    def of(cls, raw: Any) -> "TaskRecord":
        return cls(
            id=guid(member(raw, "id")) or "",
            plan=guid(member(raw, "WorkPlanId")) or "",
            name=text(raw, "Name"),
            work_type=guid(member(raw, "WorkTypeId")),
            parent=guid(member(raw, "ParentId")),
            assigned=guids(raw, "AssignedTo"),
            start=text(raw, "StartDate"),
            due=text(raw, "DueDate"),
            created=text(raw, "Created"),
            modified=text(raw, "Modified"),
            editor=text(raw, "Editor"),
            index=number(raw, "Index"),
            complete=bool(member(raw, "Complete")),
            fields=table(raw, "Fields"),
            marker=_task_marker(table(raw, "Integration")),
            commented=_commented(raw),
            talk=_talk(raw),
        )

    @property
    def modified_at(self) -> datetime | None:
        """To the microsecond: good to sort by, never to compare for equality."""
        return moment(self.modified)


def _task_marker(raw: Mapping[str, Any]) -> Marker | None:
    integration = guid(member(raw, "IntegrationId"))
    if not integration:
        return None
    read_only = words(raw, "ReadOnlyFields")
    return Marker(integration, text(raw, "ExternalItemId"), text(raw, "ExternalUrl"), read_only)
