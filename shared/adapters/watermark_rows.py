"""The `watermarks` table: how far each connection has read each feed, everything before being settled."""

import json

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.long_text import joined, split
from shared.adapters.tables import Table
from shared.ports.changes import Place, Watermark


class WatermarkTable:
    """Fulfils `ports.changes.Watermarks`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "watermarks")

    async def get(self, connection: str, feed: str) -> Watermark | None:
        found = await self._table.get(connection, feed)
        return Watermark(json.loads(joined("place", found[0])), found[1]) if found else None

    async def move(self, connection: str, feed: str, place: Place, etag: str | None) -> bool:
        members = split("place", json.dumps(dict(place), ensure_ascii=False))
        try:
            if etag is None:
                await self._table.upsert(connection, feed, members)
            else:
                await self._table.replace(connection, feed, members, etag)
        except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError):
            return False
        return True
