"""Routes that read work items: one, many, by revision and by update (section 5)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starlette.routing import Route

from local.azure_devops.calls import ORGANIZATION, PROJECT, READ, Call, listed, moment, number, routes_of
from local.azure_devops.errors import argument_invalid
from local.azure_devops.metadata import failures
from local.azure_devops.model import Relation, Revision, WorkItem
from local.azure_devops.world import World

PAGE = 200
EXPANDS = {"", "none", "relations", "fields", "links", "all"}
POLICIES = {"", "fail", "omit"}
COMPUTED = ("System.Id", "System.Rev", "System.Watermark", "System.Parent")


@dataclass(frozen=True)
class View:
    """What an answer shows of its items: the fields asked for, what is expanded, and as of when."""

    call: Call
    only: Sequence[str] = ()
    expand: str = ""
    as_of: datetime | None = None

    def checked(self) -> "View":
        """400 for fields together with relations or all (section 5 [K]), an unknown expand or an unknown field."""
        if self.expand not in EXPANDS:
            raise failures.bad_parameter("$expand", self.expand)
        refused = self.call.world.position("fields_with_expand") == "refused"
        if self.only and self.expand in ("relations", "all") and refused:
            raise argument_invalid("The expand parameter can not be used with the fields parameter.")
        known = {name.casefold() for name in (*self.call.world.organization.fields, *COMPUTED)}
        unknown = next((name for name in self.only if name.casefold() not in known), None)
        if unknown:
            raise failures.field_not_found(unknown)
        return self

    def item(self, item: WorkItem, *, links: bool = False) -> dict[str, Any]:
        """The item; 404 where it was not there yet at the time asked for."""
        revision, held = self._at(item)
        return self.call.shape.item(
            item,
            only=self.only,
            relations=self.expand in ("relations", "all"),
            links=links or self.expand in ("links", "all"),
            long=self.expand in ("fields", "all"),
            revision=revision,
            held=held,
        )

    def _at(self, item: WorkItem) -> tuple[Revision | None, list[Relation] | None]:
        if self.as_of is None:
            return None, None
        shown = [one for one in item.revisions if one.changed <= self.as_of]
        if not shown:
            raise failures.work_item_not_found(item.id)
        return shown[-1], relations_at(item, self.as_of)


def relations_at(item: WorkItem, when: datetime) -> list[Relation]:
    """The relations as they were: what was added later is taken back, what was removed later is put back."""
    held = list(item.relations)
    for update in reversed(item.updates):
        if update.at <= when:
            break
        held = [one for one in held if one not in update.added] + update.removed
    return held


def read_one(call: Call) -> Any:
    """GET workitems/{id}: with `_links`."""
    expand = call.query("$expand").casefold()
    view = View(call, call.names("fields"), expand, call.moment("asOf")).checked()
    return view.item(call.item(), links=True)


def read_many(call: Call) -> Any:
    expand = call.query("$expand").casefold()
    view = View(call, call.names("fields"), expand, call.moment("asOf")).checked()
    return _batch(view, call.names("ids"), call.query("errorPolicy"))


def read_batch(call: Call) -> Any:
    """POST workitemsbatch: `{ids, fields, asOf, $expand, errorPolicy}`."""
    body = call.members
    as_of = moment("asOf", str(body["asOf"])) if body.get("asOf") else None
    view = View(call, list(body.get("fields") or ()), str(body.get("$expand") or "").casefold(), as_of)
    return _batch(view.checked(), list(body.get("ids") or ()), str(body.get("errorPolicy") or ""))


def _batch(view: View, ids: Sequence[Any], policy: str) -> Any:
    """In the order asked for. One that cannot be read fails all, or leaves a null under `omit` (section 5 [K])."""
    if policy.casefold() not in POLICIES:
        raise failures.bad_parameter("errorPolicy", policy)
    if not 1 <= len(ids) <= PAGE:
        raise argument_invalid(f"VS403474: ids must hold between 1 and {PAGE} work item ids, not {len(ids)}.")
    rows = [_row(view, number("ids", one), omit=policy.casefold() == "omit") for one in ids]
    absent = view.call.world.position("omitted_items") == "absent"
    return listed([row for row in rows if row is not None or not absent])


def _row(view: View, id_: int, *, omit: bool) -> dict[str, Any] | None:
    try:
        return view.item(view.call.readable(id_))
    except failures.Failure:
        if omit:
            return None
        raise


def _page[T](call: Call, rows: Sequence[T]) -> Sequence[T]:
    skip, top = call.number("$skip", 0), min(call.number("$top", PAGE), PAGE)
    return rows[skip : skip + top]


def list_revisions(call: Call) -> Any:
    item = call.item()
    return listed([_revision(call, item, one) for one in _page(call, item.revisions)])


def read_revision(call: Call) -> Any:
    item, wanted = call.item(), number("revision", call.request.path_params["revision"])
    if not 1 <= wanted <= len(item.revisions):
        raise failures.part_not_found(f"revision {wanted}")
    return _revision(call, item, item.revisions[wanted - 1])


def _revision(call: Call, item: WorkItem, revision: Revision) -> dict[str, Any]:
    """A snapshot; its relations are those at the end of the revision."""
    expand = call.query("$expand").casefold()
    later = item.revisions[revision.rev : revision.rev + 1]
    held = _before(item, later[0]) if later else item.relations
    wide = expand in ("relations", "all")
    return call.shape.item(item, relations=wide, long=expand in ("fields", "all"), revision=revision, held=held)


def _before(item: WorkItem, revision: Revision) -> list[Relation]:
    """The relations just before a revision was made."""
    held = list(item.relations)
    for update in reversed(item.updates):
        if update.rev < revision.rev:
            break
        held = [one for one in held if one not in update.added] + update.removed
    return held


def list_updates(call: Call) -> Any:
    item = call.item()
    return listed([call.shape.update(item, one) for one in _page(call, item.updates)])


def read_update(call: Call) -> Any:
    item, wanted = call.item(), number("update", call.request.path_params["update"])
    if not 1 <= wanted <= len(item.updates):
        raise failures.part_not_found(f"update {wanted}")
    return call.shape.update(item, item.updates[wanted - 1])


_BOTH = (ORGANIZATION, PROJECT)


def routes(world: World) -> list[Route]:
    """With and without the project in the path."""
    return routes_of(
        world,
        [
            ("GET", "wit/workitems", READ, read_many, _BOTH),
            ("POST", "wit/workitemsbatch", READ, read_batch, _BOTH),
            ("GET", "wit/workitems/{id}", READ, read_one, _BOTH),
            ("GET", "wit/workitems/{id}/revisions", READ, list_revisions, _BOTH),
            ("GET", "wit/workitems/{id}/revisions/{revision}", READ, read_revision, _BOTH),
            ("GET", "wit/workitems/{id}/updates", READ, list_updates, _BOTH),
            ("GET", "wit/workitems/{id}/updates/{update}", READ, read_update, _BOTH),
        ],
    )
