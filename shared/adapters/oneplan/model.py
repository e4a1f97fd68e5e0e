"""OnePlan records as this app reads them. Members are found whatever their letter case (section 2)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from shared.adapters.oneplan.assumptions import OWNER_FIELD, OWNER_LEVEL, ZERO


def member(raw: Mapping[str, Any], name: str) -> Any:
    """A member whatever its letter case; None where it is absent."""
    if name in raw:
        return raw[name]
    return next((value for key, value in raw.items() if key.casefold() == name.casefold()), None)


def guid(value: Any) -> str | None:
    """A GUID in lower case; None for nothing and for the zero GUID, which stands for nothing (section 2)."""
    text = str(value or "").strip().strip("{}").lower()
    return text if text and text != ZERO else None


@dataclass(frozen=True)
class Marker:
    """Our mark on a plan or task: which integration, which work item, and its URL."""

    integration: str
    item: str
    url: str


@dataclass(frozen=True)
class PlanRecord:
    """A plan as read. `modified` is kept as text: it has seven fraction digits (section 2)."""

    id: str
    name: str
    type: str | None
    parent: str | None
    owner: str | None
    archived: bool
    created: str
    modified: str
    author: str | None
    editor: str | None
    fields: Mapping[str, Any]
    markers: tuple[Marker, ...]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "PlanRecord":
        return cls(
            id=guid(member(raw, "id")) or "",
            name=str(member(raw, "Name") or ""),
            type=guid(member(raw, "PlannerTypeId")),
            parent=guid(member(raw, "PortfolioParentId")) or guid(member(raw, "ParentPlanId")),
            owner=_owner(raw),
            archived=bool(member(raw, "Archived")),
            created=str(member(raw, "Created") or ""),
            modified=str(member(raw, "Modified") or ""),
            author=guid(member(raw, "Author")),
            editor=guid(member(raw, "Editor")),
            fields=member(raw, "Fields") or {},
            markers=tuple(_plan_marker(one) for one in member(raw, "Integrations") or ()),
        )


def _owner(raw: Mapping[str, Any]) -> str | None:
    named = guid(member(member(raw, "Fields") or {}, OWNER_FIELD))
    users = (one for one in member(raw, "UserList") or () if member(one, "Level") == OWNER_LEVEL)
    return named or next((guid(member(one, "upn")) for one in users), None)


def _plan_marker(raw: Mapping[str, Any]) -> Marker:
    return Marker(
        guid(member(raw, "IntegrationId")) or "", str(member(raw, "ItemId") or ""), str(member(raw, "ItemUrl") or "")
    )


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
    modified: str
    editor: str
    index: int
    fields: Mapping[str, Any]
    marker: Marker | None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "TaskRecord":
        return cls(
            id=guid(member(raw, "id")) or "",
            plan=guid(member(raw, "WorkPlanId")) or "",
            name=str(member(raw, "Name") or ""),
            work_type=guid(member(raw, "WorkTypeId")),
            parent=guid(member(raw, "ParentId")),
            assigned=tuple(found for one in member(raw, "AssignedTo") or () if (found := guid(one))),
            start=str(member(raw, "StartDate") or ""),
            due=str(member(raw, "DueDate") or ""),
            modified=str(member(raw, "Modified") or ""),
            editor=str(member(raw, "Editor") or ""),
            index=int(member(raw, "Index") or 0),
            fields=member(raw, "Fields") or {},
            marker=_task_marker(member(raw, "Integration")),
        )


def _task_marker(raw: Any) -> Marker | None:
    integration = guid(member(raw, "IntegrationId")) if isinstance(raw, Mapping) else None
    if not integration:
        return None
    return Marker(integration, str(member(raw, "ExternalItemId") or ""), str(member(raw, "ExternalUrl") or ""))


@dataclass(frozen=True)
class Column:
    """A field definition. `choices`: label by choice GUID. Calculated and rolled-up fields are read-only."""

    id: str
    name: str
    label: str
    type: int
    read_only: bool
    required: bool
    choices: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Column":
        choices = member(raw, "Choices") or {}
        return cls(
            id=guid(member(raw, "Id")) or "",
            name=str(member(raw, "InternalName") or ""),
            label=str(member(raw, "DisplayName") or ""),
            type=int(member(raw, "ColumnType") or 0),
            read_only=bool(member(raw, "ReadOnly")) or bool(member(raw, "Function")),
            required=bool(member(raw, "Required")),
            choices={key.lower(): str(label) for key, label in choices.items()},
        )


@dataclass(frozen=True)
class PlanType:
    id: str
    name: str
    parent: str | None
    hidden: bool


@dataclass(frozen=True)
class WorkType:
    id: str
    name: str


@dataclass(frozen=True)
class ResourceRecord:
    """A person. `mail` and `unique_name` are found in `Fields` (section 10 [OBSERVED])."""

    id: str
    user_id: str | None
    name: str
    mail: str
    unique_name: str
    inactive: bool
    generic: bool

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "ResourceRecord":
        fields = member(raw, "Fields") or {}
        return cls(
            id=guid(member(raw, "id")) or "",
            user_id=guid(member(raw, "userid")),
            name=str(member(raw, "name") or member(fields, "Name") or ""),
            mail=str(member(fields, "mail") or ""),
            unique_name=str(member(fields, "userPrincipalName") or ""),
            inactive=bool(member(raw, "Inactive")),
            generic=bool(member(raw, "Generic")),
        )


@dataclass(frozen=True)
class AuditRow:
    """One audited write, with the values written and, where a key wrote, that key (section 8)."""

    plan: str | None
    task: str | None
    user: str | None
    key: str
    action: str
    at: str
    values: Mapping[str, Any]

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "AuditRow":
        return cls(
            plan=guid(member(raw, "PlanId")),
            task=guid(member(raw, "TaskId")),
            user=guid(member(raw, "UserId")),
            key=str(member(raw, "AuthKey") or ""),
            action=str(member(raw, "Action") or ""),
            at=str(member(raw, "Timestamp") or ""),
            values=member(raw, "UpdatedFieldValues") or {},
        )


@dataclass(frozen=True)
class EventRecord:
    id: str
    url: str
    integration: str | None
    strategy: str
