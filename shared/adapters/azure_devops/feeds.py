"""The two reporting feeds, each with its own opaque token (ado-api.md section 5, Reporting feeds)."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import parse_qs, urlsplit

from shared.adapters.azure_devops.model import FeedPage, LinkRow, WorkItemRecord
from shared.adapters.azure_devops.service import Service
from shared.adapters.members import listed, member, number, text

# The feed's name of the relation, without -Forward or -Reverse (section 5 [D example]).
HIERARCHY = "System.LinkTypes.Hierarchy"


class Feeds(Service):
    """Changes of the whole organization since a token; re-parenting is seen by the link feed only."""

    async def revisions(
        self, token: str | None, fields: Sequence[str], *, since: str | None = None
    ) -> FeedPage[WorkItemRecord]:
        """The newest revision of each item changed after the token, or since a time where there is none yet.

        Deleted items are among them, with `is_deleted`.
        """
        what = "reading changed work items"
        answer = await self.call(
            "POST",
            "_apis/wit/reporting/workitemrevisions",
            what,
            query=_start(token, since),
            body={"fields": list(fields), "includeDeleted": True, "includeLatestOnly": True},
            safe=True,
        )
        found = tuple(WorkItemRecord.of(row, with_relations=False, what=what) for row in _values(answer, what))
        return FeedPage(found, _token(answer, token), bool(member(answer, "isLastBatch")))

    async def links(self, token: str | None, *, since: str | None = None) -> FeedPage[LinkRow]:
        """Parent links added and removed after the token, or since a time where there is none yet."""
        what = "reading changed links"
        answer = await self.get(
            "_apis/wit/reporting/workitemlinks",
            what,
            query={"linkTypes": HIERARCHY, **_start(token, since)},
        )
        found = tuple(_link(row) for row in _values(answer, what))
        return FeedPage(found, _token(answer, token), bool(member(answer, "isLastBatch")))


def _values(answer: Any, what: str) -> list[Mapping[str, Any]]:
    return listed(member(answer, "values"), what)


def _start(token: str | None, since: str | None) -> dict[str, str | None]:
    """Token and time are refused together (section 5 [D])."""
    return {"continuationToken": token} if token else {"startDateTime": since}


def _link(row: Mapping[str, Any]) -> LinkRow:
    return LinkRow(
        rel=text(row, "rel"),
        source=number(row, "sourceId"),
        target=number(row, "targetId"),
        active=member(row, "isActive") is not False,
        changed=text(row, "changedDate"),
    )


def _token(answer: Any, previous: str | None) -> str:
    """The token to go on with: a member, or in `nextLink`, or the one there was."""
    found = text(answer, "continuationToken")
    query = parse_qs(urlsplit(text(answer, "nextLink")).query)
    return found or query.get("continuationToken", [previous or ""])[0]
