"""The work items of an organization: every change to them goes through here (ado-api.md sections 5 and 6)."""

from collections.abc import Callable, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Literal

from local.azure_devops.attempt import Announcements, Attempt, attempt
from local.azure_devops.links import ATTACHMENT, HYPERLINK, Announce, Hand, Links, parent_relation
from local.azure_devops.model import (
    Comment,
    Identity,
    Organization,
    Project,
    Relation,
    Revision,
    Update,
    WorkItem,
    WorkItemType,
)


@dataclass
class Change:
    """What one write does. None clears a field; `revision` makes a revision even if no field changes."""

    fields: dict[str, Any] = field(default_factory=dict)
    formats: dict[str, str] = field(default_factory=dict)
    add: list[Relation] = field(default_factory=list)
    remove: list[Relation] = field(default_factory=list)
    revision: bool = False


class Store:
    """Writes to the organization. `announce` is told of every change that is not quiet."""

    def __init__(
        self,
        organization: Organization,
        announce: Announce,
        on: Callable[[str], Any],
        clock: Callable[[], datetime],
    ) -> None:
        self.organization, self._on, self.now = organization, on, clock
        self._announce = Announcements(announce)
        self.links = Links(organization, self._announce, on)

    def attempt(self) -> AbstractContextManager[Attempt]:
        """Writes that are undone as a whole where the attempt says so or one raises."""
        return attempt(self.organization, self._announce)

    def create(
        self,
        project: Project,
        type_name: str,
        fields: Mapping[str, Any],
        *,
        by: Identity,
        at: datetime | None = None,
        parent: int | None = None,
        relations: Iterable[Relation] = (),
        formats: Mapping[str, str] | None = None,
        bypass_rules: bool = False,
        quiet: bool = False,
    ) -> WorkItem:
        """A new work item with its first revision. With `bypass_rules` the fields may say who made it and when."""
        now = at or self.now()
        own = {} if bypass_rules else {"System.CreatedDate": now, "System.CreatedBy": by}
        changed = {"System.ChangedDate": now, "System.ChangedBy": by}
        kept = {**self._defaults(project, type_name, by, now), **changed, **fields, **own}
        item = WorkItem(self._next_id(), project.id, [])
        self.organization.items[item.id] = item
        present = {name: value for name, value in kept.items() if value is not None and name != "System.History"}
        revision = self._revise(item, present, dict(formats or {}))
        update = Update(1, 1, revision.changed, revision.changed_by, {n: {"newValue": v} for n, v in present.items()})
        item.updates.append(update)
        hand = Hand(by, now, quiet)
        update.added = [self.links.add(item, one, hand) for one in (*parent_relation(self.links, parent), *relations)]
        if not quiet:
            self._announce("created", item, None)
        return item

    def _defaults(self, project: Project, type_name: str, by: Identity, now: datetime) -> dict[str, Any]:
        process = self.organization.process_of(project)
        kind = next(one for one in process.types if one.name.casefold() == type_name.casefold())
        made = {"System.CreatedDate": now, "System.CreatedBy": by, "System.CommentCount": 0}
        return initial_fields(project, kind) | made

    def _next_id(self) -> int:
        number = self.organization.next_id
        self.organization.next_id += 1
        return number

    def _revise(self, item: WorkItem, fields: dict[str, Any], formats: dict[str, str]) -> Revision:
        self.organization.watermark += 1
        number, at, by = len(item.revisions) + 1, fields["System.ChangedDate"], fields["System.ChangedBy"]
        revision = Revision(number, fields, at, by, self.organization.watermark, formats)
        item.revisions.append(revision)
        return revision

    def change(
        self, item: WorkItem, change: Change, *, by: Identity, at: datetime | None = None, quiet: bool = False
    ) -> Update | None:
        """The change is made as one update; None where it changes nothing.

        A change of links alone moves neither revision, ChangedDate nor watermark (section 5 [R]).
        """
        now = at or self.now()
        deltas = self._deltas(item, change)
        if deltas or change.revision or self._makes_revision(change):
            deltas = self._new_revision(item, change, deltas, by, now)
        hand = Hand(by, now, quiet)
        removed = [self.links.remove(item, one, hand) for one in change.remove]
        added = [self.links.add(item, one, hand) for one in change.add]
        if not deltas and not removed and not added:
            return None
        author = self._author(item, by, removed if not deltas and not added else [])
        update = Update(len(item.updates) + 1, item.now.rev, now, author, deltas, added, removed)
        item.updates.append(update)
        if not quiet:
            self._announce("updated", item, update)
        return update

    def _author(self, item: WorkItem, by: Identity, removed: list[Relation]) -> Identity:
        """By switch, who added a link is shown as who removed it (section 5 [I])."""
        if not removed or self._on("removed_link_author") == "remover":
            return by
        ends = {(one.rel, one.target) for one in removed}
        adders = [update.by for update in item.updates if ends & {(one.rel, one.target) for one in update.added}]
        return adders[-1] if adders else by

    def _deltas(self, item: WorkItem, change: Change) -> dict[str, dict[str, Any]]:
        before = item.now.fields
        changed = {name: value for name, value in change.fields.items() if before.get(name) != value}
        deltas = {name: _delta(before.get(name), value) for name, value in changed.items()}
        formats = {name for name, kind in change.formats.items() if item.now.formats.get(name, "html") != kind}
        return deltas | {name: _delta(before.get(name), before.get(name)) for name in formats - deltas.keys()}

    def _makes_revision(self, change: Change) -> bool:
        kinds = {one.rel for one in (*change.add, *change.remove)}
        return ATTACHMENT in kinds or (HYPERLINK in kinds and bool(self._on("hyperlink_makes_revision")))

    def _new_revision(
        self, item: WorkItem, change: Change, deltas: dict[str, dict[str, Any]], by: Identity, now: datetime
    ) -> dict[str, dict[str, Any]]:
        before = item.now
        fields = {**before.fields, "System.ChangedDate": now, "System.ChangedBy": by, **change.fields}
        kept = {name: value for name, value in fields.items() if value is not None and name != "System.History"}
        revision = self._revise(item, kept, {**before.formats, **change.formats})
        if "System.TeamProject" in deltas:
            moved = self.organization.project(str(kept["System.TeamProject"]))
            item.project_id = moved.id if moved else item.project_id
        return {
            **deltas,
            "System.Rev": _delta(before.rev, revision.rev),
            "System.ChangedDate": _delta(before.changed, revision.changed),
            "System.ChangedBy": _delta(before.changed_by, revision.changed_by),
            "System.Watermark": _delta(before.watermark, revision.watermark),
        }

    def comment(
        self,
        item: WorkItem,
        text: str,
        *,
        by: Identity,
        kind: Literal["html", "markdown"] = "html",
        quiet: bool = False,
    ) -> Comment:
        """The comment is there and made a revision; it fires both events (sections 9 and 10 [K])."""
        now = self.now()
        made = Comment(self._next_comment_id(), text, kind, now, by, now, by)
        item.comments.append(made)
        update = self.recount_comments(item, by, at=now, history=text)
        if not quiet:
            self._announce("commented", item, update)
            if self._on("comment_fires_updated"):
                self._announce("updated", item, update)
        return made

    def recount_comments(
        self, item: WorkItem, by: Identity, *, at: datetime, history: str | None = None, quiet: bool = True
    ) -> Update | None:
        """A revision for an added, edited or deleted comment (section 9)."""
        count = sum(not one.deleted for one in item.comments)
        said = {"System.History": history} if history else {}
        change = Change({"System.CommentCount": count, **said}, revision=True)
        return self.change(item, change, by=by, at=at, quiet=quiet)

    def _next_comment_id(self) -> int:
        return 1 + max((one.id for item in self.organization.items.values() for one in item.comments), default=0)

    def delete(self, item: WorkItem, by: Identity, at: datetime | None = None, *, quiet: bool = False) -> None:
        """The item is in the recycle bin; by switch, links to it stay with the others (section 5 [K])."""
        item.deleted, item.deleted_by = at or self.now(), by
        self.organization.watermark += 1
        item.deleted_watermark = self.organization.watermark
        if self._on("deleted_parent_link") == "vanishes":
            self.links.park(item, Hand(by, item.deleted))
        if not quiet:
            self._announce("deleted", item, None)

    def restore(self, item: WorkItem, by: Identity, at: datetime | None = None, *, quiet: bool = False) -> None:
        """The item is back with its links, and newest in the feed."""
        item.deleted = item.deleted_by = None
        self.organization.watermark += 1
        item.revisions[-1] = replace(item.now, watermark=self.organization.watermark)
        self.links.unpark(item, Hand(by, at or self.now(), quiet=True))
        if not quiet:
            self._announce("restored", item, None)

    def destroy(self, item: WorkItem) -> None:
        """The item is gone for good: feeds and the recycle bin forget it."""
        del self.organization.items[item.id]
        self.organization.destroyed.add(item.id)
        for relation in (*item.relations, *item.parked_relations):
            other = self.organization.items.get(relation.target or 0)
            if other is not None:
                other.relations = [one for one in other.relations if one.target != item.id]

    def project_of(self, item: WorkItem) -> Project:
        return next(one for one in self.organization.projects if one.id == item.project_id)


def initial_fields(project: Project, kind: WorkItemType) -> dict[str, Any]:
    """What a new item has before anything is said: the roots of the trees, the first state, the type's defaults."""
    given = {one.reference_name: one.default for one in kind.fields if one.default is not None}
    return {
        **given,
        "System.AreaPath": project.areas.path,
        "System.TeamProject": project.name,
        "System.IterationPath": project.iterations.path,
        "System.WorkItemType": kind.name,
        "System.State": (*kind.transitions.get("", ()), kind.states[0].name)[0],
        "System.Reason": f"New {kind.name.lower()}",
    }


def _delta(old: Any, new: Any) -> dict[str, Any]:
    """An added value has no old one, a cleared one no new one (section 10 [R])."""
    return ({} if old is None else {"oldValue": old}) | ({} if new is None else {"newValue": new})
