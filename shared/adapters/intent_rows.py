"""The `intents` table: what is about to be created, so that a restart can find it (design.md, decision 6)."""

from collections.abc import Sequence
from typing import Any

from azure.core.exceptions import ResourceExistsError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.core.recover import Intent


class IntentTable:
    """Fulfils `ports.Intents`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "intents")

    async def note(self, connection: str, key: str, intent: Intent) -> Intent | None:
        try:
            await self._table.insert(connection, key, _members(intent))
        except ResourceExistsError:
            return await self.get(connection, key)
        return None

    async def renew(self, connection: str, key: str, intent: Intent) -> None:
        await self._table.upsert(connection, key, _members(intent))

    async def get(self, connection: str, key: str) -> Intent | None:
        found = await self._table.get(connection, key)
        if found is None:
            return None
        members = found[0]
        return Intent(members["name"], members["type"], members["noted"], members.get("plan", ""))

    async def forget(self, connection: str, keys: Sequence[str]) -> None:
        await self._table.clear(connection, keys)


def _members(intent: Intent) -> dict[str, Any]:
    return {"name": intent.name, "type": intent.type, "noted": intent.noted, "plan": intent.plan}
