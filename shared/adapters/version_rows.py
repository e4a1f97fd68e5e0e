"""The `versions` table: what each version of a connection's configuration said, without secrets (R12)."""

import json
from collections.abc import Sequence
from datetime import datetime
from hashlib import sha256
from typing import Any

from azure.data.tables.aio import TableServiceClient

from shared.adapters.long_text import joined, split
from shared.adapters.tables import Table
from shared.ports.stored import StoredConnection, Version

# What this process has recorded last, so that the row is written once per version and not with every step of a save.
KEPT_IN_MIND = 1000


class VersionTable:
    """Fulfils `ports.Versions`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "versions")
        self._recorded: dict[tuple[str, int], str] = {}

    async def record(self, connection: StoredConnection, moment: datetime) -> None:
        """The version that the stored connection has is among its versions. Repeatable: it is written after the
        connection's own row, and again with the next write of that row."""
        text = json.dumps(connection.document, ensure_ascii=False)
        key, digest = (connection.id, connection.version), sha256(text.encode()).hexdigest()
        if self._recorded.get(key) == digest:
            return
        row = f"{connection.version:08}"
        found = await self._table.get(connection.id, row)
        if found is None or joined("document", found[0]) != text:
            await self._table.upsert(connection.id, row, {"saved": moment, **split("document", text)})
        if len(self._recorded) >= KEPT_IN_MIND:
            self._recorded.clear()
        self._recorded[key] = digest

    async def list(self, connection: str) -> Sequence[Version]:
        return [_version(row, members) async for row, members, _ in self._table.list(connection)]

    async def get(self, connection: str, number: int) -> Version | None:
        found = await self._table.get(connection, f"{number:08}")
        return _version(f"{number:08}", found[0]) if found else None


def _version(row: str, members: dict[str, Any]) -> Version:
    saved: datetime = members["saved"]
    return Version(int(row), saved, json.loads(joined("document", members)))
