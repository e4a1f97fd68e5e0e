"""The `due` table: when each timer of a connection is due next."""

from datetime import datetime

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table


class DueTable:
    """Fulfils `ports.DueRows`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "due")

    async def get(self, connection_id: str, kind: str) -> tuple[datetime, str] | None:
        found = await self._table.get(connection_id, kind)
        return (found[0]["due"], found[1]) if found else None

    async def move(self, connection_id: str, kind: str, due: datetime, etag: str | None) -> bool:
        try:
            if etag is None:
                await self._table.insert(connection_id, kind, {"due": due})
            else:
                await self._table.replace(connection_id, kind, {"due": due}, etag)
        except (ResourceExistsError, ResourceModifiedError):
            return False
        return True
