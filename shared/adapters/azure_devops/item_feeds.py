"""Fulfils `ports.changes.ItemFeeds` by the two reporting feeds of the organization (ado-api.md section 5).

A place holds where to read from next time and where the last reading ended: each reading begins where the one before
the last ended, so that what was stored late is seen still.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from shared.adapters.azure_devops.client import AzureDevOps
from shared.adapters.azure_devops.feeds import Feeds
from shared.adapters.azure_devops.model import FeedPage, LinkRow, WorkItemRecord
from shared.core.errors import PermissionMissing, Rejected, RouteMissing
from shared.ports.changes import ChangedItem, ChangedLink, Feed, Place, PlaceLost

FIELDS = ("System.Id", "System.Rev", "System.WorkItemType", "System.IsDeleted")
# Pages of one reading: after so many the rest waits for the next one, so that what was read is settled first.
PAGES = 50

type Read[T] = Callable[[str | None, str | None], Awaitable[FeedPage[T]]]


@dataclass(frozen=True)
class OrganizationFeeds:
    """The feeds of one organization."""

    client: AzureDevOps

    @property
    def _feeds(self) -> Feeds:
        return self.client.feeds

    async def items(self, place: Place) -> Feed[ChangedItem]:
        async def page(token: str | None, since: str | None) -> FeedPage[WorkItemRecord]:
            return await self._feeds.revisions(token, FIELDS, since=since)

        rows, reached, caught_up = await _read(page, place)
        newest = {row.id: ChangedItem(row.id, row.rev, row.type, row.is_deleted) for row in rows}
        return Feed(tuple(newest.values()), reached, caught_up)

    async def links(self, place: Place) -> Feed[ChangedLink]:
        async def page(token: str | None, since: str | None) -> FeedPage[LinkRow]:
            return await self._feeds.links(token, since=since)

        rows, reached, caught_up = await _read(page, place)
        return Feed(tuple(ChangedLink(one.target, one.source, one.active) for one in rows), reached, caught_up)


async def _read[T](read: Read[T], place: Place) -> tuple[list[T], Place, bool]:
    """The rows, where to go on, and whether there is nothing more."""
    start: dict[str, Any] = dict(place.get("from") or place.get("to") or {})
    at, rows = start, list[T]()
    for number in range(PAGES):
        page = await _page(read, at, first=number == 0)
        rows += page.rows
        # An empty answer to a time need not hold a token that stands for it, so the time is asked with again.
        if page.token and (page.rows or "token" in at):
            at = {"token": page.token}
        if page.last:
            return rows, {"from": place.get("to"), "to": at}, True
    return rows, {"from": at, "to": at}, False


async def _page[T](read: Read[T], at: Place, *, first: bool) -> FeedPage[T]:
    try:
        return await read(at.get("token"), at.get("since"))
    except (PermissionMissing, RouteMissing):
        raise
    except Rejected as error:
        if first and at.get("token"):
            raise PlaceLost(str(error)) from error
        raise
