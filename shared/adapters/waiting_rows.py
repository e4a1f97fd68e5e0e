"""The `waiting` table: items that wait for the one above them, by that one (R18)."""

from azure.core.exceptions import ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.ports.sync import WaitingItem

SEPARATOR = "~"


class WaitingTable:
    """Fulfils `ports.Waiting`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "waiting")

    async def add(self, connection: str, item: WaitingItem) -> None:
        await self._table.upsert(connection, _row(item), {"title": item.title})

    async def remove(self, connection: str, item: WaitingItem) -> None:
        try:
            await self._table.delete(connection, _row(item))
        except ResourceNotFoundError:
            return

    async def list(self, connection: str) -> list[WaitingItem]:
        return [_item(row, members["title"]) async for row, members, _ in self._table.list(connection)]


def _row(item: WaitingItem) -> str:
    return f"{item.parent}{SEPARATOR}{item.key}"


def _item(row: str, title: str) -> WaitingItem:
    parent, _, key = row.partition(SEPARATOR)
    return WaitingItem(key, parent, title)
