"""The two reporting feeds, each with its own opaque token (ado-api.md section 5, Reporting feeds)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shared.adapters.azure_devops.model import FeedPage, LinkRow, WorkItemRecord
from shared.adapters.azure_devops.service import Service

HIERARCHY = "System.LinkTypes.Hierarchy"


class Feeds(Service):
    """Changes of the whole organization since a token; re-parenting is seen by the link feed only."""

    async def revisions(
        self, token: str | None, fields: Sequence[str], *, since: str | None = None
    ) -> FeedPage[WorkItemRecord]:
        """Revisions after the token, or since a time where there is none yet; deleted items are among them."""
        start = {"continuationToken": token} if token else ({"startDateTime": since} if since else {})
        names = {**start, "includeDeleted": True, "includeLatestOnly": True}
        answer = await self.call(
            "POST",
            "_apis/wit/reporting/workitemrevisions",
            "reading changed work items",
            body={"fields": list(fields)},
            safe=True,
            names=names,
        )
        rows = tuple(WorkItemRecord.of(row, with_relations=False) for row in answer.get("values") or ())
        return FeedPage(rows, _token(answer, token), bool(answer.get("isLastBatch")))

    async def links(self, token: str | None, *, since: str | None = None) -> FeedPage[LinkRow]:
        """Parent links added and removed after the token, or since a time where there is none yet."""
        start = {"continuationToken": token} if token else ({"startDateTime": since} if since else {})
        answer = await self.get(
            "_apis/wit/reporting/workitemlinks", "reading changed links", linkTypes=HIERARCHY, **start
        )
        rows = tuple(_link(row) for row in answer.get("values") or ())
        return FeedPage(rows, _token(answer, token), bool(answer.get("isLastBatch")))


def _link(row: Mapping[str, Any]) -> LinkRow:
    return LinkRow(
        rel=str(row.get("rel", "")),
        source=int(row["sourceId"]),
        target=int(row["targetId"]),
        active=bool(row.get("isActive", True)),
        changed=str(row.get("changedDate", "")),
    )


def _token(answer: Mapping[str, Any], previous: str | None) -> str:
    """The token to go on with: a member, or in `nextLink`, or the one there was."""
    if answer.get("continuationToken"):
        return str(answer["continuationToken"])
    query = parse_qs(urlsplit(str(answer.get("nextLink") or "")).query)
    return query.get("continuationToken", [previous or ""])[0]
