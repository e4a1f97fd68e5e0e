"""The `paused` table: connections that rest, with the reason."""

from azure.core.exceptions import ResourceExistsError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.ports import Pause

PARTITION = "paused"


class PauseTable:
    """Fulfils `ports.Pauses`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "paused")

    async def list(self) -> dict[str, Pause]:
        return {
            key: Pause(row["reason"], row["since"], row.get("probe"), row["probes"])
            async for key, row, _ in self._table.list(PARTITION)
        }

    async def begin(self, connection: str, pause: Pause) -> bool:
        try:
            await self._table.insert(PARTITION, connection, _members(pause))
        except ResourceExistsError:
            return False
        return True

    async def put(self, connection: str, pause: Pause) -> None:
        """Nothing happens where it goes on meanwhile."""
        await self._table.merge(PARTITION, connection, _members(pause))

    async def end(self, connection: str) -> None:
        await self._table.delete(PARTITION, connection)


def _members(pause: Pause) -> dict[str, object]:
    probe = {} if pause.probe is None else {"probe": pause.probe}
    return {"reason": pause.reason[:16_000], "since": pause.since, "probes": pause.probes, **probe}
