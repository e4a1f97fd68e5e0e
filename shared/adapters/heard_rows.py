"""The `heard` table: when each side of a connection was last heard of."""

from datetime import datetime, timedelta

from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.messages import Side

# Health needs no more than that, and a busy connection must not cost a write for each notification.
STEP = timedelta(seconds=30)


class HeardTable:
    """Fulfils `ports.Heard`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "heard")
        self._noted: dict[tuple[str, Side], datetime] = {}

    async def note(self, connection: str, side: Side, at: datetime) -> None:
        noted = self._noted.get((connection, side))
        if noted is None or at >= noted + STEP:
            self._noted[connection, side] = at
            await self._table.upsert(connection, side, {"at": at})

    async def last(self, connection: str) -> dict[Side, datetime]:
        sides: dict[str, Side] = {"azure-devops": "azure-devops", "oneplan": "oneplan"}
        return {sides[key]: row["at"] async for key, row, _ in self._table.list(connection) if key in sides}
