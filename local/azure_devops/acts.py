"""Edits as a person makes them in the portal; hooks fire as the service's do (control route `act`)."""

from collections.abc import Callable, Mapping
from typing import Any, cast
from uuid import uuid4

from starlette.requests import Request

from local.azure_devops.calls import Call
from local.azure_devops.links import ATTACHMENT
from local.azure_devops.metadata.failures import Failure
from local.azure_devops.model import PARENT, Identity, Token, WorkItem
from local.azure_devops.values import Shape
from local.azure_devops.world import World
from local.azure_devops.writing import create_item, update_item
from local.standin.control import UnknownAct

MANY = frozenset({"vso.work_full"})


class Act:
    """One edit. Members: `act`, `by` (id, name or mail; by default the first active person), and what it needs."""

    def __init__(self, world: World, body: Mapping[str, Any]) -> None:
        self.world, self.body = world, body
        state = {"token": Token("", self._by(), MANY)}
        host = [(b"host", b"dev.azure.com")]
        scope = {"type": "http", "method": "PATCH", "path": "/", "query_string": b"", "headers": host, "state": state}
        request = Request({**scope, "scheme": "https", "path_params": {}, "server": ("dev.azure.com", 443)})
        self.call = Call(world, request)

    def _by(self) -> Identity:
        people = self.world.organization.identities
        wanted = str(self.body.get("by") or people[0].id).casefold()
        found = next(
            (one for one in people if wanted in (one.id, one.display_name.casefold(), one.unique_name.casefold())), None
        )
        if found is None:
            raise UnknownAct(f"by: nobody is called {wanted!r}")
        return found

    def need(self, name: str) -> Any:
        if name not in self.body:
            raise UnknownAct(f"{name}: is missing")
        return self.body[name]

    def item(self, name: str = "id") -> WorkItem:
        found = self.world.organization.items.get(self.need(name))
        if found is None:
            raise UnknownAct(f"{name}: there is no work item {self.body[name]!r}")
        return found

    def create(self) -> WorkItem:
        """`{project, type, fields, parent}`"""
        project = self.world.organization.project(str(self.need("project")))
        if project is None:
            raise UnknownAct(f"project: there is no {self.body['project']!r}")
        parent = self.body.get("parent")
        links = [_added(PARENT, int(parent))] if parent else []
        document = [*_set(self.need("fields")), *links]
        return create_item(self.call, project, str(self.need("type")), document, {})

    def update(self) -> WorkItem:
        """`{id, fields, formats}`; null clears a field."""
        formats = [
            {"op": "add", "path": f"/multilineFieldsFormat/{name}", "value": kind}
            for name, kind in self.body.get("formats", {}).items()
        ]
        return update_item(self.call, self.item(), [*formats, *_set(self.need("fields"))])

    def reparent(self) -> WorkItem:
        """`{id, parent}`; null takes the parent away."""
        item, parent = self.item(), self.need("parent")
        shown = self.call.shape.ordered(item.relations)
        removed = [
            {"op": "remove", "path": f"/relations/{place}"} for place, one in enumerate(shown) if one.rel == PARENT
        ]
        return update_item(self.call, item, [*removed, *([_added(PARENT, int(parent))] if parent else [])])

    def link(self) -> WorkItem:
        """`{id, rel, target}`"""
        return update_item(self.call, self.item(), [_added(str(self.need("rel")), int(self.need("target")))])

    def attach(self) -> WorkItem:
        """`{id, name, content}`"""
        name, key = str(self.need("name")), str(uuid4())
        self.world.attachments[key] = str(self.body.get("content", name)).encode()
        url = f"https://dev.azure.com/{self.world.organization.name}/_apis/wit/attachments/{key}"
        value = {"rel": ATTACHMENT, "url": url, "attributes": {"name": name}}
        return update_item(self.call, self.item(), [{"op": "add", "path": "/relations/-", "value": value}])

    def detach(self) -> WorkItem:
        """`{id, name}`: every attachment of that name is taken off."""
        item, name = self.item(), self.need("name")
        shown = self.call.shape.ordered(item.relations)
        named = [(one.rel, one.attributes.get("name")) == (ATTACHMENT, name) for one in shown]
        places = [place for place, wanted in enumerate(named) if wanted]
        return update_item(self.call, item, [{"op": "remove", "path": f"/relations/{one}"} for one in places])

    def comment(self) -> WorkItem:
        """`{id, text, format}`"""
        item, kind = self.item(), self.body.get("format", "html")
        self.world.store.comment(item, str(self.need("text")), by=self.call.by, kind=cast(Any, kind))
        return item

    def delete(self) -> WorkItem:
        item = self.item()
        self.world.store.delete(item, self.call.by)
        return item

    def restore(self) -> WorkItem:
        item = self.item()
        if item.deleted is None:
            raise UnknownAct(f"id: {item.id} is not deleted")
        self.world.store.restore(item, self.call.by)
        return item

    def destroy(self) -> WorkItem:
        item = self.item()
        self.world.store.destroy(item)
        return item


def _set(fields: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [{"op": "replace", "path": f"/fields/{name}", "value": value} for name, value in fields.items()]


def _added(rel: str, target: int) -> dict[str, Any]:
    value = {"rel": rel, "url": f"https://dev.azure.com/_apis/wit/workItems/{target}"}
    return {"op": "add", "path": "/relations/-", "value": value}


ACTS: dict[str, Callable[[Act], WorkItem]] = {
    name: getattr(Act, name)
    for name in ("create", "update", "reparent", "link", "attach", "detach", "comment", "delete", "restore", "destroy")
}


async def act(world: World, body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The item after the edit; UnknownAct where the edit cannot be made."""
    wanted = str(body.get("act", ""))
    if wanted not in ACTS:
        raise UnknownAct(f"act: {wanted!r} is none of {', '.join(ACTS)}")
    try:
        item = ACTS[wanted](Act(world, body))
    except Failure as failure:
        raise UnknownAct(f"{failure.status} {failure.message}") from failure
    shape = Shape(world, f"https://dev.azure.com/{world.organization.name}", text_identities=True)
    return shape.item(item, relations=True)
