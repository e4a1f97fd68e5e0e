"""The `looks` table: who looks at a plan of OnePlan right now, and whether it was saved again meanwhile."""

import secrets
from dataclasses import replace
from typing import Any

from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError
from azure.data.tables.aio import TableServiceClient

from shared.adapters.storage_clock import StorageClock
from shared.adapters.tables import Table
from shared.ports.changes import Looking
from shared.ports.sync import LostLease

# The row that says until when looks at a plan are put off.
LATER = "later~"


class LookTable:
    """Fulfils `ports.changes.Looks`."""

    def __init__(self, service: TableServiceClient, clock: StorageClock, lease_seconds: float) -> None:
        self._table, self._clock, self._seconds = Table(service, "looks"), clock, lease_seconds

    async def begin(self, connection: str, plan: str) -> Looking | None:
        """Both asking and taking are conditional: who asks in the moment of the end takes it himself."""
        while True:
            found = await self._table.get(connection, plan)
            held = found is not None and float(found[0]["until"]) > self._clock.now()
            try:
                if found is not None and held:
                    if not found[0]["pending"]:
                        await self._table.replace(connection, plan, {**found[0], "pending": True}, found[1])
                    return None
                return await self._taken(connection, plan, found[1] if found else None)
            except (ResourceExistsError, ResourceModifiedError, ResourceNotFoundError):
                continue

    async def _taken(self, connection: str, plan: str, etag: str | None) -> Looking:
        taken = Looking(connection, plan, secrets.token_hex(8), self._clock.now() + self._seconds)
        if etag is None:
            return replace(taken, etag=await self._table.insert(connection, plan, _members(taken)))
        return replace(taken, etag=await self._table.replace(connection, plan, _members(taken), etag))

    async def end(self, looking: Looking) -> Looking | None:
        """The pending mark is cleared in the same write that keeps the right, or that ends it."""
        try:
            await self._table.replace(looking.connection, looking.plan, _members(looking, until=0.0), looking.etag)
        except ResourceModifiedError:
            longer = replace(looking, until=self._clock.now() + self._seconds)
            try:
                return await self._written(longer, _members(longer))
            except LostLease:
                return None
        except ResourceNotFoundError:
            return None
        return None

    async def put_off(self, connection: str, plan: str, until: float | None) -> float:
        row = LATER + plan
        if until is not None:
            await self._table.upsert(connection, row, {"until": until})
            return until
        found = await self._table.get(connection, row)
        return float(found[0]["until"]) if found else 0.0

    async def give_up(self, looking: Looking) -> None:
        try:
            await self._written(looking, _members(looking, until=0.0))
        except LostLease:
            return

    async def _written(self, looking: Looking, members: dict[str, Any]) -> Looking:
        """Written where the row is the caller's still, whoever asked for another round meanwhile."""
        while True:
            found = await self._table.get(looking.connection, looking.plan)
            if found is None or found[0]["token"] != looking.token:
                raise LostLease(f"another looks at plan {looking.plan}")
            try:
                etag = await self._table.replace(looking.connection, looking.plan, members, found[1])
            except (ResourceModifiedError, ResourceNotFoundError):
                continue
            return replace(looking, etag=etag)


def _members(looking: Looking, until: float | None = None) -> dict[str, Any]:
    return {"token": looking.token, "until": looking.until if until is None else until, "pending": False}
