"""Azure DevOps records as this app reads them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Literal

PARENT = "System.LinkTypes.Hierarchy-Reverse"
CHILD = "System.LinkTypes.Hierarchy-Forward"
HYPERLINK = "Hyperlink"


@dataclass(frozen=True)
class Relation:
    """A relation; `target` is the id at the end of a work item's URL. URLs are never compared (section 1 [R])."""

    rel: str
    url: str
    target: int | None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Relation":
        url = str(raw.get("url", ""))
        found = re.search(r"/workitems/(\d+)$", url, re.IGNORECASE)
        return cls(str(raw.get("rel", "")), url, int(found[1]) if found else None)


@dataclass(frozen=True)
class WorkItemRecord:
    """A work item as read. `relations` is None where they were not asked for. An empty field is absent."""

    id: int
    rev: int
    fields: Mapping[str, Any]
    relations: tuple[Relation, ...] | None = None
    formats: Mapping[str, str] = field(default_factory=dict)
    url: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, Any], *, with_relations: bool) -> "WorkItemRecord":
        relations = tuple(Relation.of(one) for one in raw.get("relations") or ())
        return cls(
            id=int(raw["id"]),
            rev=int(raw.get("rev", 0)),
            fields=raw.get("fields") or {},
            relations=relations if with_relations else None,
            formats=raw.get("multilineFieldsFormat") or {},
            url=str(raw.get("url", "")),
        )

    @property
    def parent(self) -> int | None:
        """The parent's id, by the relations where they were read: older servers have no System.Parent."""
        if self.relations is not None:
            return next((one.target for one in self.relations if one.rel == PARENT), None)
        parent = self.fields.get("System.Parent")
        return int(parent) if parent is not None else None

    @property
    def type(self) -> str:
        return str(self.fields.get("System.WorkItemType", ""))


@dataclass(frozen=True)
class Person:
    """An identity field in either form: an object, or "Name <mail>", split at the last `<` (section 10 [AGG])."""

    display_name: str
    unique_name: str
    id: str = ""
    descriptor: str = ""

    @classmethod
    def of(cls, raw: Any) -> "Person | None":
        if isinstance(raw, Mapping):
            name, unique = str(raw.get("displayName") or ""), str(raw.get("uniqueName") or "")
            return cls(name, unique, str(raw.get("id") or ""), str(raw.get("descriptor") or ""))
        text = str(raw or "").strip()
        if not text:
            return None
        head, bracket, tail = text.rpartition("<")
        return cls(head.strip(), tail.rstrip(">").strip()) if bracket and text.endswith(">") else cls(text, "")


@dataclass(frozen=True)
class TeamProject:
    id: str
    name: str
    state: str


@dataclass(frozen=True)
class Node:
    """An area or iteration; `path` is as in work item fields, without the extra segment (section 6 [R])."""

    id: int
    name: str
    path: str
    start: date | None = None
    finish: date | None = None

    @classmethod
    def tree(cls, raw: Mapping[str, Any], parent: str = "") -> "Iterable[Node]":
        """The node and all below it, parents first."""
        path = f"{parent}\\{raw['name']}" if parent else str(raw["name"])
        attributes = raw.get("attributes") or {}
        days = (_day(attributes.get("startDate")), _day(attributes.get("finishDate")))
        yield cls(int(raw["id"]), str(raw["name"]), path, *days)
        for child in raw.get("children") or ():
            yield from cls.tree(child, path)


def _day(text: str | None) -> date | None:
    return datetime.fromisoformat(text).date() if text else None


@dataclass(frozen=True)
class FieldInfo:
    reference_name: str
    name: str
    type: str
    read_only: bool


@dataclass(frozen=True)
class StateInfo:
    name: str
    category: str


@dataclass(frozen=True)
class TypeInfo:
    name: str
    reference_name: str
    states: tuple[StateInfo, ...]
    disabled: bool


@dataclass(frozen=True)
class Level:
    """One backlog level of a team; a larger rank is higher (section 8)."""

    id: str
    name: str
    rank: int
    kind: Literal["portfolio", "requirement", "task"]
    types: tuple[str, ...]


@dataclass(frozen=True)
class BacklogConfiguration:
    levels: tuple[Level, ...]
    bugs_behavior: str
    order_field: str


@dataclass(frozen=True)
class Account:
    """Who a token belongs to, and which organization answered."""

    id: str
    name: str
    mail: str
    organization_id: str


@dataclass(frozen=True)
class FeedPage[T]:
    """One page of a reporting feed. `last`: caught up; poll again later with the same token (section 5 [D])."""

    rows: tuple[T, ...]
    token: str
    last: bool


@dataclass(frozen=True)
class LinkRow:
    """A row of the link feed: `active` False is a removed link. `source` is the parent's end (Hierarchy-Forward)."""

    rel: str
    source: int
    target: int
    active: bool
    changed: str
