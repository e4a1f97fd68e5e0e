"""The `audit` table: who changed a connection, what of it, and when (R43)."""

import json
import secrets
from datetime import datetime

from azure.data.tables.aio import TableServiceClient

from shared.adapters.tables import Table
from shared.ports import Change

# The row key counts down, so that the newest row is the first.
END_OF_TIME = 10**14


class AuditTable:
    """Fulfils `ports.Audit`."""

    def __init__(self, service: TableServiceClient) -> None:
        self._table = Table(service, "audit")

    async def add(self, connection: str, change: Change) -> None:
        members = {
            "at": change.at,
            "who": change.who[:256],
            "action": change.action,
            "paths": json.dumps(change.paths, ensure_ascii=False)[:32_000],
        }
        await self._table.insert(connection, f"{_countdown(change.at)}-{secrets.token_hex(4)}", members)

    async def list(self, connection: str, most: int = 500) -> list[Change]:
        found: list[Change] = []
        async for _, members, _ in self._table.list(connection):
            found.append(Change(members["at"], members["who"], members["action"], _paths(members["paths"])))
            if len(found) == most:
                break
        return found


def _countdown(at: datetime) -> str:
    return f"{END_OF_TIME - int(at.timestamp() * 1000):014}"


def _paths(text: str) -> tuple[str, ...]:
    """A list that was too long for a row is cut off."""
    try:
        return tuple(json.loads(text))
    except ValueError:
        return ("",)
