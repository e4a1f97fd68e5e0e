"""Work items: found, read in batches, written, deleted and restored (ado-api.md sections 5, 6)."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any

from shared.adapters.azure_devops.assumptions import QUERY_PAGE, READ_BATCH
from shared.adapters.azure_devops.model import BatchRead, IdPage, Update, WorkItemRecord
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.service import JSON_PATCH, Service
from shared.adapters.members import listed, member, number, text
from shared.core.errors import NotFound, UnknownOutcome

_CREATE = "{project}/_apis/wit/workitems/{type}"
_ITEM = "_apis/wit/workitems/{id}"
_BIN = "_apis/wit/recyclebin"
_BINNED = "_apis/wit/recyclebin/{id}"


class WorkItems(Service):
    """The work items of an organization."""

    async def find(self, condition: str = "", *, page: int = QUERY_PAGE) -> AsyncIterator[IdPage]:
        """The ids that a WIQL condition finds, ascending, a page at a time; deleted items are never among them.

        At least one page is given, so that the time of the answer is known.
        """
        last = 0
        while True:
            found = await self._page(condition, last, page)
            yield found
            if len(found.ids) < page:
                return
            last = found.ids[-1]

    async def _page(self, condition: str, after: int, top: int) -> IdPage:
        clause = f"({condition}) AND " if condition.strip() else ""
        # The condition is the administrator's own WIQL (R8); it can only narrow or widen what the token may read.
        query = f"SELECT [System.Id] FROM WorkItems WHERE {clause}[System.Id] > {after} ORDER BY [System.Id]"  # noqa: S608
        what = "finding work items"
        answer = await self.call(
            "POST",
            "_apis/wit/wiql",
            what,
            body={"query": query},
            query={"$top": top, "timePrecision": True},
            safe=True,
        )
        ids = sorted(number(row, "id") for row in listed(member(answer, "workItems"), what))
        return IdPage(tuple(ids), text(answer, "asOf"))

    async def tree(self, root: int) -> tuple[int, ...]:
        """The work item and all below it that can be read, those above before those below (section 5, Links)."""
        query = (
            "SELECT [System.Id] FROM WorkItemLinks WHERE ([Source].[System.Id] = "  # noqa: S608 - a number of ours
            f"{root}) AND ([System.Links.LinkType] = 'System.LinkTypes.Hierarchy-Forward') MODE (Recursive)"
        )
        what = f"finding what is below work item {root}"
        answer = await self.call("POST", "_apis/wit/wiql", what, body={"query": query}, safe=True)
        targets = [member(row, "target") for row in listed(member(answer, "workItemRelations"), what)]
        return tuple(dict.fromkeys([root, *(number(one, "id") for one in targets)]))

    async def read(self, ids: Sequence[int], fields: Sequence[str] | None = None) -> BatchRead:
        """At most 200 work items: with the fields named, or with all and the relations.

        The two cannot be had together (section 5 [K]). With `System.Parent` among the fields the parent is known
        without the relations, on Services; relations are needed to change a link, and are read right before that.
        """
        if len(ids) > READ_BATCH:
            raise ValueError(f"{len(ids)} ids; a batch takes {READ_BATCH}")
        wanted: dict[str, Any] = {"fields": list(fields)} if fields else {"$expand": "relations"}
        body = {"ids": list(ids), "errorPolicy": "omit", **wanted}
        what = "reading work items"
        answer = await self.call("POST", "_apis/wit/workitemsbatch", what, body=body, safe=True)
        found = listed(member(answer, "value"), what)
        items = tuple(WorkItemRecord.of(raw, with_relations=not fields, what=what) for raw in found)
        there = {item.id for item in items}
        return BatchRead(items, tuple(one for one in ids if one not in there))

    async def read_one(self, item: int) -> WorkItemRecord:
        """One work item with all fields and its relations; NotFound where it is deleted or may not be read."""
        what = f"reading work item {item}"
        answer = await self.get(_ITEM, what, places={"id": item}, query={"$expand": "relations"})
        return WorkItemRecord.of(answer, with_relations=True, what=what)

    async def create(self, project: str, type_name: str, patch: Patch) -> WorkItemRecord:
        """The new work item. UnknownOutcome where it may have been created: look for it before trying again."""
        what, places = f"creating a {type_name} in {project}", {"project": project, "type": f"${type_name}"}
        return _written(await self._send("POST", _CREATE, what, patch, places), what)

    async def update(self, item: int, patch: Patch) -> WorkItemRecord:
        """The work item as it is after the update; Stale where it has another revision than the patch tests."""
        what = f"updating work item {item}"
        return _written(await self._send("PATCH", _ITEM, what, patch, {"id": item}), what)

    async def check_create(self, project: str, type_name: str, patch: Patch) -> None:
        """Nothing is created; raises what creating it would raise (section 6, validateOnly)."""
        what, places = f"checking a new {type_name} in {project}", {"project": project, "type": f"${type_name}"}
        await self._send("POST", _CREATE, what, patch, places, validate_only=True)

    async def check_update(self, item: int, patch: Patch) -> None:
        """Nothing is changed; raises what the update would raise (section 6, validateOnly)."""
        what = f"checking work item {item}"
        await self._send("PATCH", _ITEM, what, patch, {"id": item}, validate_only=True)

    async def _send(
        self,
        method: str,
        route: str,
        what: str,
        patch: Patch,
        places: Mapping[str, str | int],
        *,
        validate_only: bool = False,
    ) -> Any:
        return await self.call(
            method,
            route,
            what,
            places=places,
            query={"$expand": "relations", "validateOnly": True if validate_only else None},
            body=patch.operations,
            content_type=JSON_PATCH,
            safe=validate_only,
        )

    async def updates(self, item: int, after: int = 0) -> AsyncIterator[Update]:
        """Every update of the item, oldest first: who changed which field, and which links came and went.

        With `after`, those that made a revision above it, and later ones. A revision has an update of its own at
        least (section 5), so at least so many stand before them and are not read.
        """
        route, what = "_apis/wit/workitems/{id}/updates", f"reading the history of work item {item}"
        async for page in self.pages(route, what, places={"id": item}, skip=after):
            for row in page:
                update = Update.of(row)
                if update.rev > after:
                    yield update

    async def delete(self, item: int) -> None:
        """The work item is in the recycle bin; NotFound where it is there already or may not be seen."""
        await self.call("DELETE", _ITEM, f"deleting work item {item}", places={"id": item})

    async def restore(self, item: int) -> None:
        """The work item is back from the recycle bin, with its links."""
        what = f"restoring work item {item}"
        await self.call("PATCH", _BINNED, what, places={"id": item}, body={"isDeleted": False})

    async def deleted(self, items: Sequence[int]) -> frozenset[int]:
        """Those of at most 200 work items that the recycle bin has; the others may be there, or unreadable."""
        if len(items) > READ_BATCH:
            raise ValueError(f"{len(items)} ids; a batch takes {READ_BATCH}")
        if not items:
            return frozenset()
        what, wanted = "looking for work items in the recycle bin", ",".join(str(one) for one in items)
        try:
            answer = await self.get(_BIN, what, query={"ids": wanted})
        except NotFound:  # one that is not there may fail them all
            return frozenset([one for one in items if await self.is_deleted(one)])
        found = [one for one in listed(member(answer, "value"), what) if number(one, "code", 200) == 200]
        return frozenset(number(one, "id") for one in found)

    async def is_deleted(self, item: int) -> bool:
        """True where the recycle bin has it. A 404 on the item alone may also mean that it may not be read."""
        try:
            await self.get(_BINNED, f"looking for work item {item} in the recycle bin", places={"id": item})
        except NotFound:
            return False
        return True


def _written(answer: Any, what: str) -> WorkItemRecord:
    if not number(answer, "id"):
        raise UnknownOutcome(f"{what}: the answer names no work item, so it may have been done")
    return WorkItemRecord.of(answer, with_relations=True, what=what)
