"""Work items: read in batches, written one by one or in batches, deleted and restored (ado-api.md sections 5, 6)."""

import json
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Any

from shared.adapters.azure_devops.assumptions import QUERY_PAGE, READ_BATCH, WRITE_BATCH
from shared.adapters.azure_devops.model import WorkItemRecord
from shared.adapters.azure_devops.patch import Patch
from shared.adapters.azure_devops.service import JSON_PATCH, Service
from shared.core.errors import NotFound


@dataclass(frozen=True)
class BatchWrite:
    """One entry of a batch: an update of `id`, or a create of `type` in `project` under a negative id."""

    patch: Patch
    id: int | None = None
    project: str = ""
    type: str = ""


class WorkItems(Service):
    """The work items of an organization."""

    async def find(self, condition: str = "", *, page: int = QUERY_PAGE) -> AsyncIterator[list[int]]:
        """The ids that a WIQL condition finds, by id, a page at a time; deleted items are never among them."""
        last = 0
        while True:
            clause = f"({condition}) AND " if condition.strip() else ""
            # The condition is the administrator's own WIQL (R8); it can only narrow or widen what the token may read.
            query = f"SELECT [System.Id] FROM WorkItems WHERE {clause}[System.Id] > {last} ORDER BY [System.Id]"  # noqa: S608
            answer = await self._query(query, page)
            ids = [int(row["id"]) for row in answer["workItems"]]
            if ids:
                yield ids
            if len(ids) < page:
                return
            last = ids[-1]

    async def _query(self, query: str, top: int) -> Any:
        names = {"dollar_top": top, "timePrecision": True}
        return await self.call(
            "POST", "_apis/wit/wiql", "finding work items", body={"query": query}, safe=True, names=names
        )

    async def read(self, ids: Sequence[int], fields: Sequence[str] | None = None) -> list[WorkItemRecord]:
        """Those of at most 200 work items that can be read: with the fields named, or with all and the relations.

        The two cannot be had together (section 5 [K]); a deleted or unreadable item is left out.
        """
        if len(ids) > READ_BATCH:
            raise ValueError(f"{len(ids)} ids; a batch takes {READ_BATCH}")
        wanted = {"fields": list(fields)} if fields else {"$expand": "relations"}
        body = {"ids": list(ids), "errorPolicy": "omit", **wanted}
        answer = await self.call("POST", "_apis/wit/workitemsbatch", "reading work items", body=body, safe=True)
        return [WorkItemRecord.of(raw, with_relations=fields is None) for raw in answer["value"] if raw]

    async def read_one(self, item: int) -> WorkItemRecord:
        """One work item with all fields and its relations; NotFound where it is deleted or may not be read."""
        names = {"id": item, "dollar_expand": "relations"}
        route = "_apis/wit/workitems/{id}"
        answer = await self.call("GET", route, f"reading work item {item}", safe=True, names=names)
        return WorkItemRecord.of(answer, with_relations=True)

    async def create(self, project: str, type_name: str, patch: Patch) -> WorkItemRecord:
        """The new work item. UnknownOutcome where it may have been created: look for it before trying again."""
        route = "{project}/_apis/wit/workitems/{type}"
        names = {"project": project, "type": f"${type_name}", "dollar_expand": "relations"}
        answer = await self._patch("POST", route, f"creating a {type_name} in {project}", patch, names)
        return WorkItemRecord.of(answer, with_relations=True)

    async def update(self, item: int, patch: Patch) -> WorkItemRecord:
        """The work item as it is after the update; Stale where it has another revision than the patch tests."""
        names = {"id": item, "dollar_expand": "relations"}
        answer = await self._patch("PATCH", "_apis/wit/workitems/{id}", f"updating work item {item}", patch, names)
        return WorkItemRecord.of(answer, with_relations=True)

    async def _patch(self, method: str, route: str, what: str, patch: Patch, names: dict[str, Any]) -> Any:
        return await self.call(method, route, what, body=patch.operations, content_type=JSON_PATCH, names=names)

    async def write(self, writes: Sequence[BatchWrite]) -> list[dict[str, Any]]:
        """Up to 200 writes in one request: `{code, body}` of each, in order (section 6, $batch)."""
        if len(writes) > WRITE_BATCH:
            raise ValueError(f"{len(writes)} writes; a batch takes {WRITE_BATCH}")
        body = [_entry(write) for write in writes]
        answer = await self.call("POST", "_apis/wit/$batch", "writing work items in a batch", body=body)
        return [{"code": int(one["code"]), "body": json.loads(one.get("body") or "null")} for one in answer["value"]]

    async def delete(self, item: int) -> None:
        """The work item is in the recycle bin; NotFound where it is there already or may not be seen."""
        await self.call("DELETE", "_apis/wit/workitems/{id}", f"deleting work item {item}", names={"id": item})

    async def restore(self, item: int) -> None:
        """The work item is back from the recycle bin, with its links."""
        route, what = "_apis/wit/recyclebin/{id}", f"restoring work item {item}"
        await self.call("PATCH", route, what, body={"isDeleted": False}, names={"id": item})

    async def is_deleted(self, item: int) -> bool:
        """True where the recycle bin has it. A 404 on the item alone may also mean that it may not be read."""
        try:
            names = {"id": item}
            await self.call(
                "GET", "_apis/wit/recyclebin/{id}", f"looking for {item} in the bin", safe=True, names=names
            )
        except NotFound:
            return False
        return True


def _entry(write: BatchWrite) -> dict[str, Any]:
    uri = f"/_apis/wit/workitems/{write.id}" if write.id else f"/{write.project}/_apis/wit/workitems/${write.type}"
    return {
        "method": "PATCH",
        "uri": f"{uri}?api-version=7.1",
        "headers": {"Content-Type": JSON_PATCH},
        "body": write.patch.operations,
    }
