"""Links between work items: both ends at once, an update for each, a row in the link feed (sections 5 and 10)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from local.azure_devops.model import CHILD, PARENT, Identity, LinkChange, Organization, Relation, Update, WorkItem

type Event = Literal["created", "updated", "deleted", "restored", "commented"]
type Announce = Callable[[Event, WorkItem, Update | None], None]

FORWARD, REVERSE, RELATED = "-Forward", "-Reverse", "System.LinkTypes.Related"
ATTACHMENT, HYPERLINK, ARTIFACT = "AttachedFile", "Hyperlink", "ArtifactLink"
RESOURCE_LINKS = {ATTACHMENT, HYPERLINK, ARTIFACT}


def opposite(rel: str) -> str:
    """The other end's name of a link between work items."""
    if rel.endswith(FORWARD):
        return rel.removesuffix(FORWARD) + REVERSE
    return rel.removesuffix(REVERSE) + FORWARD if rel.endswith(REVERSE) else rel


@dataclass(frozen=True)
class Hand:
    """Who changes links, when, and whether events are fired for it."""

    by: Identity
    at: datetime
    quiet: bool = False


class Links:
    """The links of an organization's work items. Neither end's revision moves (section 5 [R])."""

    def __init__(self, organization: Organization, announce: Announce, on: Callable[[str], Any]) -> None:
        self._organization, self._announce, self._on = organization, announce, on

    def url(self, item: int) -> str:
        return f"https://dev.azure.com/{self._organization.name}/_apis/wit/workItems/{item}"

    def _other(self, relation: Relation) -> WorkItem | None:
        return self._organization.items.get(relation.target) if relation.target else None

    def add(self, item: WorkItem, relation: Relation, hand: Hand) -> Relation:
        """The link is there from both ends; a deleted other end gets it when it is restored."""
        other = self._other(relation)
        if other is None:
            item.relations.append(relation)
            return relation
        mirrored = Relation(opposite(relation.rel), self.url(item.id), dict(relation.attributes), item.id)
        if other.deleted and self._on("deleted_parent_link") == "vanishes":
            other.parked_relations.append(mirrored)
            return relation
        item.relations.append(relation)
        other.relations.append(mirrored)
        self._record(item, relation, hand, active=True)
        self._other_end(other, hand, added=[mirrored])
        return relation

    def remove(self, item: WorkItem, relation: Relation, hand: Hand) -> Relation:
        """The link is gone from both ends."""
        item.relations = [one for one in item.relations if one is not relation]
        other = self._other(relation)
        if other is not None:
            mirror = (opposite(relation.rel), item.id)
            gone = [one for one in other.relations if (one.rel, one.target) == mirror]
            other.relations = [one for one in other.relations if one not in gone]
            self._record(item, relation, hand, active=False)
            self._other_end(other, hand, removed=gone)
        return relation

    def park(self, item: WorkItem, hand: Hand) -> None:
        """The links of a deleted item disappear from both ends until it is restored (section 5 [K])."""
        item.parked_relations, item.relations = list(item.relations), []
        for relation in item.parked_relations:
            other = self._other(relation)
            if other is not None:
                other.relations = [one for one in other.relations if one.target != item.id]
                self._record(item, relation, hand, active=False)

    def unpark(self, item: WorkItem, hand: Hand) -> None:
        """A restored item has its links again; those to items that are gone for good are not among them, nor is one
        to a child that has another parent by now, nor one that would close a circle (assumed: an item has one parent
        only, and stands below itself nowhere)."""
        parked, item.parked_relations = item.parked_relations, []
        for relation in parked:
            other = self._other(relation)
            if relation.target is None or (other is not None and self._may_return(item, relation, other)):
                self.add(item, relation, hand)

    def _may_return(self, item: WorkItem, relation: Relation, other: WorkItem) -> bool:
        if relation.rel == CHILD:
            return not other.parent and not self._stands_below(item, other)
        return relation.rel != PARENT or not self._stands_below(other, item)

    def _stands_below(self, item: WorkItem, upper: WorkItem) -> bool:
        """Whether the item is the other one, or below it."""
        seen: set[int] = set()
        at: WorkItem | None = item
        while at is not None and at is not upper and at.id not in seen:
            seen.add(at.id)
            at = self._organization.items.get(at.parent or 0)
        return at is upper

    def _other_end(
        self, item: WorkItem, hand: Hand, *, added: Sequence[Relation] = (), removed: Sequence[Relation] = ()
    ) -> None:
        """The other end of a link gets an update of its own, at the revision that it has (section 10)."""
        update = Update(len(item.updates) + 1, item.now.rev, hand.at, hand.by, {}, list(added), list(removed))
        item.updates.append(update)
        if not hand.quiet and self._on("links_fire_both_ends"):
            self._announce("updated", item, update)

    def _record(self, item: WorkItem, relation: Relation, hand: Hand, *, active: bool) -> None:
        """A row of the link feed; it runs from parent to child, whichever end was edited."""
        other = self._organization.items[relation.target or 0]
        source, target = (other, item) if relation.rel.endswith(REVERSE) else (item, other)
        rows = self._organization.link_changes
        names = [self._project_name(one) for one in (source, target)]
        rel = relation.rel.removesuffix(REVERSE).removesuffix(FORWARD)
        rows.append(LinkChange(len(rows) + 1, rel, source.id, target.id, hand.at, hand.by, active, *names))

    def _project_name(self, item: WorkItem) -> str:
        return next(one.name for one in self._organization.projects if one.id == item.project_id)


def parent_relation(links: Links, parent: int | None) -> list[Relation]:
    """The relation to a parent; none without one."""
    return [Relation(PARENT, links.url(parent), {}, parent)] if parent else []
