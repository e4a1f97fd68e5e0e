"""Work items as answers show them (ado-api.md section 5)."""

from collections.abc import Collection
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from local.azure_devops.model import Identity, Relation, Revision, Update, WorkItem
from local.azure_devops.people import identity_ref, identity_text

if TYPE_CHECKING:
    from local.azure_devops.world import World

NAMES = {
    "System.LinkTypes.Hierarchy-Reverse": "Parent",
    "System.LinkTypes.Hierarchy-Forward": "Child",
    "System.LinkTypes.Dependency-Forward": "Successor",
    "System.LinkTypes.Dependency-Reverse": "Predecessor",
    "System.LinkTypes.Related": "Related",
}
NEWEST = "9999-01-01T00:00:00Z"


class Shape:
    """How one answer shows its work items. `base` is the organization's address."""

    def __init__(self, world: "World", base: str, *, text_identities: bool = False) -> None:
        self.world, self.base, self._text = world, base, text_identities

    def value(self, value: Any) -> Any:
        """A field's value in JSON: identities as objects, or as texts in events and feeds."""
        match value:
            case Identity():
                return identity_text(value) if self._text else identity_ref(value, self.base)
            case datetime():
                return instant(value)
            case date():
                return f"{value.isoformat()}T00:00:00Z"
            case _:
                return value

    def fields(
        self, item: WorkItem, revision: Revision, only: Collection[str] = (), *, long: bool = False
    ) -> dict[str, Any]:
        """The fields that are not empty; those asked for, in the spelling of the service."""
        wanted = {name.casefold() for name in only}
        held = {**revision.fields, **self._parent(item, revision)}
        if long or wanted:
            held |= self._long(item, revision)
        if wanted:
            held = {name: value for name, value in held.items() if name.casefold() in wanted}
        return {name: self.value(value) for name, value in held.items() if value is not None}

    def _parent(self, item: WorkItem, revision: Revision) -> dict[str, Any]:
        """System.Parent follows the link, whichever revision is shown, and is absent without a parent (section 6)."""
        shown = self.world.on("system_parent_field") and revision is item.now and item.parent is not None
        return {"System.Parent": item.parent} if shown else {}

    def _long(self, item: WorkItem, revision: Revision) -> dict[str, Any]:
        """What comes with $expand all and fields, or when asked for, not in the short form (section 5 [R])."""
        later = item.revisions[revision.rev :]
        return {
            "System.Id": item.id,
            "System.Rev": revision.rev,
            "System.Watermark": revision.watermark,
            "System.AuthorizedDate": revision.changed,
            "System.RevisedDate": instant(later[0].changed) if later else NEWEST,
            "System.AuthorizedAs": revision.changed_by,
            **self._tree("Area", revision.fields["System.AreaPath"]),
            **self._tree("Iteration", revision.fields["System.IterationPath"]),
        }

    def _tree(self, structure: str, path: str) -> dict[str, Any]:
        """Id and levels of a node, and for an area its name; nothing where the node is gone."""
        node = self.world.node(path, structure)
        levels = {f"System.{structure}Level{n}": part for n, part in enumerate(path.split("\\")[:7], 1)}
        name = {"System.NodeName": node.name} if node and structure == "Area" else {}
        return levels | name | ({f"System.{structure}Id": node.id} if node else {})

    def item(
        self,
        item: WorkItem,
        *,
        only: Collection[str] = (),
        relations: bool = False,
        links: bool = False,
        long: bool = False,
        revision: Revision | None = None,
        held: list[Relation] | None = None,
    ) -> dict[str, Any]:
        """A work item; `relations` is absent where there is none, `_links` come when asked for.

        `held` are the relations at the time of a revision; without it those of now.
        """
        shown = revision or item.now
        links_held = item.relations if held is None else held
        url = f"{self.base}/{item.project_id}/_apis/wit/workItems/{item.id}"
        answer: dict[str, Any] = {
            "id": item.id,
            "rev": shown.rev,
            "fields": self.fields(item, shown, only, long=long),
            "url": url if revision is None else f"{url}/revisions/{shown.rev}",
        }
        if relations and links_held:
            answer["relations"] = [self.relation(one) for one in self.ordered(links_held)]
        if links:
            answer["_links"] = self._links(item, url)
        answer |= comment_version(item, shown, url)
        if self.world.on("markdown_answered"):
            answer["multilineFieldsFormat"] = dict(shown.formats)
        return answer

    def ordered(self, relations: list[Relation]) -> list[Relation]:
        """Relations may come back in another order than they were sent (section 6 [R]); an index means this one."""
        return relations[::-1] if self.world.on("relations_reordered") else relations

    def relation(self, relation: Relation) -> dict[str, Any]:
        """A relation as it is read back; urls are at the address that is asked, whatever was sent."""
        if relation.target is None:
            return {"rel": relation.rel, "url": relation.url, "attributes": relation.attributes}
        name = {"name": NAMES[relation.rel]} if relation.rel in NAMES else {}
        url = f"{self.base}/_apis/wit/workItems/{relation.target}"
        return {"rel": relation.rel, "url": url, "attributes": {"isLocked": False, **name, **relation.attributes}}

    def _links(self, item: WorkItem, url: str) -> dict[str, Any]:
        web = f"{self.base}/{item.project_id}/_workitems/edit/{item.id}"
        return {
            "self": {"href": url},
            "workItemUpdates": {"href": f"{url}/updates"},
            "workItemRevisions": {"href": f"{url}/revisions"},
            "workItemComments": {"href": f"{url}/comments"},
            "html": {"href": web},
            "workItemType": {"href": f"{self.base}/{item.project_id}/_apis/wit/workItemTypes/{item.type}"},
            "fields": {"href": f"{self.base}/{item.project_id}/_apis/wit/fields"},
        }

    def update(self, item: WorkItem, update: Update) -> dict[str, Any]:
        """A delta: its id is not the revision's number."""
        url = f"{self.base}/{item.project_id}/_apis/wit/workItems/{item.id}/updates/{update.id}"
        answer: dict[str, Any] = {
            "id": update.id,
            "workItemId": item.id,
            "rev": update.rev,
            "revisedBy": identity_ref(update.by, self.base),
            "revisedDate": self._ended(item, update),
            "url": url,
        }
        if update.fields:
            answer["fields"] = {name: self._delta(delta) for name, delta in update.fields.items()}
        relations = {"added": update.added, "removed": update.removed}
        if update.added or update.removed:
            answer["relations"] = {
                name: [self.relation(one) for one in rows] for name, rows in relations.items() if rows
            }
        return answer

    def _ended(self, item: WorkItem, update: Update) -> str:
        """When the state after this update ended, not when it was made (section 5)."""
        later = item.updates[update.id : update.id + 1]
        return instant(later[0].at) if later else NEWEST

    def _delta(self, delta: dict[str, Any]) -> dict[str, Any]:
        return {name: self.value(value) for name, value in delta.items()}


def instant(moment: datetime) -> str:
    """UTC with up to three fraction digits, as fields have it (section 7 [R])."""
    text = f"{moment:%Y-%m-%dT%H:%M:%S}"
    milliseconds = f"{moment.microsecond // 1000:03}".rstrip("0")
    return f"{text}.{milliseconds}Z" if milliseconds else f"{text}Z"


def comment_version(item: WorkItem, revision: Revision, url: str) -> dict[str, Any]:
    """A revision that a comment made points at it (section 9 [R])."""
    made = next((one for one in item.comments if one.modified == revision.changed), None)
    if made is None:
        return {}
    reference = {"commentId": made.id, "version": made.version, "url": f"{url}/comments/{made.id}"}
    return {"commentVersionRef": reference | {"url": f"{reference['url']}/versions/{made.version}"}}
