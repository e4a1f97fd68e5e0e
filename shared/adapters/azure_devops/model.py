"""Work items as this app reads them, and the people in them."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from shared.adapters.members import member, moment, number, required, rows, table, text

PARENT = "System.LinkTypes.Hierarchy-Reverse"
CHILD = "System.LinkTypes.Hierarchy-Forward"
HYPERLINK = "Hyperlink"
ATTACHMENT = "AttachedFile"

_TARGET = re.compile(r"/workitems/(\d+)$", re.IGNORECASE)


@dataclass(frozen=True)
class Relation:
    """A relation; `target` is the id at the end of a work item's URL. URLs are never compared (section 1 [R])."""

    rel: str
    url: str
    target: int | None
    comment: str = ""
    name: str = ""

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Relation":
        url, attributes = text(raw, "url"), table(raw, "attributes")
        found = _TARGET.search(url)
        target = int(found[1]) if found else None
        return cls(text(raw, "rel"), url, target, text(attributes, "comment"), text(attributes, "name"))


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
    def of(cls, raw: Any, *, with_relations: bool, what: str = "reading a work item") -> "WorkItemRecord":
        relations = tuple(Relation.of(one) for one in rows(raw, "relations"))
        return cls(
            id=int(required(raw, "id", what)),
            rev=number(raw, "rev"),
            fields=table(raw, "fields"),
            relations=relations if with_relations else None,
            formats=table(raw, "multilineFieldsFormat"),
            url=text(raw, "url"),
        )

    @property
    def parent(self) -> int | None:
        """The parent's id, by the relations where they were read: older servers have no System.Parent."""
        if self.relations is not None:
            return next((one.target for one in self.relations if one.rel == PARENT), None)
        return number(self.fields, "System.Parent") or None

    @property
    def type(self) -> str:
        return str(self.fields.get("System.WorkItemType", ""))

    @property
    def is_deleted(self) -> bool:
        """True for a row of the revision feed whose item is in the recycle bin (section 5 [K])."""
        return self.fields.get("System.IsDeleted") is True

    def is_markdown(self, reference_name: str) -> bool:
        """A large text is HTML unless the item says otherwise (section 5)."""
        return str(self.formats.get(reference_name, "")).casefold() == "markdown"


@dataclass(frozen=True)
class Person:
    """An identity field in either form: an object, or "Name <mail>", split at the last `<` (section 10 [AGG])."""

    display_name: str
    unique_name: str
    id: str = ""
    descriptor: str = ""

    @classmethod
    def of(cls, raw: Any) -> "Person | None":
        """None where nobody is named."""
        if isinstance(raw, Mapping):
            return cls._of_object(raw)
        whole = str(raw or "").strip()
        if not whole:
            return None
        name, bracket, rest = whole.rpartition("<")
        if bracket and whole.endswith(">"):
            return cls._of_object({"displayName": name.strip(), "uniqueName": rest.removesuffix(">").strip()})
        return cls(whole, "")

    @classmethod
    def _of_object(cls, raw: Mapping[str, Any]) -> "Person":
        """Version 3.1 of the hooks has "Name <mail>" in both names, so they are split too (section 10 [AGG])."""
        names = [text(raw, "displayName"), text(raw, "uniqueName")]
        if names[0] == names[1] and names[0].endswith(">") and "<" in names[0]:
            name, _, rest = names[0].rpartition("<")
            names = [name.strip(), rest.removesuffix(">").strip()]
        return cls(names[0], names[1], text(raw, "id"), text(raw, "descriptor"))


@dataclass(frozen=True)
class IdPage:
    """Ids that a query found, ascending. `as_of` is the server's clock: the next watermark, less an overlap."""

    ids: tuple[int, ...]
    as_of: str


@dataclass(frozen=True)
class BatchRead:
    """What a batch read gave. `missing` ids are deleted or may not be read: look in the recycle bin to tell."""

    items: tuple[WorkItemRecord, ...]
    missing: tuple[int, ...]


@dataclass(frozen=True)
class FieldChange:
    """The two values of one field in an update; None where there was or is none."""

    before: Any
    after: Any


@dataclass(frozen=True)
class Update:
    """One update of an item: its id is no revision number, and a link-only change has the same `rev` (section 5)."""

    id: int
    rev: int
    by: Person | None
    fields: Mapping[str, FieldChange]
    added: tuple[Relation, ...]
    removed: tuple[Relation, ...]

    @property
    def at(self) -> datetime | None:
        """When its revision was made (UTC); None for a change of links alone. `revisedDate` is when it ended."""
        changed = self.fields.get("System.ChangedDate")
        return moment(changed.after) if changed else None

    @classmethod
    def of(cls, raw: Mapping[str, Any]) -> "Update":
        links = table(raw, "relations")
        return cls(
            id=number(raw, "id"),
            rev=number(raw, "rev"),
            by=Person.of(member(raw, "revisedBy")),
            fields={
                name: FieldChange(member(one, "oldValue"), member(one, "newValue"))
                for name, one in table(raw, "fields").items()
            },
            added=tuple(Relation.of(one) for one in rows(links, "added")),
            removed=tuple(Relation.of(one) for one in rows(links, "removed")),
        )


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
